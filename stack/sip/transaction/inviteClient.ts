// The INVITE client transaction: RFC 3261 §17.1.1 as corrected by RFC 6026 §7.2 (state accepted, Timer M).

import type { Table } from '../../machine/table.ts'
import { doubled, type SipTimers } from './timers.ts'

type State = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated'
type Event = 'request' | '1xx' | '2xx' | '300-699' | 'transport error' | 'CANCEL unanswered' | Timer
type Action = 'send request' | 'send ACK' | 'pass response' | 'report timeout' | 'report transport error'
type Timer = 'A' | 'B' | 'D' | 'M'

/** RFC 6026 Figure 5's client side. `CANCEL unanswered`: 64·T1 after a CANCEL there is still no final response (§9.1). */
// biome-ignore format: a table
export const inviteClient = {
  name: 'inviteClient',
  initial: 'calling',
  final: 'terminated',
  timers: {
    calling:    ['A', 'B'],
    proceeding: [],
    completed:  ['D'],
    accepted:   ['M'],
    terminated: [],
  },
  rows: [
    ['calling',    'request',           ['send request'],              'calling'],    // §17.1.1.2
    ['calling',    'A',                 ['send request'],              'calling'],    // §17.1.1.2
    ['calling',    'B',                 ['report timeout'],            'terminated'], // §17.1.1.2
    ['calling',    '1xx',               ['pass response'],             'proceeding'], // §17.1.1.2
    ['calling',    '2xx',               ['pass response'],             'accepted'],   // RFC 6026 §8.4
    ['calling',    '300-699',           ['send ACK', 'pass response'], 'completed'],  // §17.1.1.2
    ['calling',    'transport error',   ['report transport error'],    'terminated'], // §17.1.4
    ['proceeding', '1xx',               ['pass response'],             'proceeding'], // §17.1.1.2
    ['proceeding', '2xx',               ['pass response'],             'accepted'],   // RFC 6026 §8.4
    ['proceeding', '300-699',           ['send ACK', 'pass response'], 'completed'],  // §17.1.1.2
    ['proceeding', 'CANCEL unanswered', ['report timeout'],            'terminated'], // §9.1
    ['completed',  '300-699',           ['send ACK'],                  'completed'],  // §17.1.1.2
    ['completed',  'transport error',   ['report transport error'],    'terminated'], // §17.1.1.2
    ['completed',  'D',                 [],                            'terminated'], // §17.1.1.2
    ['accepted',   '2xx',               ['pass response'],             'accepted'],   // RFC 6026 §8.4
    ['accepted',   'M',                 [],                            'terminated'], // RFC 6026 §8.4
  ],
} as const satisfies Table<State, Event, Action, Timer>

/** How long its timers run, ms (§17.1.1.2, Table 4). A doubles without T2's cap; D is at least 32 s, and 64·T1 where that is longer. */
export function inviteClientMs(timer: Timer, nth: number, { t1Ms }: SipTimers, reliable: boolean): number {
  switch (timer) {
    case 'A':
      return reliable ? Number.POSITIVE_INFINITY : doubled(t1Ms, nth)
    case 'D':
      return reliable ? 0 : Math.max(32_000, 64 * t1Ms)
    case 'B':
    case 'M':
      return 64 * t1Ms
  }
}
