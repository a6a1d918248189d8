// The call as its callee sees it: from the INVITE that came to the end. What a row needs done is done by `incoming.ts`.

import type { Table } from '../../machine/table.ts'

/** Where an incoming call stands. `answered`: 2xx sent, no ACK yet; `leaving`: so too, but hung up already, the BYE held; `ending`: BYE sent. */
export type CalleeState = 'idle' | 'offered' | 'ringing' | 'answered' | 'leaving' | 'established' | 'ending' | 'ended'

/** What happens to an incoming call. `BYE done`: our BYE has had its answer, or never will. */
export type CalleeEvent =
  | 'INVITE'
  | 'ring'
  | 'answer'
  | 'reject'
  | 'CANCEL'
  | 'ACK'
  | 'BYE'
  | 'hang up'
  | 'transport error'
  | 'BYE done'
  | CalleeTimer

/**
 * `100`: 200 ms, once, where it takes longer to know what the 180 is to say (RFC 3261 §17.2.1); `1xx refresh`: every 60 s (§13.3.1.1);
 * `answer after`: the phone's own wish; `expires`: the INVITE's; `2xx core`: T1 doubling to T2, on any transport; `no ACK`: 64·T1 (§13.3.1.4).
 */
export type CalleeTimer = '100' | '1xx refresh' | 'answer after' | 'expires' | '2xx core' | 'no ACK'

/** What a step asks for; see `incoming.ts`, which has one function for each. */
export type CalleeAction =
  | 'try'
  | 'ring'
  | 'answer'
  | 'talk'
  | 'hush'
  | 'confirm'
  | 'refuse'
  | 'terminate'
  | 'ok'
  | 'bye'
  | 'lose'

/** RFC 3261 §13.3, §9.2 and §15.1.2. */
// biome-ignore format: a table
export const callee = {
  name: 'call',
  initial: 'idle',
  final: 'ended',
  timers: {
    idle: [],
    offered: ['100', 'expires'],
    ringing: ['1xx refresh', 'answer after', 'expires'],
    answered: ['2xx core', 'no ACK'],
    leaving: ['2xx core', 'no ACK'],
    established: [],
    ending: [],
    ended: [],
  },
  rows: [
    ['idle',        'INVITE',          [],                  'offered'],

    ['offered',     '100',             ['try'],             'offered'],     // §17.2.1
    ['offered',     'ring',            ['ring'],            'ringing'],     // §13.3.1.1
    ['offered',     'answer',          ['answer', 'talk'],  'answered'],    // §13.3.1.4
    ['offered',     'reject',          ['refuse'],          'ended'],       // §13.3.1.2 and 3
    ['offered',     'CANCEL',          ['terminate'],       'ended'],       // §9.2
    ['offered',     'BYE',             ['ok', 'terminate'], 'ended'],       // §15.1.2: a 487 to what is pending
    ['offered',     'expires',         ['terminate'],       'ended'],       // §13.3.1
    ['offered',     'transport error', ['lose'],            'ended'],

    ['ringing',     '1xx refresh',     ['ring'],            'ringing'],
    ['ringing',     'answer',          ['answer', 'talk'],  'answered'],
    ['ringing',     'answer after',    ['answer', 'talk'],  'answered'],
    ['ringing',     'reject',          ['refuse'],          'ended'],
    ['ringing',     'CANCEL',          ['terminate'],       'ended'],
    ['ringing',     'BYE',             ['ok', 'terminate'], 'ended'],
    ['ringing',     'expires',         ['terminate'],       'ended'],
    ['ringing',     'transport error', ['lose'],            'ended'],

    ['answered',    '2xx core',        ['answer'],          'answered'],
    ['answered',    'ACK',             ['confirm'],         'established'],
    ['answered',    'no ACK',          ['hush', 'bye'],     'ending'],      // §13.3.1.4
    ['answered',    'BYE',             ['ok'],              'ended'],
    ['answered',    'hang up',         ['hush'],            'leaving'],     // §15: no BYE of the callee before the ACK

    ['leaving',     '2xx core',        ['answer'],          'leaving'],
    ['leaving',     'ACK',             ['bye'],             'ending'],
    ['leaving',     'no ACK',          ['bye'],             'ending'],
    ['leaving',     'BYE',             ['ok'],              'ended'],

    ['established', 'BYE',             ['ok'],              'ended'],
    ['established', 'hang up',         ['hush', 'bye'],     'ending'],

    ['ending',      'BYE',             ['ok'],              'ending'],      // both hang up at once
    ['ending',      'BYE done',        [],                  'ended'],
  ],
} as const satisfies Table<CalleeState, CalleeEvent, CalleeAction, CalleeTimer>
