// What an experiment can expect, as a table of sentence forms. Each is judged by a fold over the run's records.

import type { TraceRecord } from '../../platform/trace.ts'
import { parseQuantity, printDuration } from '../../platform/units.ts'
import { MEASURES, type MeasureName, printMeasure } from '../measures/names.ts'
import { EVENTS, enters, type Hindsight, receivedBy, sentBy, type Watch, type Watcher } from './events.ts'
import { type Form, form } from './form.ts'
import type { Count, SlotsOf } from './slot.ts'

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
  /** At the run's end. */
  verdict(measured: Measured): Verdict
}

/** Two times agree to the millisecond. */
const TOLERANCE_NS = 500_000

/** Every expectation. */
export const EXPECTATIONS: readonly Form<() => Judge>[] = [
  ...EVENTS.flatMap(withTimes),
  form(
    'call is never {state}',
    'call is never established',
    'no call of any node reaches the state',
    ({ state }) =>
      () =>
        never(enters(state), `is ${state}`),
  ),
  form(
    '{node} is never {state}',
    'bob is never ringing',
    'no call of that node reaches the state',
    ({ node, state }) =>
      () =>
        never((record) => record.id.node === node && enters(state)(record), `${node} is ${state}`),
  ),
  form(
    '{label} is never sent',
    '487 INVITE is never sent',
    'no node sends such a message',
    ({ label }) =>
      () =>
        never((record) => record.kind === 'sent' && record.packet.label.name === label, `${label} is sent`),
  ),
  form(
    '{label} is never sent by {node}',
    'CANCEL is never sent by alice',
    'that node never does',
    ({ label, node }) =>
      () =>
        never(sentBy(node, label), `${label} is sent`),
  ),
  form(
    '{label} is never received by {node}',
    '408 INVITE is never received by alice',
    'none reaches that node',
    ({ label, node }) =>
      () =>
        never(receivedBy(node, label), `${label} is received`),
  ),
  form(
    '{label} is never sent again',
    'INVITE is never sent again',
    'no node sends such a message a second time',
    ({ label }) =>
      () =>
        neverAgain(label),
  ),
  form(
    'nothing is lost',
    'nothing is lost',
    'no packet that the trace shows ends before its destination',
    () => () => never((record) => record.kind === 'lost', 'lost'),
  ),
  form(
    '{label} is sent {count} by {node}',
    'INVITE is sent once by alice',
    'so often in the whole run',
    ({ label, count, node }) =>
      () =>
        times(sentBy(node, label), count, () => undefined),
  ),
  form(
    '{label} is received {count} by {node}',
    'INVITE is received once by bob',
    'so often in the whole run',
    ({ label, count, node }) =>
      () =>
        times(receivedBy(node, label), count, () => undefined),
  ),
  form(
    '{label} is sent {count} by {node}, {duration} apart',
    '200 INVITE is sent twice by bob, 500 ms apart',
    'and each follows the one before after that time',
    ({ label, count, node, duration }) =>
      () =>
        times(sentBy(node, label), count, (at) => apart(at, duration)),
  ),
  form(
    '{label} is sent {count} by {node}, at {times}',
    'INVITE is sent 3 times by alice, at 0 s, 500 ms and 1.5 s',
    'at exactly these times of the run',
    ({ label, count, node, times: wanted }) =>
      () =>
        times(sentBy(node, label), count, (at) => agree(at, wanted)),
  ),
  form(
    '{label} is sent {count} by {node}, at {times} after the first',
    'INVITE is sent 3 times by proxy, at 0 s, 500 ms and 1.5 s after the first',
    'counted from the first of them',
    ({ label, count, node, times: wanted }) =>
      () =>
        times(sentBy(node, label), count, (at) =>
          agree(
            at.map((one) => one - at[0]!),
            wanted,
          ),
        ),
  ),
  form(
    '{number} SIP messages are sent',
    '10 SIP messages are sent',
    'by all nodes together, repeats included',
    ({ number }) =>
      () =>
        times(
          (record) => record.kind === 'sent' && record.packet.label.call !== undefined,
          { least: number, most: number },
          () => undefined,
        ),
  ),
  compared(
    '{measure} is below {quantity}',
    'post-dial delay is below 500 ms',
    'the measure of the run',
    (a, b) => a < b,
  ),
  compared('{measure} is at least {quantity}', 'loss is at least 1 %', 'the measure of the run', (a, b) => a >= b),
  compared('{measure} is {quantity}', 'loss is 0 %', 'to a thousandth of it', near),
]

/** An event may happen at any time, at one time, between two, or within so long of the start. */
function withTimes(event: Form<Watcher>): readonly Form<() => Judge>[] {
  const at = (slots: unknown): SlotsOf<'{time} {least} {most}'> => slots as SlotsOf<'{time} {least} {most}'>
  return [
    { ...event, make: (slots, scope) => () => happens(event.make(slots, scope), () => true, 'at any time') },
    {
      text: `${event.text} at {time}`,
      example: `${event.example} at 1.5 s`,
      says: 'and this is when, to the millisecond',
      make: (slots, scope) => () => {
        const wanted = at(slots).time
        return happens(event.make(slots, scope), (time) => same(time, wanted), `at ${printDuration(wanted, 6)}`)
      },
    },
    {
      text: `${event.text} between {least} and {most}`,
      example: `${event.example} between 1 s and 2 s`,
      says: 'and this is when',
      make: (slots, scope) => () => {
        const { least, most } = at(slots)
        const words = `between ${printDuration(least)} and ${printDuration(most)}`
        return happens(event.make(slots, scope), (time) => time >= least && time <= most, words)
      },
    },
  ]
}

function happens(watcher: Watcher, when: (at: number) => boolean, words: string): Judge {
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

function never(test: Watch, words: string): Judge {
  let first: TraceRecord | undefined
  return {
    see: (record, hindsight) => {
      if (first === undefined && test(record, hindsight)) first = record
    },
    verdict: () =>
      first === undefined
        ? { state: 'held', because: 'it never did' }
        : { state: 'failed', because: `${words} at ${printDuration(first.at, 6)}, ${first.id.node}` },
  }
}

function neverAgain(label: string): Judge {
  const sends: Watch = (record, hindsight) =>
    record.kind === 'sent' && record.packet.label.name === label && hindsight.again(record.id) !== undefined
  return never(sends, `${label} is sent again`)
}

/** Counts, and checks the times of all: `wrong` says what does not fit. */
function times(
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

function apart(at: readonly number[], wanted: number): string | undefined {
  const gaps = at.slice(1).map((one, i) => one - at[i]!)
  const bad = gaps.find((gap) => !same(gap, wanted))
  return bad === undefined ? undefined : `${printDuration(bad, 6)} apart`
}

function agree(at: readonly number[], wanted: readonly number[]): string | undefined {
  if (at.length !== wanted.length) return `${wanted.length} times were expected`
  const bad = at.findIndex((one, i) => !same(one, wanted[i]!))
  return bad < 0
    ? undefined
    : `the ${bad + 1}. is at ${printDuration(at[bad]!, 6)}, not ${printDuration(wanted[bad]!, 6)}`
}

function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE_NS
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.abs(b) / 1000
}

type Compared = SlotsOf<'{measure} {quantity}'>

function compared(
  text: string,
  example: string,
  says: string,
  holds: (measured: number, wanted: number) => boolean,
): Form<() => Judge> {
  const wantedOf = ({ measure, quantity }: Compared) => parseQuantity(MEASURES[measure].unit, quantity)
  return {
    ...{ text, example, says },
    check: (slots) => {
      const wanted = wantedOf(slots as Compared)
      return wanted.ok ? undefined : wanted.issue.expected
    },
    make: (slots) => () => ({
      see: () => {},
      verdict: (measured) => {
        const { measure } = slots as Compared
        const value = measured[measure]
        const wanted = wantedOf(slots as Compared)
        if (value === undefined || !wanted.ok) return { state: 'open', because: 'there was nothing to measure' }
        return {
          state: holds(value, wanted.value) ? 'held' : 'failed',
          because: `it is ${printMeasure(measure, value)}`,
        }
      },
    }),
  }
}
