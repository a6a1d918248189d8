// `nat-and-keepalive`: a phone behind a NAT that reboots and forgets, while what the phone says is lost; then it heals, and the phone must be reachable.

import { type Arbitrary, array, constantFrom, integer, record } from 'fast-check'
import type { NatPresetName } from '../../topologies/natPresets.ts'
import { ranked } from '../arbitraries/ranked.ts'
import type { WrittenFault } from '../faults.ts'
import type { Campaign, Case } from './campaign.ts'
import { callAt, healing } from './healing.ts'

const SECOND_NS = 1e9
/** All faults are over by then. */
const HEALED_S = 60
/** A registration of 120 s that failed once more at the end was tried again by then: Timer F, and a retry of up to 90 s (RFC 5626 §4.5). */
const CALLED_S = 300

const PHONE = { program: 'phone', proxy: '203.0.113.5', register: true, talk: false, expires: '120 s' } as const
const TOPOLOGY = {
  nodes: {
    alice: host('192.0.2.10/24', 'internet', { ...PHONE, aor: 'sip:alice@example.com' }),
    bob: host('192.168.1.10/24', 'home', {
      ...PHONE,
      aor: 'sip:bob@example.com',
      keepAlive: '20 s',
      answerAfter: '1 s',
      lines: 10,
    }),
    home: { kind: 'nat', inside: '192.168.1.1/24', outside: '198.51.100.1/30', preset: 'cheap home router' },
    internet: { kind: 'router' },
    proxy: host('203.0.113.5/24', 'internet', {
      ...{ program: 'proxy', domain: 'example.com', users: { alice: [], bob: [] } },
      ...{ registrar: {}, symmetric: true, recordRoute: true },
    }),
  },
  links: [
    { between: ['alice', 'internet'], delay: '10 ms' },
    { between: ['bob', 'home'], delay: '1 ms' },
    { between: ['home', 'internet'], delay: '10 ms' },
    { between: ['proxy', 'internet'], delay: '1 ms' },
  ],
}

function host(address: string, gateway: string, runs: object): object {
  return { kind: 'host', address, gateway, runs }
}

/** Each forgets later than the phone speaks. */
const NATS: readonly NatPresetName[] = [
  ...(['cheap home router', 'full cone', 'restricted cone', 'port restricted cone', 'symmetric'] as const),
  ...(['bsd pf', 'linux masquerade', 'by the book'] as const),
]

const SPOTS = ['home -> internet', 'internet -> home'].flatMap((on) =>
  ['UDP', 'STUN', 'REGISTER', '200 REGISTER', 'INVITE', '180 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE'].map(
    (of) => ({ of, on }),
  ),
)

const reboots: Arbitrary<readonly WrittenFault[]> = array(
  integer({ min: 1, max: HEALED_S - 1 }).map((second) => ({ at: second * SECOND_NS, reboot: { node: 'home' } })),
  { maxLength: 2 },
)

export const NAT_AND_KEEPALIVE: Campaign = {
  name: 'nat-and-keepalive',
  question: 'Can a phone behind a NAT be called again, once its NAT has forgotten it and all is well again?',
  topology: TOPOLOGY,
  until: '420 s',
  endless: true,
  cases: record({
    nat: ranked(NATS),
    keepAlive: constantFrom('20 s', '15 s', '25 s'),
    reboots,
    tape: healing({ spots: SPOTS, most: 6, mostSeconds: 2, healedNs: HEALED_S * SECOND_NS }),
    early: integer({ min: 1, max: HEALED_S }),
  }).map(
    ({ nat, keepAlive, reboots, tape, early }): Case => ({
      set: { 'nodes.home.preset': nat, 'nodes.bob.runs.keepAlive': keepAlive },
      scenario: [
        ...callAt('alice', 'sip:bob@example.com', early, 5),
        ...callAt('alice', 'sip:bob@example.com', CALLED_S, 5),
      ],
      faults: [...reboots, ...tape],
      expect: [`alice is established between ${CALLED_S} s and ${CALLED_S + 3} s`],
    }),
  ),
}
