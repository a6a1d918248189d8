// How a phone registers, keeps registered, and takes it back: RFC 3261 §10.2, with the patience of RFC 5626 §4.5.

import type { Table } from '../../machine/table.ts'

type State =
  | 'idle'
  | 'registering'
  | 'registered'
  | 'refreshing'
  | 'waiting'
  | 'refused'
  | 'leaving'
  | 'unregistering'
  | 'unregistered'
type Event = 'register' | 'unregister' | '2xx' | 'challenge' | '423' | 'refusal' | 'failure' | Timer
type Action =
  | 'send'
  | 'send credentials'
  | 'send longer'
  | 'send removal'
  | 'note binding'
  | 'note failure'
  | 'note refusal'
type Timer = 'refresh' | 'retry'

/**
 * `challenge`: a 401 or 407 that we can answer; `failure`: silence, a network error or a 5xx, after which trying again may help;
 * `refusal`: any other final response. No REGISTER goes out while one is unanswered (§10.2): hence `leaving`.
 */
// biome-ignore format: a table
export const registration = {
  name: 'registration',
  initial: 'idle',
  final: 'unregistered',
  timers: {
    idle:          [],
    registering:   [],
    registered:    ['refresh'],
    refreshing:    [],
    waiting:       ['retry'],
    refused:       [],
    leaving:       [],
    unregistering: [],
    unregistered:  [],
  },
  rows: [
    ['idle',          'register',   ['send'],             'registering'],   // §10.2.1
    ['idle',          'unregister', [],                   'unregistered'],
    ['registering',   '2xx',        ['note binding'],     'registered'],    // §10.2.4
    ['registering',   'challenge',  ['send credentials'], 'registering'],   // §22.2
    ['registering',   '423',        ['send longer'],      'registering'],   // §10.2.8
    ['registering',   'refusal',    ['note refusal'],     'refused'],
    ['registering',   'failure',    ['note failure'],     'waiting'],       // RFC 5626 §4.5
    ['registering',   'unregister', [],                   'leaving'],
    ['registered',    'refresh',    ['send'],             'refreshing'],    // §10.2.4
    ['registered',    'register',   ['send'],             'refreshing'],    // §10.2.4
    ['registered',    'unregister', ['send removal'],     'unregistering'], // §10.2.2
    ['refreshing',    '2xx',        ['note binding'],     'registered'],    // §10.2.4
    ['refreshing',    'challenge',  ['send credentials'], 'refreshing'],    // §22.2
    ['refreshing',    '423',        ['send longer'],      'refreshing'],    // §10.2.8
    ['refreshing',    'refusal',    ['note refusal'],     'refused'],
    ['refreshing',    'failure',    ['note failure'],     'waiting'],       // RFC 5626 §4.5
    ['refreshing',    'unregister', [],                   'leaving'],
    ['waiting',       'retry',      ['send'],             'registering'],   // RFC 5626 §4.5
    ['waiting',       'register',   ['send'],             'registering'],
    ['waiting',       'unregister', ['send removal'],     'unregistering'], // what did not answer may have bound it
    ['refused',       'register',   ['send'],             'registering'],
    ['refused',       'unregister', [],                   'unregistered'],
    ['leaving',       '2xx',        ['send removal'],     'unregistering'], // §10.2.2
    ['leaving',       'challenge',  ['send removal'],     'unregistering'], // what an earlier REGISTER bound may be there
    ['leaving',       '423',        ['send removal'],     'unregistering'],
    ['leaving',       'refusal',    [],                   'unregistered'],
    ['leaving',       'failure',    ['send removal'],     'unregistering'],
    ['unregistering', '2xx',        [],                   'unregistered'],  // §10.2.2
    ['unregistering', 'challenge',  ['send credentials'], 'unregistering'], // §22.2
    ['unregistering', '423',        [],                   'unregistered'],
    ['unregistering', 'refusal',    ['note refusal'],     'unregistered'],
    ['unregistering', 'failure',    ['note failure'],     'unregistered'],
  ],
} as const satisfies Table<State, Event, Action, Timer>
