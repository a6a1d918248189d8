// The non-INVITE client transaction: RFC 3261 §17.1.2.

import type { Table } from '../../machine/table.ts'
import { doubled, type SipTimers } from './timers.ts'

type State = 'trying' | 'proceeding' | 'completed' | 'terminated'
type Event = 'request' | '1xx' | '200-699' | 'transport error' | Timer
type Action = 'send request' | 'pass response' | 'report timeout' | 'report transport error'
type Timer = 'E' | 'F' | 'K'

/** RFC 3261 Figure 6. A 1xx does not stop Timer F; E goes on at T2. */
// biome-ignore format: a table
export const nonInviteClient = {
  name: 'nonInviteClient',
  initial: 'trying',
  final: 'terminated',
  timers: {
    trying:     ['E', 'F'],
    proceeding: ['E', 'F'],
    completed:  ['K'],
    terminated: [],
  },
  rows: [
    ['trying',     'request',         ['send request'],           'trying'],     // §17.1.2.2
    ['trying',     'E',               ['send request'],           'trying'],     // §17.1.2.2
    ['trying',     'F',               ['report timeout'],         'terminated'], // §17.1.2.2
    ['trying',     '1xx',             ['pass response'],          'proceeding'], // §17.1.2.2
    ['trying',     '200-699',         ['pass response'],          'completed'],  // §17.1.2.2
    ['trying',     'transport error', ['report transport error'], 'terminated'], // §17.1.4
    ['proceeding', 'E',               ['send request'],           'proceeding'], // §17.1.2.2
    ['proceeding', 'F',               ['report timeout'],         'terminated'], // §17.1.2.2
    ['proceeding', '1xx',             ['pass response'],          'proceeding'], // Figure 6
    ['proceeding', '200-699',         ['pass response'],          'completed'],  // §17.1.2.2
    ['proceeding', 'transport error', ['report transport error'], 'terminated'], // §17.1.4
    ['completed',  'K',               [],                         'terminated'], // §17.1.2.2
  ],
} as const satisfies Table<State, Event, Action, Timer>

/** How long its timers run, ms (§17.1.2.2, Table 4). E doubles up to T2, and is T2 as soon as there was a 1xx. */
export function nonInviteClientMs(
  timer: Timer,
  nth: number,
  { t1Ms, t2Ms, t4Ms }: SipTimers,
  reliable: boolean,
  state: State,
): number {
  switch (timer) {
    case 'E':
      if (reliable) return Number.POSITIVE_INFINITY
      return state === 'proceeding' ? t2Ms : doubled(t1Ms, nth, t2Ms)
    case 'F':
      return 64 * t1Ms
    case 'K':
      return reliable ? 0 : t4Ms
  }
}
