// One branch of a forwarded request, as its proxy sees it: RFC 3261 §16.6 step 11, §16.7 step 2, §16.8, §16.10.

import type { Table } from '../../machine/table.ts'

type State = 'calling' | 'proceeding' | 'cancelled' | 'done'
type Event = '100' | '101-199' | '2xx' | '300-699' | 'timeout' | 'transport error' | 'cancel' | 'not sent' | Timer
type Action = 'restart C' | 'forward' | 'keep' | 'keep 408' | 'keep 487' | 'keep 503' | 'cancel request'
type Timer = 'C'

/**
 * Timer C belongs to INVITE alone. A branch without any response is cancelled by asking its transaction, too: that holds the CANCEL
 * until a 1xx comes. Where it fires and there was no response, it is as if a 408 had come (§16.8).
 */
// biome-ignore format: a table
export const proxyBranch = {
  name: 'proxyBranch',
  initial: 'calling',
  final: 'done',
  timers: {
    calling:    ['C'],
    proceeding: ['C'],
    cancelled:  [],
    done:       [],
  },
  rows: [
    ['calling',    '100',             [],                       'proceeding'], // §16.7 step 2: Timer C runs on
    ['calling',    '101-199',         ['restart C', 'forward'], 'proceeding'], // §16.7 steps 2, 5
    ['calling',    '2xx',             ['forward'],              'done'],       // §16.7 step 5
    ['calling',    '300-699',         ['keep'],                 'done'],       // §16.7 step 4
    ['calling',    'timeout',         ['keep 408'],             'done'],       // §16.7
    ['calling',    'transport error', ['keep 503'],             'done'],       // §16.9
    ['calling',    'cancel',          ['cancel request'],       'cancelled'],  // §16.10, held by §9.1
    ['calling',    'C',               ['keep 408'],             'done'],       // §16.8
    ['proceeding', '101-199',         ['restart C', 'forward'], 'proceeding'], // §16.7 steps 2, 5
    ['proceeding', '2xx',             ['forward'],              'done'],       // §16.7 step 5
    ['proceeding', '300-699',         ['keep'],                 'done'],       // §16.7 step 4
    ['proceeding', 'timeout',         ['keep 408'],             'done'],       // §16.7
    ['proceeding', 'transport error', ['keep 503'],             'done'],       // §16.9
    ['proceeding', 'cancel',          ['cancel request'],       'cancelled'],  // §16.10
    ['proceeding', 'C',               ['cancel request'],       'cancelled'],  // §16.8
    ['cancelled',  '101-199',         ['forward'],              'cancelled'],  // §16.7 step 5
    ['cancelled',  '2xx',             ['forward'],              'done'],       // §16.7 step 5: it came too late
    ['cancelled',  '300-699',         ['keep'],                 'done'],       // §16.7 step 4: the 487
    ['cancelled',  'not sent',        ['keep 487'],             'done'],       // its name was still being resolved
    ['cancelled',  'timeout',         ['keep 408'],             'done'],       // §16.7
    ['cancelled',  'transport error', ['keep 503'],             'done'],       // §16.9
  ],
} as const satisfies Table<State, Event, Action, Timer>
