// The folds that judge expectations: each sees a run's records in order, and says at the end how things stand.

import type { TraceRecord } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { MeasureName } from '../measures/names.ts'
import type { Hindsight, Watch, Watcher } from './events.ts'
import type { Count } from './slot.ts'

/** How an expectation stands at the end of a run, and the facts behind it. `open`: what it waits for never came. */
export interface Verdict {
  readonly state: 'held' | 'failed' | 'open'
  readonly because: string
}

/** What a run measured; a measure that had nothing to measure is absent. */
export type Measured = Readonly<Partial<Record<MeasureName, number>>>

/** A fold over the run's records, in their order. */
export interface Judge {
  see(record: TraceRecord, hindsight: Hindsight): void
  /** At the run's end. `until`: how far was seen, ns: what never came by then never came; default the last record. */
  verdict(measured: Measured, until?: number): Verdict
}

/** Two times agree to the millisecond. */
const TOLERANCE_NS = 500_000

/** An event at a time that `when` accepts; `words` say which. */
export function happens(watcher: Watcher, when: (at: number) => boolean, words: string): Judge {
  const watch = watcher()
  let held: number | undefined
  let other: number | undefined
  return {
    see: (record, hindsight) => {
      if (held !== undefined || !watch(record, hindsight)) return
      if (when(record.at)) held = record.at
      else other ??= record.at
    },
    verdict: () => {
      if (held !== undefined) return { state: 'held', because: `at ${printDuration(held, 6)}` }
      if (other === undefined) return { state: 'open', because: 'it never happened' }
      return { state: 'failed', because: `it happened at ${printDuration(other, 6)}, not ${words}` }
    },
  }
}

/** Nothing that `test` is true of; `words` say what that would be. */
export function never(test: Watch, words: string): Judge {
  let first: TraceRecord | undefined
  return {
    see: (record, hindsight) => {
      if (first === undefined && test(record, hindsight)) first = record
    },
    verdict: () =>
      first === undefined
        ? { state: 'held', because: 'it never happened' }
        : { state: 'failed', because: `${words} at ${printDuration(first.at, 6)}, ${first.id.node}` },
  }
}

/** No message of this label that repeats one. */
export function neverAgain(label: string): Judge {
  const sends: Watch = (record, hindsight) =>
    record.kind === 'sent' && record.packet.label.name === label && hindsight.again(record.id) !== undefined
  return never(sends, `${label} is sent again`)
}

/** Counts, and checks the times of all: `wrong` says what does not fit. */
export function times(
  test: (record: TraceRecord) => boolean,
  count: Count,
  wrong: (at: readonly number[]) => string | undefined,
): Judge {
  const at: number[] = []
  let number = 0
  return {
    see: (record) => {
      if (!test(record)) return
      number++
      if (at.length < 1000) at.push(record.at)
    },
    verdict: () => {
      const words = `${number} ${number === 1 ? 'time' : 'times'}${number === 0 ? '' : `, at ${printTimes(at)}`}`
      if (number < count.least) return { state: 'open', because: words }
      if (number > count.most) return { state: 'failed', because: words }
      const complaint = wrong(at)
      return complaint === undefined
        ? { state: 'held', because: words }
        : { state: 'failed', because: `${words}: ${complaint}` }
    },
  }
}

function printTimes(at: readonly number[]): string {
  const shown = at.slice(0, 12).map((one) => printDuration(one, 6))
  return `${shown.join(', ')}${at.length > shown.length ? ', …' : ''}`
}

/** What is wrong if times do not follow each other after `wanted` ns; undefined if they do. */
export function apart(at: readonly number[], wanted: number): string | undefined {
  const gaps = at.slice(1).map((one, i) => one - at[i]!)
  const bad = gaps.find((gap) => !same(gap, wanted))
  return bad === undefined ? undefined : `${printDuration(bad, 6)} apart`
}

/** What is wrong if times are not those wanted. */
export function agree(at: readonly number[], wanted: readonly number[]): string | undefined {
  if (at.length !== wanted.length) return `${wanted.length} times were expected`
  const bad = at.findIndex((one, i) => !same(one, wanted[i]!))
  return bad < 0
    ? undefined
    : `the ${bad + 1}. is at ${printDuration(at[bad]!, 6)}, not ${printDuration(wanted[bad]!, 6)}`
}

/** Times agree to the millisecond. */
export function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE_NS
}

/** Numbers agree to a thousandth. */
export function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.abs(b) / 1000
}
