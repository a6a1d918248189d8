// `voice`: two phones talk through a proxy while up to two messages are lost, late, doubled or overtaken. It is here for the rules of media.

import { constantFrom, integer, record } from 'fast-check'
import { faultTape, type Spot } from '../arbitraries/faults.ts'
import type { Campaign, Case } from './campaign.ts'

const SECOND_NS = 1e9

/** The late before the early. Where every 200 to the INVITE is lost, voice rightly flows one way: nobody loses those. */
const SPOTS: readonly Spot[] = ['200 BYE', 'BYE', 'ACK', '180 INVITE', 'INVITE'].flatMap((of) =>
  ['router -> alice', 'router -> bob', 'alice -> router', 'bob -> router'].map((on) => ({ of, on })),
)

export const VOICE: Campaign = {
  name: 'voice',
  question: 'Does voice flow both ways, in order, where it was asked for, and no longer than the call?',
  topology: 'two-phones-one-proxy',
  until: '100 s',
  // Who never hears the BYE talks on.
  endless: true,
  level: 'everything',
  cases: record({
    rings: integer({ min: 0, max: 3 }),
    talks: integer({ min: 21, max: 60 }),
    who: constantFrom('alice', 'bob'),
    recordRoute: constantFrom(false, true),
    faults: faultTape({ spots: SPOTS, most: 2, mostSeconds: 2 }),
  }).map(
    ({ rings, talks, who, recordRoute, faults }): Case => ({
      set: recordRoute ? { 'nodes.proxy.runs.recordRoute': true } : {},
      scenario: [
        { at: 0, who: 'alice', do: 'call', to: 'sip:bob@example.com' },
        { when: 'bob is ringing', after: rings * SECOND_NS, who: 'bob', do: 'answer' },
        { when: 'call is established', after: (talks * SECOND_NS) / 10, who, do: 'hang up' },
      ],
      faults,
    }),
  ),
}
