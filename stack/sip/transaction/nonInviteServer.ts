// The non-INVITE server transaction: RFC 3261 §17.2.2 as corrected by RFC 4320 and RFC 6026 (no end by transport errors).

import type { Table } from '../../machine/table.ts'
import { firstTryingMs, type SipTimers } from './timers.ts'

type State = 'trying' | 'proceeding' | 'completed' | 'terminated'
type Event = 'request' | 'copy' | '1xx' | '200-699' | 'no answer' | 'transport error' | Timer
type Action = 'pass request' | 'send 100' | 'send response' | 'send response again' | 'report transport error'
type Timer = 'J' | '100'

/**
 * RFC 3261 Figure 8. `request` is the first one, `copy` each repetition. `no answer`: the user will never respond, since the 408
 * that it would send is forbidden (RFC 4320 §4.2). Timer `100` sends the 100 that RFC 4320 §4.1 orders when nothing else was said.
 */
// biome-ignore format: a table
export const nonInviteServer = {
  name: 'nonInviteServer',
  initial: 'trying',
  final: 'terminated',
  timers: {
    trying:     ['100'],
    proceeding: [],
    completed:  ['J'],
    terminated: [],
  },
  rows: [
    ['trying',     'request',         ['pass request'],           'trying'],     // §17.2.2
    ['trying',     '100',             ['send 100'],               'proceeding'], // RFC 4320 §4.1
    ['trying',     '1xx',             ['send response'],          'proceeding'], // §17.2.2
    ['trying',     '200-699',         ['send response'],          'completed'],  // §17.2.2
    ['trying',     'no answer',       [],                         'terminated'], // RFC 4320 §4.2
    ['proceeding', 'copy',            ['send response again'],    'proceeding'], // §17.2.2
    ['proceeding', '1xx',             ['send response'],          'proceeding'], // §17.2.2
    ['proceeding', '200-699',         ['send response'],          'completed'],  // §17.2.2
    ['proceeding', 'no answer',       [],                         'terminated'], // RFC 4320 §4.2
    ['proceeding', 'transport error', ['report transport error'], 'proceeding'], // RFC 6026 §8.8
    ['completed',  'copy',            ['send response again'],    'completed'],  // §17.2.2
    ['completed',  'transport error', ['report transport error'], 'completed'],  // RFC 6026 §8.8
    ['completed',  'J',               [],                         'terminated'], // §17.2.2
  ],
} as const satisfies Table<State, Event, Action, Timer>

/** How long its timers run, ms (§17.2.2, Table 4; `100` as RFC 4320 §4.1 says: 3500 by default). */
export function nonInviteServerMs(timer: Timer, timers: SipTimers, reliable: boolean): number {
  switch (timer) {
    case '100':
      return firstTryingMs(timers)
    case 'J':
      return reliable ? 0 : 64 * timers.t1Ms
  }
}
