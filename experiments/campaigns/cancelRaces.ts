// `cancel-races`: the caller thinks better of it at the very moment when the callee answers, refuses, or has just done so.

import { type Arbitrary, constantFrom, integer, oneof, record } from 'fast-check'
import { faultTape, type Spot } from '../arbitraries/faults.ts'
import type { WrittenEntry } from '../scenario/entry.ts'
import type { Campaign, Case } from './campaign.ts'

/** What meets on the way, the last first. */
const SPOTS: readonly Spot[] = [
  ...['CANCEL', 'ACK', 'INVITE'].flatMap((of) => [
    { of, on: 'alice -> proxy' },
    { of, on: 'proxy -> bob' },
  ]),
  ...['200 CANCEL', '481 CANCEL', '487 INVITE', '486 INVITE', '200 INVITE', '180 INVITE'].flatMap((of) => [
    { of, on: 'proxy -> alice' },
    { of, on: 'bob -> proxy' },
  ]),
  ...['BYE', '200 BYE'].flatMap((of) => [
    { of, on: 'alice -> bob' },
    { of, on: 'bob -> alice' },
  ]),
]

const MILLISECOND_NS = 1e6
/** From alice to bob, ms: two links of 5 ms, twice the proxy's of 1 ms. */
const WAY_MS = 12
/** The race is on for as long as a message takes there and back. */
const AROUND_MS = 2 * WAY_MS + 6
const SILENT = { 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false }

const race: Arbitrary<Case['scenario']> = record({
  rings: oneof({ withCrossShrink: true }, constantFrom(0, 1000), integer({ min: 0, max: 2000 })),
  apart: integer({ min: -AROUND_MS * 10, max: AROUND_MS * 10 }),
  end: constantFrom<'answer' | 'reject'>('answer', 'reject'),
  talks: integer({ min: 0, max: 2000 }),
  who: constantFrom('alice', 'bob'),
}).map(({ rings, apart, end, talks, who }): readonly WrittenEntry[] => {
  const cancelMs = Math.max(0, WAY_MS + rings + apart / 10)
  return [
    { at: 0, who: 'alice', do: 'call', to: 'sip:bob@example.com' },
    {
      when: 'bob is ringing',
      after: rings * MILLISECOND_NS,
      who: 'bob',
      do: end,
      ...(end === 'reject' && { status: 486 }),
    },
    { at: Math.round(cancelMs * MILLISECOND_NS), who: 'alice', do: 'cancel' },
    { when: 'call is established', after: talks * MILLISECOND_NS, who, do: 'hang up' },
  ]
})

export const CANCEL_RACES: Campaign = {
  name: 'cancel-races',
  question: 'Does every rule hold, and do both ends agree, when CANCEL and the final answer cross?',
  topology: 'two-phones-one-proxy',
  until: '600 s',
  cases: record({
    set: constantFrom(SILENT, { ...SILENT, 'nodes.proxy.runs.recordRoute': true }),
    scenario: race,
    faults: faultTape({ spots: SPOTS, most: 3, mostSeconds: 2 }),
  }),
}
