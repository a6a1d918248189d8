// The tests of RFC 5780 §4.3 and §4.4 in the order in which none spoils another: filtering first, since the mapping tests speak to the
// server's other address, and a filter would remember that. Then hairpinning, from a second port; last, whether what is too long for one packet passes, there and back.

import type { Table } from '../../machine/table.ts'

type State =
  | 'idle'
  | 'connectivity'
  | 'filtering II'
  | 'filtering III'
  | 'mapping II'
  | 'mapping III'
  | 'second port'
  | 'hairpinning'
  | 'fragments'
  | 'over'
type Event = 'start' | 'same' | 'other' | 'no other address' | 'refusal' | 'silence'
type Action =
  | 'ask'
  | 'ask for both changed'
  | 'ask for the port changed'
  | 'ask the other address'
  | 'ask the other address and port'
  | 'ask from the second port'
  | 'ask ourselves'
  | 'ask for padding'
  | 'note port'
  | 'note second port'
  | 'note UDP blocked'
  | 'note refusal'
  | 'note nothing known'
  | 'note endpoint-independent filtering'
  | 'note address-dependent filtering'
  | 'note address-and-port-dependent filtering'
  | 'note endpoint-independent mapping'
  | 'note address-dependent mapping'
  | 'note address-and-port-dependent mapping'
  | 'note mapping unknown'
  | 'note hairpinning'
  | 'note no hairpinning'
  | 'note fragments pass'
  | 'note fragments are lost'
  | 'finish'

/** `same`: an answer that shows the mapped address of the answer before; `other`: one that shows another; `refusal`: an error. */
// biome-ignore format: a table
export const discoveryTests = {
  name: 'natDiscovery',
  initial: 'idle',
  final: 'over',
  timers: {
    idle: [], connectivity: [], 'filtering II': [], 'filtering III': [], 'mapping II': [], 'mapping III': [],
    'second port': [], hairpinning: [], fragments: [], over: [],
  },
  rows: [
    ['idle',          'start',            ['ask'],                                                                   'connectivity'],  // §4.2
    ['connectivity',  'other',            ['note port', 'ask for both changed'],                                     'filtering II'],  // §4.4 I
    ['connectivity',  'no other address', ['note port', 'note nothing known', 'ask from the second port'],           'second port'],   // §4.3 I
    ['connectivity',  'silence',          ['note UDP blocked', 'finish'],                                            'over'],          // §4.2
    ['connectivity',  'refusal',          ['note refusal', 'finish'],                                                'over'],          // §5.2
    ['filtering II',  'same',             ['note endpoint-independent filtering', 'ask the other address'],          'mapping II'],    // §4.4 II
    ['filtering II',  'other',            ['note endpoint-independent filtering', 'ask the other address'],          'mapping II'],    // §4.4 II
    ['filtering II',  'silence',          ['ask for the port changed'],                                              'filtering III'], // §4.4 II
    ['filtering III', 'same',             ['note address-dependent filtering', 'ask the other address'],             'mapping II'],    // §4.4 III
    ['filtering III', 'other',            ['note address-dependent filtering', 'ask the other address'],             'mapping II'],    // §4.4 III
    ['filtering III', 'silence',          ['note address-and-port-dependent filtering', 'ask the other address'],    'mapping II'],    // §4.4 III
    ['mapping II',    'same',             ['note endpoint-independent mapping', 'ask from the second port'],         'second port'],   // §4.3 II
    ['mapping II',    'other',            ['ask the other address and port'],                                        'mapping III'],   // §4.3 II
    ['mapping II',    'silence',          ['note mapping unknown', 'ask from the second port'],                      'second port'],
    ['mapping III',   'same',             ['note address-dependent mapping', 'ask from the second port'],            'second port'],   // §4.3 III
    ['mapping III',   'other',            ['note address-and-port-dependent mapping', 'ask from the second port'],   'second port'],   // §4.3 III
    ['mapping III',   'silence',          ['note mapping unknown', 'ask from the second port'],                      'second port'],
    ['second port',   'same',             ['note second port', 'ask ourselves'],                                     'hairpinning'],
    ['second port',   'other',            ['note second port', 'ask ourselves'],                                     'hairpinning'],   // RFC 4787 §6
    ['second port',   'silence',          ['finish'],                                                                'over'],
    ['hairpinning',   'same',             ['note hairpinning', 'ask for padding'],                                   'fragments'],     // RFC 4787 REQ-9
    ['hairpinning',   'other',            ['note hairpinning', 'ask for padding'],                                   'fragments'],
    ['hairpinning',   'silence',          ['note no hairpinning', 'ask for padding'],                                'fragments'],
    ['fragments',     'same',             ['note fragments pass', 'finish'],                                         'over'],          // §7.6, RFC 4787 REQ-14
    ['fragments',     'other',            ['note fragments pass', 'finish'],                                         'over'],
    ['fragments',     'silence',          ['note fragments are lost', 'finish'],                                     'over'],
  ],
} as const satisfies Table<State, Event, Action, never>

export type DiscoveryAction = Action
export type DiscoveryEvent = Event
