// What an experiment can expect, as a table of sentence forms. Each is judged by a fold over the run's records.

import { parseQuantity, printDuration } from '../../platform/units.ts'
import { MEASURES, printMeasure } from '../measures/names.ts'
import { ableForm } from './abilities.ts'
import { EVENTS, enters, hears, receivedBy, sentBy, type Watcher } from './events.ts'
import { type Form, form } from './form.ts'
import { agree, apart, happens, type Judge, near, never, neverAgain, same, times } from './judge.ts'
import { allOracles, oneOracle } from './oracles.ts'
import type { SlotsOf } from './slot.ts'

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
  ableForm(
    ['call'],
    '{node} is never {state}',
    'bob is never ringing',
    'no call of that node reaches the state',
    ({ node, state }) =>
      () =>
        never((record) => record.id.node === node && enters(state)(record), `${node} is ${state}`),
  ),
  ableForm(
    ['hear', 'be heard'],
    '{node} never hears {other}',
    'alice never hears bob',
    'no RTP packet of the other node reaches it',
    ({ node, other }, scope) =>
      () =>
        never(hears(node, other, scope), `${node} hears ${other}`),
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
  form(
    'all oracles hold',
    'all oracles hold',
    'no rule of an RFC that shows on the wire is broken, by the base timers that the topology gives',
    (_, scope) => () => allOracles(scope),
  ),
  form(
    'oracle {oracle} holds',
    'oracle "2xx core" holds',
    'this rule has something to judge, and is not broken',
    ({ oracle }, scope) =>
      () =>
        oneOracle(oracle, scope),
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
      ...(event.check && { check: event.check }),
      make: (slots, scope) => () => {
        const wanted = at(slots).time
        return happens(event.make(slots, scope), (time) => same(time, wanted), `at ${printDuration(wanted, 6)}`)
      },
    },
    {
      text: `${event.text} between {least} and {most}`,
      example: `${event.example} between 1 s and 2 s`,
      says: 'and this is when',
      check: (slots, scope) => {
        const { least, most } = at(slots)
        const words = `${printDuration(most)} and ${printDuration(least)}`
        return least > most ? `the earlier time first: between ${words}` : event.check?.(slots, scope)
      },
      make: (slots, scope) => () => {
        const { least, most } = at(slots)
        const words = `between ${printDuration(least)} and ${printDuration(most)}`
        return happens(event.make(slots, scope), (time) => time >= least && time <= most, words)
      },
    },
  ]
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
