// What a hunt's cases exercised: by oracle, in how many cases it had something to judge.

import type { OracleVerdict } from '../oracles/oracle.ts'

/** One oracle's share. */
export interface Covered {
  readonly name: string
  readonly section: string
  /** In how many cases it had something to judge. */
  readonly cases: number
  /** How often in all. */
  readonly judged: number
}

/** A fold over the verdicts of cases. */
export class Coverage {
  readonly #rows = new Map<string, { name: string; section: string; cases: number; judged: number }>()
  #cases = 0

  /** Takes the verdicts of one case. */
  add(verdicts: readonly OracleVerdict[]): void {
    this.#cases += 1
    for (const { name, section, exercised } of verdicts) {
      let row = this.#rows.get(name)
      if (row === undefined) {
        row = { name, section, cases: 0, judged: 0 }
        this.#rows.set(name, row)
      }
      if (exercised > 0) row.cases += 1
      row.judged += exercised
    }
  }

  /** How many cases were added. */
  get cases(): number {
    return this.#cases
  }

  /** In the oracles' order. */
  get rows(): readonly Covered[] {
    return [...this.#rows.values()]
  }
}
