// `crash-and-restart`: phones and their registrar crash, die or are cut off at any moment of registrations and calls; then all is
// whole again, and what was promised must happen.

import { type Arbitrary, array, constantFrom, integer, oneof, record } from 'fast-check'
import { ranked } from '../arbitraries/ranked.ts'
import type { WrittenFault } from '../faults.ts'
import type { Campaign, Case } from './campaign.ts'
import { callAt } from './healing.ts'

const SECOND_NS = 1e9
/** All faults are over by then. */
const HEALED_S = 90
/** A binding of 120 s that the registrar has forgotten was refreshed by then, and a registration that failed was tried again (RFC 5626 §4.5). */
const CALLED_S = 300
const LONGEST_S = 30

const at = integer({ min: 0, max: (HEALED_S - LONGEST_S) * 10 }).map((tenths) => (tenths * SECOND_NS) / 10)
const lasting = integer({ min: 1, max: LONGEST_S * 10 }).map((tenths) => (tenths * SECOND_NS) / 10)
const node = constantFrom('bob', 'alice', 'registrar')
const link = constantFrom('bob--internet', 'registrar--internet', 'alice--internet', 'bob -> internet')

const fault: Arbitrary<WrittenFault> = oneof(
  { withCrossShrink: true },
  record({ at, node, lasting }).map(({ at, node, lasting }) => ({ at, crash: { node, for: lasting } })),
  record({ at, node, lasting }).map(({ at, node, lasting }) => ({ at, kill: { node, for: lasting } })),
  record({ at, on: link, lasting }).map(({ at, on, lasting }) => ({ at, cut: { on, for: lasting } })),
)

const PHONES = Object.fromEntries(
  ['alice', 'bob'].flatMap((name) => [
    [`nodes.${name}.runs.talk`, false],
    [`nodes.${name}.runs.expires`, '120 s'],
  ]),
)

export const CRASH_AND_RESTART: Campaign = {
  name: 'crash-and-restart',
  question: 'After phones and their registrar have crashed at any moment and come back, are calls answered again?',
  topology: 'registrar-and-phones',
  until: '320 s',
  endless: true,
  cases: record({
    faults: array(fault, { maxLength: 4, size: 'max' }),
    start: integer({ min: 0, max: HEALED_S - 1 }),
    recordRoute: ranked([false, true]),
  }).map(
    ({ faults, start, recordRoute }): Case => ({
      set: {
        ...PHONES,
        'nodes.bob.runs.answerAfter': '1 s',
        'nodes.bob.runs.lines': 10,
        'nodes.registrar.runs.recordRoute': recordRoute,
      },
      scenario: [
        ...callAt('alice', 'sip:bob@example.com', start, 10),
        ...callAt('alice', 'sip:bob@example.com', CALLED_S, 10),
      ],
      faults,
      expect: [`bob is established between ${CALLED_S} s and ${CALLED_S + 2} s`],
    }),
  ),
}
