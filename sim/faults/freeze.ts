// Freezing a run: every decision that its links took by chance becomes an entry of a fault tape, to be replayed with the chance off.

import type { LossCause } from '../../platform/trace.ts'
import type { FaultAction, FaultRule, FaultStage } from './rule.ts'

/** Notes chance's decisions as they fall. A network that is not to be frozen has none, and pays nothing. */
export class ChanceLog {
  readonly #rules: FaultRule[] = []

  /** The packet was lost by chance. `ordinal` is its number, from 1, on the direction `where`. */
  lost(where: string, ordinal: number, why: LossCause, stage: FaultStage = 'medium'): void {
    this.#note(where, ordinal, { drop: true, why }, stage)
  }

  /** The packet was late by chance, ns; nothing is noted for 0. */
  late(where: string, ordinal: number, jitterNs: number): void {
    if (jitterNs !== 0) this.#note(where, ordinal, { jitterNs }, 'medium')
  }

  /** A copy was made by chance, to arrive so much later, ns. */
  duplicated(where: string, ordinal: number, duplicateAfterNs: number): void {
    this.#note(where, ordinal, { duplicateAfterNs }, 'medium')
  }

  /** A bit was turned over by chance. */
  corrupted(where: string, ordinal: number, corruptBit: number): void {
    this.#note(where, ordinal, { corruptBit }, 'medium')
  }

  /**
   * The tape so far. Law: the same world, calm, with the faults that it had and these, has the same digests;
   * and taking one entry away changes no other decision of chance.
   */
  tape(): readonly FaultRule[] {
    return [...this.#rules]
  }

  #note(where: string, ordinal: number, action: FaultAction, stage: FaultStage): void {
    this.#rules.push({ where, ...(stage === 'medium' ? {} : { stage }), match: { ordinal }, action })
  }
}
