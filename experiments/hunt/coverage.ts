// What a hunt's cases exercised: by oracle, in how many cases it had something to judge; and which arrows of the transactions were taken.

import type { OracleVerdict } from '../oracles/oracle.ts'
import { ARROWS, Arrows } from './arrows.ts'
import { PROPERTIES } from './properties.ts'

/** One oracle's share. */
export interface Covered {
  readonly name: string
  readonly section: string
  /** In how many cases it had something to judge. */
  readonly cases: number
  /** How often in all. */
  readonly judged: number
}

/** A coverage as data: what a journal keeps. */
export interface CoverageRecord {
  readonly cases: number
  /** Name, cases, judged. */
  readonly oracles: readonly (readonly [name: string, cases: number, judged: number])[]
  readonly arrows: readonly string[]
}

/** A fold over the verdicts of cases. */
export class Coverage {
  readonly arrows = new Arrows()
  readonly #rows = new Map<string, { name: string; section: string; cases: number; judged: number }>()
  #cases = 0

  /** Takes the verdicts of one case. */
  add(verdicts: readonly OracleVerdict[]): void {
    this.#cases += 1
    for (const { name, section, exercised } of verdicts) {
      const row = this.#row(name, section)
      if (exercised > 0) row.cases += 1
      row.judged += exercised
    }
  }

  /** Takes what others covered. */
  merge({ cases, oracles, arrows }: CoverageRecord): void {
    this.#cases += cases
    for (const [name, cases, judged] of oracles) {
      const row = this.#row(name, PROPERTIES.find((one) => one.name === name)?.section ?? '')
      row.cases += cases
      row.judged += judged
    }
    this.arrows.add(arrows)
  }

  /** How many cases were added. */
  get cases(): number {
    return this.#cases
  }

  /** In the oracles' order. */
  get rows(): readonly Covered[] {
    return [...this.#rows.values()]
  }

  get record(): CoverageRecord {
    const oracles = this.rows.map(({ name, cases, judged }) => [name, cases, judged] as const)
    return { cases: this.#cases, oracles, arrows: this.arrows.taken }
  }

  /** The arrows that no case took. */
  get neverTaken(): readonly string[] {
    const taken = new Set(this.arrows.taken)
    return ARROWS.filter((arrow) => !taken.has(arrow))
  }

  #row(name: string, section: string): { name: string; section: string; cases: number; judged: number } {
    let row = this.#rows.get(name)
    if (row === undefined) {
      row = { name, section, cases: 0, judged: 0 }
      this.#rows.set(name, row)
    }
    return row
  }
}
