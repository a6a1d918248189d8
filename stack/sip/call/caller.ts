// The call as its caller sees it: from INVITE to the end. What a row needs done is done by `outgoing.ts`.

import type { Table } from '../../machine/table.ts'

/** Where an outgoing call stands. `cancelling`: no longer wanted, its CANCEL sent, or held for want of a 1xx; `ending`: BYE sent. */
export type CallerState =
  | 'idle'
  | 'calling'
  | 'proceeding'
  | 'ringback'
  | 'cancelling'
  | 'established'
  | 'ending'
  | 'ended'

/**
 * What happens to an outgoing call. `1xx`: 101–199 but 180; `2xx`: the first one; `2xx again`: a repeat of it; `next target`: a final
 * response that leaves another one to try; `challenge`: a 401 or 407 that we can answer; `failure`: any other; `BYE done`: our BYE has had its answer, or never will.
 */
export type CallerEvent =
  | 'call'
  | '100'
  | '1xx'
  | '180'
  | '2xx'
  | '2xx again'
  | 'next target'
  | 'challenge'
  | 'failure'
  | 'timeout'
  | 'transport error'
  | 'cancel'
  | 'hang up'
  | 'BYE'
  | 'BYE done'
  | CallerTimer

/** `expires`: what our INVITE says of how long it is good for, if it does (§13.2.1). */
export type CallerTimer = 'expires'

/** What a step asks for; see `outgoing.ts`. `quit`: cancels what is pending, for the call is over. */
export type CallerAction =
  | 'invite'
  | 'redirect'
  | 'authorize'
  | 'cancel'
  | 'ack'
  | 'talk'
  | 'hush'
  | 'bye'
  | 'ok'
  | 'fail'
  | 'quit'

/** RFC 3261 §13.2, §9.1 and §15.1, with Timer B's 408 and the 503 of a transport error (§8.1.3.1) as failures like others. */
// biome-ignore format: a table
export const caller = {
  name: 'call',
  initial: 'idle',
  final: 'ended',
  timers: {
    idle: [],
    calling: ['expires'],
    proceeding: ['expires'],
    ringback: ['expires'],
    cancelling: [],
    established: [],
    ending: [],
    ended: [],
  },
  rows: [
    ['idle',        'call',            ['invite'],      'calling'],

    ['calling',     '100',             [],              'proceeding'],
    ['calling',     '1xx',             [],              'proceeding'],
    ['calling',     '180',             [],              'ringback'],
    ['calling',     '2xx',             ['ack', 'talk'], 'established'], // §13.2.2.4
    ['calling',     'next target',     ['redirect'],    'calling'],     // §8.1.3.4
    ['calling',     'challenge',       ['authorize'],   'calling'],     // §22.2, §22.3
    ['calling',     'failure',         ['fail'],        'ended'],       // §13.2.2.3
    ['calling',     'timeout',         ['fail'],        'ended'],       // §8.1.3.1: as if it were a 408
    ['calling',     'transport error', ['fail'],        'ended'],       // §8.1.3.1: as if it were a 503
    ['calling',     'cancel',          ['cancel'],      'cancelling'],  // §9.1: held by the transaction until there is a 1xx
    ['calling',     'expires',         ['cancel'],      'cancelling'],  // §13.2.1

    ['proceeding',  '180',             [],              'ringback'],
    ['proceeding',  '2xx',             ['ack', 'talk'], 'established'],
    ['proceeding',  'next target',     ['redirect'],    'calling'],
    ['proceeding',  'challenge',       ['authorize'],   'calling'],
    ['proceeding',  'failure',         ['fail'],        'ended'],
    ['proceeding',  'timeout',         ['fail'],        'ended'],
    ['proceeding',  'transport error', ['fail'],        'ended'],
    ['proceeding',  'cancel',          ['cancel'],      'cancelling'],
    ['proceeding',  'expires',         ['cancel'],      'cancelling'],  // §13.2.1
    ['proceeding',  'BYE',             ['ok', 'quit'],  'ended'],       // §15.1.2 in an early dialog

    ['ringback',    '2xx',             ['ack', 'talk'], 'established'],
    ['ringback',    'next target',     ['redirect'],    'calling'],
    ['ringback',    'challenge',       ['authorize'],   'calling'],
    ['ringback',    'failure',         ['fail'],        'ended'],
    ['ringback',    'timeout',         ['fail'],        'ended'],
    ['ringback',    'transport error', ['fail'],        'ended'],
    ['ringback',    'cancel',          ['cancel'],      'cancelling'],
    ['ringback',    'expires',         ['cancel'],      'cancelling'],  // §13.2.1
    ['ringback',    'BYE',             ['ok', 'quit'],  'ended'],       // of a callee whose every 2xx was lost

    ['cancelling',  '2xx',             ['ack', 'bye'],  'ending'],      // the 2xx crossed the CANCEL
    ['cancelling',  'next target',     ['fail'],        'ended'],
    ['cancelling',  'failure',         ['fail'],        'ended'],       // the 487, as a rule
    ['cancelling',  'timeout',         ['fail'],        'ended'],       // §9.1: also 64·T1 after a CANCEL without a final response
    ['cancelling',  'transport error', ['fail'],        'ended'],
    ['cancelling',  'BYE',             ['ok', 'quit'],  'ended'],

    ['established', '2xx again',       ['ack'],         'established'], // §13.2.2.4: each one
    ['established', 'BYE',             ['ok'],          'ended'],       // §15.1.2
    ['established', 'hang up',         ['hush', 'bye'], 'ending'],      // §15.1.1

    ['ending',      '2xx again',       ['ack'],         'ending'],
    ['ending',      'BYE',             ['ok'],          'ending'],      // both hang up at once
    ['ending',      'BYE done',        [],              'ended'],
  ],
} as const satisfies Table<CallerState, CallerEvent, CallerAction, CallerTimer>
