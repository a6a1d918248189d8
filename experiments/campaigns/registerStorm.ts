// `register-storm`: a town of phones that all register at once at a slow registrar, while either loses power or the way between them is bad; then
// all is well again, and each phone must be reachable.

import { type Arbitrary, array, constantFrom, integer, oneof, record } from 'fast-check'
import type { WrittenFault } from '../faults.ts'
import type { Campaign, Case } from './campaign.ts'
import { callAt } from './healing.ts'

const SECOND_NS = 1e9
const HEALED_S = 60
/** A registration that failed again and again has waited for 30 s, 60 s and 120 s at most by then (RFC 5626 §4.5). */
const CALLED_S = 400
const COUNT = 20

const TOPOLOGY = {
  nodes: {
    alice: host('198.51.100.20/24', {
      program: 'phone',
      aor: 'sip:alice@example.com',
      proxy: '203.0.113.5',
      talk: false,
    }),
    town: host('192.0.2.10/24', {
      ...{ program: 'phones', count: COUNT, aor: 'sip:phone*@example.com', proxy: '203.0.113.5', expires: '300 s' },
    }),
    registrar: host('203.0.113.5/24', { program: 'proxy', domain: 'example.com', registrar: {}, anyone: true }),
    internet: { kind: 'router' },
  },
  links: [
    { between: ['alice', 'internet'], delay: '5 ms' },
    { between: ['town', 'internet'], delay: '5 ms' },
    { between: ['registrar', 'internet'], delay: '1 ms' },
  ],
}

function host(address: string, runs: object): object {
  return { kind: 'host', address, gateway: 'internet', runs }
}

const at = integer({ min: 0, max: HEALED_S - 30 }).map((seconds) => seconds * SECOND_NS)
const lasting = integer({ min: 1, max: 30 }).map((seconds) => seconds * SECOND_NS)
const tenMs = integer({ min: 0, max: 20 }).map((tens) => tens * 10e6)

const fault: Arbitrary<WrittenFault> = oneof(
  { withCrossShrink: true },
  record({ at, lasting, node: constantFrom('town', 'registrar') }).map(({ at, lasting, node }) => ({
    at,
    crash: { node, for: lasting },
  })),
  record({ at, lasting, loss: constantFrom(0.1, 0.5, 0.9), delay: tenMs }).map(({ at, lasting, loss, delay }) => ({
    at,
    degrade: { on: 'town--internet', loss, delay, for: lasting },
  })),
  record({ at, lasting, packet: tenMs, packets: integer({ min: 1, max: 30 }) }).map(
    ({ at, lasting, packet, packets }) => ({
      at,
      slow: { node: 'registrar', packet, timer: 0, for: lasting, buffer: { packets } },
    }),
  ),
)

export const REGISTER_STORM: Campaign = {
  name: 'register-storm',
  question: 'After a storm of registrations at a registrar that is slow or out of order, is each phone reachable?',
  topology: TOPOLOGY,
  until: '420 s',
  endless: true,
  cases: record({
    faults: array(fault, { maxLength: 3, size: 'max' }),
    within: constantFrom('0 s', '5 s'),
    which: integer({ min: 1, max: COUNT }),
  }).map(
    ({ faults, within, which }): Case => ({
      set: { 'nodes.town.runs.registerWithin': within },
      scenario: callAt('alice', `sip:phone${which}@example.com`, CALLED_S, 5),
      faults,
      expect: [`town is ringing between ${CALLED_S} s and ${CALLED_S + 1} s`],
    }),
  ),
}
