// A hunt under way: draws the cases one after the other, judges them, does some of them twice, and finds those that break a rule.

import { setImmediate } from 'node:timers/promises'
import { type Arbitrary, asyncProperty, check, sample } from 'fast-check'
import { counted } from '../../platform/counted.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import type { Case } from '../campaigns/campaign.ts'
import { ARROWS } from '../hunt/arrows.ts'
import type { Court } from '../hunt/court.ts'
import { Coverage } from '../hunt/coverage.ts'
import { PROPERTIES } from '../hunt/properties.ts'
import { Ending, EXIT } from './exit.ts'
import type { Journal, JournalFailure } from './journal.ts'
import { sameTwice } from './sameTwice.ts'
import type { Terminal } from './terminal.ts'
import { watched } from './tripwires.ts'

const BREATHE_EVERY_MS = 50
const PROGRESS_EVERY_MS = 500
/** One case in so many is run a second time, and compared. */
const TWICE_IN = 20

/** A case that breaks a rule, as small as fast-check makes it. */
export interface Caught {
  readonly case: Case
  /** The case that gave it away, from 0. */
  readonly index: number
  readonly path: string
  readonly shrinks: number
  readonly oracle: string
}

export interface ChaseOptions {
  readonly cases: Arbitrary<Case>
  readonly court: Court
  readonly seed: number
  readonly runs: number
  /** The only property that counts; absent: all. */
  readonly property?: string | undefined
  readonly terminal: Terminal
  readonly quiet: boolean
  readonly journal?: Journal | undefined
}

/** Search; keep what was found; search again. */
export class Chase {
  readonly coverage = new Coverage()
  readonly failures: JournalFailure[] = []
  readonly #options: ChaseOptions
  readonly #startedMs = performance.now()
  #breathedMs = performance.now()
  #shownMs = 0
  /** Cases that were done before this process began. */
  readonly #before: number
  /** All cases below are done and written down. */
  #done = 0
  /** What is done and not yet written down. */
  #batch = new Coverage()
  #prey: string | undefined
  #interrupted = false
  /** What is to end the hunt. */
  #ending: unknown
  #stopped = false

  constructor(options: ChaseOptions) {
    this.#options = options
    for (const { to, coverage, failed } of options.journal?.lines ?? []) {
      this.#done = to
      this.coverage.merge(coverage)
      if (failed !== undefined) this.failures.push(failed)
    }
    this.#before = this.#done
  }

  /** How many cases are done. */
  get done(): number {
    return this.#done
  }

  /** Goes on to the next case that breaks a rule of which no failure is known; undefined where the cases are at their end. */
  async search(path = ''): Promise<Caught | undefined> {
    const { cases, seed, runs } = this.#options
    const interrupt = (): void => {
      this.#interrupted = true
    }
    process.once('SIGINT', interrupt)
    process.once('SIGTERM', interrupt)
    this.#prey = undefined
    const from = path === '' && this.#done > 0 ? String(this.#done) : path
    const numRuns = path === '' ? runs - this.#done : runs
    try {
      const details = await check(
        asyncProperty(cases, (some) => this.#try(some)),
        { seed, path: from, numRuns },
      )
      await setImmediate()
      if (this.#ending !== undefined) throw this.#ending
      if (this.#interrupted)
        throw new Ending(
          EXIT.interrupted,
          `interrupted after ${counted(this.coverage.cases + this.#batch.cases, 'case')}`,
        )
      if (details.counterexample === null) return undefined
      const { counterexamplePath } = details
      return {
        case: details.counterexample[0],
        index: Number.parseInt(counterexamplePath, 10),
        path: counterexamplePath,
        shrinks: details.numShrinks,
        oracle: this.#prey ?? '',
      }
    } finally {
      this.#write()
      if (this.#shownMs > 0 && this.#options.terminal.live) this.#options.terminal.err(`\r${' '.repeat(LINE)}\r`)
      process.removeListener('SIGINT', interrupt)
      process.removeListener('SIGTERM', interrupt)
    }
  }

  /** The case at the path's end, made smaller if it breaks a rule; undefined where it holds. Ends with exit 2 where the path leads to none. */
  async replay(path: string): Promise<Caught | undefined> {
    const { cases, seed } = this.#options
    const [some] = sample(cases, { seed, path, numRuns: 1 })
    if (some === undefined) {
      const hint = 'copy the whole of what a hunt printed after "again:", its seed and campaign too'
      throw new Ending(EXIT.input, `--path: ${path} leads to no case with seed ${seed}: ${hint}`)
    }
    const holds = await this.#try(some)
    if (this.#ending !== undefined) throw this.#ending
    this.#write()
    return holds ? undefined : this.search(path)
  }

  /** What was found is written down: the search goes on behind it, and its rule is no news any more. */
  keep(failed: JournalFailure): void {
    this.failures.push(failed)
    this.#batch.add(this.#failing)
    this.#write(failed)
  }

  /** The verdicts of the case that failed. */
  #failing: Parameters<Coverage['add']>[0] = []

  /** False where the case breaks a rule: while shrinking, the rule that was broken first. */
  async #try(some: Case): Promise<boolean> {
    if (this.#interrupted || this.#ending !== undefined) return this.#stop()
    const { court, property } = this.#options
    const searching = this.#prey === undefined
    const verdicts = this.#judge(some, searching)
    const violated = verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)
    const news = violated.find((name) =>
      property === undefined ? !this.failures.some(({ oracle }) => oracle === name) : name === property,
    )
    if (searching && news === undefined) {
      const index = this.#done + this.#batch.cases
      this.#batch.add(verdicts)
      if (index % TWICE_IN === 0) this.#guarded(() => sameTwice(court, some, this.#options.terminal))
    } else if (searching) {
      this.#failing = verdicts
      this.#prey = news
    }
    const nowMs = performance.now()
    if (nowMs - this.#breathedMs >= BREATHE_EVERY_MS) {
      this.#breathedMs = nowMs
      this.#write()
      this.#show(nowMs)
      await setImmediate()
    }
    return this.#prey === undefined || !violated.includes(this.#prey)
  }

  #judge(some: Case, searching: boolean): ReturnType<Court['try']> {
    const { court } = this.#options
    const { arrows } = this.#batch
    const sinks = searching ? [(record: TraceRecord) => arrows.record(record)] : []
    return this.#guarded(() => watched(() => court.try(some, sinks))) ?? []
  }

  /** What ends the whole hunt must not be taken for a case that fails. */
  #guarded<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      this.#ending = error
      return undefined
    }
  }

  /** One case that fails, and nothing that could be smaller: so fast-check is at its end soonest. */
  #stop(): boolean {
    const first = !this.#stopped
    this.#stopped = true
    return !first
  }

  /** Writes the batch down, with the failure of its last case if it is one. */
  #write(failed?: JournalFailure): void {
    const { cases } = this.#batch
    if (cases === 0) return
    const coverage = this.#batch.record
    const to = this.#done + cases
    this.#options.journal?.append({ from: this.#done, to, coverage, ...(failed && { failed }) })
    this.#done = to
    this.coverage.merge(coverage)
    this.#batch = new Coverage()
  }

  #show(nowMs: number): void {
    const { terminal, quiet, runs } = this.#options
    const every = terminal.live ? PROGRESS_EVERY_MS : 10 * PROGRESS_EVERY_MS
    if (quiet || nowMs - Math.max(this.#shownMs, this.#startedMs) < every) return
    this.#shownMs = nowMs
    const rate = Math.round((this.coverage.cases - this.#before) / ((nowMs - this.#startedMs) / 1000))
    const rules = this.coverage.rows.filter(({ cases }) => cases > 0).length
    const found = this.failures.length === 0 ? 'all green' : counted(this.failures.length, 'failure')
    const text =
      this.#prey === undefined
        ? `${this.#done} of ${runs} cases, ${rate} a second, ${found}; ${rules} of ${PROPERTIES.length} rules, ${this.coverage.arrows.taken.length} of ${ARROWS.length} arrows`
        : `case ${this.#done + 1} breaks ${this.#prey}: making it smaller`
    terminal.err(terminal.live ? `\r${text.padEnd(LINE)}` : `${text}\n`)
  }
}

const LINE = 100
