// `after-the-storm`: a minute of cuts, crashes and lost messages, then a network that is whole again: what was promised must happen.

import { type Arbitrary, array, constantFrom, integer, oneof, record } from 'fast-check'
import type { WrittenFault } from '../faults.ts'
import type { Campaign, Case } from './campaign.ts'
import { callAt, healing } from './healing.ts'

const SECOND_NS = 1e9
const HEALED_S = 60
/** Nothing of the storm is left: a transaction that began in its last second ends 64·T1 later, at the latest behind a proxy. */
const CALLED_S = 200

const SPOTS = ['alice', 'bob', 'carol'].flatMap((phone) =>
  ['INVITE', '100 INVITE', '180 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE', 'CANCEL', '487 INVITE'].flatMap(
    (of) => [
      { of, on: `${phone} -> router` },
      { of, on: `router -> ${phone}` },
    ],
  ),
)

const second = integer({ min: 0, max: HEALED_S - 20 })
const lasting = integer({ min: 1, max: 20 }).map((seconds) => seconds * SECOND_NS)
const link = constantFrom('alice--router', 'bob--router', 'proxy--router', 'bob -> router', 'proxy -> router')
const node = constantFrom('bob', 'proxy')

const incidents: Arbitrary<readonly WrittenFault[]> = array(
  oneof(
    { withCrossShrink: true },
    record({ second, on: link, lasting }).map(
      ({ second, on, lasting }): WrittenFault => ({ at: second * SECOND_NS, cut: { on, for: lasting } }),
    ),
    record({ second, node, lasting }).map(
      ({ second, node, lasting }): WrittenFault => ({ at: second * SECOND_NS, crash: { node, for: lasting } }),
    ),
    record({ second, node, lasting }).map(
      ({ second, node, lasting }): WrittenFault => ({ at: second * SECOND_NS, kill: { node, for: lasting } }),
    ),
  ),
  { maxLength: 3 },
)

const PHONES = Object.fromEntries(['alice', 'bob', 'carol'].map((name) => [`nodes.${name}.runs.talk`, false]))

export const AFTER_THE_STORM: Campaign = {
  name: 'after-the-storm',
  question: 'After a minute in which anything may be lost, cut or crash, are calls answered again?',
  topology: 'three-phones-one-proxy',
  until: '900 s',
  cases: record({
    start: integer({ min: 0, max: HEALED_S - 1 }),
    incidents,
    tape: healing({ spots: SPOTS, most: 6, mostSeconds: 2, healedNs: HEALED_S * SECOND_NS }),
    recordRoute: constantFrom(false, true),
  }).map(
    ({ start, incidents, tape, recordRoute }): Case => ({
      set: {
        ...PHONES,
        'nodes.bob.runs.answerAfter': '1 s',
        'nodes.bob.runs.lines': 10,
        'nodes.proxy.runs.recordRoute': recordRoute,
      },
      scenario: [
        ...callAt('alice', 'sip:bob@example.com', start, 10),
        ...callAt('carol', 'sip:bob@example.com', CALLED_S, 10),
      ],
      faults: [...incidents, ...tape],
      expect: [`carol is established between ${CALLED_S} s and ${CALLED_S + 2} s`],
    }),
  ),
}
