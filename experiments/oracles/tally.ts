// What one oracle has found so far.

import type { Conditions, Oracle, OracleVerdict, Proof, Trial, Violation } from './oracle.ts'

const LISTED = 100

/** Counts, and keeps the first hundred violations. */
export class Tally implements Trial {
  readonly conditions: Conditions
  readonly #violations: Violation[] = []
  #exercised = 0
  #count = 0

  constructor(conditions: Conditions) {
    this.conditions = conditions
  }

  exercised(): void {
    this.#exercised += 1
  }

  violated(at: number, proofs: readonly Proof[], sentence: string): void {
    this.#count += 1
    if (this.#violations.length >= LISTED) return
    const [first] = proofs
    const named = [...new Set(proofs.map(({ proof }) => proof))]
    const where =
      first === undefined
        ? ''
        : first.message === undefined
          ? `${first.party}: `
          : `${first.party}, call ${first.message.callId}: `
    this.#violations.push({ at, proofs: named, sentence: `${where}${sentence}` })
  }

  /** How the oracle stands. */
  verdict({ name, section, says }: Oracle): OracleVerdict {
    const exercised = Math.max(this.#exercised, this.#count)
    const state = this.#count > 0 ? 'violated' : exercised > 0 ? 'holds' : 'not exercised'
    return { name, section, says, state, exercised, count: this.#count, violations: this.#violations }
  }
}
