// The INVITE server transaction: RFC 3261 §17.2.1 as corrected by RFC 6026 §7.1 (state accepted, Timer L; no end by transport errors).

import type { Table } from '../../machine/table.ts'
import { doubled, type SipTimers } from './timers.ts'

type State = 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'terminated'
type Event = 'request' | 'INVITE' | 'ACK' | '1xx' | '2xx' | '300-699' | 'transport error' | Timer
type Action =
  | 'pass request'
  | 'pass ACK'
  | 'send response'
  | 'send response again'
  | 'report timeout'
  | 'report transport error'
type Timer = 'G' | 'H' | 'I' | 'L'

/** RFC 6026 Figure 5's server side. `request` is the first INVITE, `INVITE` each copy of it. */
// biome-ignore format: a table
export const inviteServer = {
  name: 'inviteServer',
  initial: 'proceeding',
  final: 'terminated',
  timers: {
    proceeding: [],
    completed:  ['G', 'H'],
    confirmed:  ['I'],
    accepted:   ['L'],
    terminated: [],
  },
  rows: [
    ['proceeding', 'request',         ['pass request'],           'proceeding'], // §17.2.1
    ['proceeding', 'INVITE',          ['send response again'],    'proceeding'], // §17.2.1: the latest provisional, if there is one
    ['proceeding', '1xx',             ['send response'],          'proceeding'], // §17.2.1
    ['proceeding', '2xx',             ['send response'],          'accepted'],   // RFC 6026 §8.7
    ['proceeding', '300-699',         ['send response'],          'completed'],  // §17.2.1
    ['proceeding', 'transport error', ['report transport error'], 'proceeding'], // RFC 6026 §8.8
    ['completed',  'INVITE',          ['send response again'],    'completed'],  // §17.2.1
    ['completed',  'G',               ['send response again'],    'completed'],  // §17.2.1
    ['completed',  'H',               ['report timeout'],         'terminated'], // §17.2.1
    ['completed',  'ACK',             [],                         'confirmed'],  // §17.2.1
    ['completed',  'transport error', ['report transport error'], 'completed'],  // RFC 6026 §8.8
    ['confirmed',  'I',               [],                         'terminated'], // §17.2.1
    ['accepted',   'INVITE',          [],                         'accepted'],   // RFC 6026 §7.1
    ['accepted',   '2xx',             ['send response'],          'accepted'],   // RFC 6026 §7.1: the core's copies
    ['accepted',   'ACK',             ['pass ACK'],               'accepted'],   // RFC 6026 §7.1
    ['accepted',   'transport error', ['report transport error'], 'accepted'],   // RFC 6026 §8.8
    ['accepted',   'L',               [],                         'terminated'], // RFC 6026 §7.1
  ],
} as const satisfies Table<State, Event, Action, Timer>

/** How long its timers run, ms (§17.2.1, Table 4). L is 64·T1 on every transport. */
export function inviteServerMs(timer: Timer, nth: number, { t1Ms, t2Ms, t4Ms }: SipTimers, reliable: boolean): number {
  switch (timer) {
    case 'G':
      return reliable ? Number.POSITIVE_INFINITY : doubled(t1Ms, nth, t2Ms)
    case 'I':
      return reliable ? 0 : t4Ms
    case 'H':
    case 'L':
      return 64 * t1Ms
  }
}
