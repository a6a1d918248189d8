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

  /** The packet was late by chance, or early: ns; nothing is noted for 0. */
  late(where: string, ordinal: number, jitterNs: number, stage: FaultStage = 'medium'): void {
    if (jitterNs !== 0) this.#note(where, ordinal, { jitterNs }, stage)
  }

  /** The packet was held back by chance, ns. At stage `slot`: the slot of this number opened so much later. */
  delayed(where: string, ordinal: number, delayNs: number, stage: FaultStage = 'medium'): void {
    this.#note(where, ordinal, { delayNs }, stage)
  }

  /** netem sent the packet at once, by chance. */
  ahead(where: string, ordinal: number): void {
    this.#note(where, ordinal, { ahead: true }, 'netem')
  }

  /** A copy was made by chance, to arrive so much later, ns. */
  duplicated(where: string, ordinal: number, duplicateAfterNs: number, stage: FaultStage = 'medium'): void {
    this.#note(where, ordinal, { duplicateAfterNs }, stage)
  }

  /** A bit was turned over by chance: of the payload, or of a header. */
  corrupted(where: string, ordinal: number, corrupt: number | 'IP' | 'transport', stage: FaultStage = 'medium'): void {
    const action = typeof corrupt === 'number' ? { corruptBit: corrupt } : { corruptHeader: corrupt }
    this.#note(where, ordinal, action, stage)
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
