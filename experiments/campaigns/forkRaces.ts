// `fork-races`: one call rings at two phones, and what both do, and the caller, meets on the way.

import { type Arbitrary, constantFrom, integer, oneof, record } from 'fast-check'
import { faultTape, type Spot } from '../arbitraries/faults.ts'
import type { WrittenEntry } from '../scenario/entry.ts'
import type { Campaign, Case } from './campaign.ts'

const SPOTS: readonly Spot[] = [
  ...['BYE', '200 BYE'].flatMap((of) =>
    spots(of, ['alice -> bob', 'bob -> alice', 'carol -> alice', 'alice -> carol']),
  ),
  ...spots('ACK', ['alice -> bob', 'alice -> carol', 'proxy -> bob', 'proxy -> carol', 'alice -> proxy']),
  ...['200 INVITE', '180 INVITE', '487 INVITE', '302 INVITE', '603 INVITE'].flatMap((of) =>
    spots(of, ['bob -> proxy', 'carol -> proxy', 'proxy -> alice']),
  ),
  ...spots('200 CANCEL', ['bob -> proxy', 'carol -> proxy']),
  ...spots('CANCEL', ['proxy -> bob', 'proxy -> carol', 'alice -> proxy']),
  ...spots('INVITE', ['proxy -> bob', 'proxy -> carol', 'alice -> proxy']),
]

function spots(of: string, directions: readonly string[]): readonly Spot[] {
  return directions.map((on) => ({ of, on }))
}

const MILLISECOND_NS = 1e6
/** Between a phone and another, ms: two links of 5 ms, twice the proxy's of 1 ms. */
const AROUND_MS = 30

const USERS = {
  alice: 'sip:alice@192.0.2.10',
  bob: 'sip:bob@198.51.100.20',
  carol: 'sip:carol@198.51.100.130',
  all: ['sip:bob@198.51.100.20', 'sip:carol@198.51.100.130'],
}
const SILENT = {
  ...{ 'nodes.alice.runs.talk': false, 'nodes.bob.runs.talk': false, 'nodes.carol.runs.talk': false },
  'nodes.proxy.runs.users': USERS,
}

/** What a phone does that rings; `forward`: it names the other one. */
const deed = constantFrom('answer', 'busy', 'decline', 'forward')
const moment = oneof(
  { withCrossShrink: true },
  integer({ min: -AROUND_MS * 10, max: AROUND_MS * 10 }),
  integer({ min: 0, max: 400_000 }),
)

const race: Arbitrary<Case['scenario']> = record({
  rings: integer({ min: 0, max: 2000 }),
  bob: record({ deed, moment }),
  carol: record({ deed, moment }),
  cancel: oneof({ withCrossShrink: true }, moment, constantFrom(undefined)),
  talks: integer({ min: 0, max: 2000 }),
  who: constantFrom('alice', 'bob', 'carol'),
}).map(({ rings, bob, carol, cancel, talks, who }): readonly WrittenEntry[] => {
  const after = (moment: number): number => Math.max(0, Math.round((rings + moment / 10) * MILLISECOND_NS))
  const does = (phone: string, other: string, { deed, moment }: typeof bob): readonly WrittenEntry[] => {
    const entry = { when: `${phone} is ringing`, after: after(moment), who: phone }
    if (deed === 'answer') return [{ ...entry, do: 'answer' }]
    if (deed === 'forward') return [{ ...entry, do: 'reject', to: `sip:${other}@example.com` }]
    return [{ ...entry, do: 'reject', status: deed === 'busy' ? 486 : 603 }]
  }
  return [
    { at: 0, who: 'alice', do: 'call', to: 'sip:all@example.com' },
    ...does('bob', 'carol', bob),
    ...does('carol', 'bob', carol),
    ...(cancel === undefined ? [] : [{ at: after(cancel), who: 'alice', do: 'cancel' }]),
    { when: 'call is established', after: talks * MILLISECOND_NS, who, do: 'hang up' },
    // Whoever was forgotten rings no longer.
    ...[250, 260, 270].map((second, at) => ({ at: second * 1e9, who: ['alice', 'bob', 'carol'][at]!, do: 'hang up' })),
  ]
})

export const FORK_RACES: Campaign = {
  name: 'fork-races',
  question:
    'Does every rule hold, and do all ends agree, when a call rings at two phones and their answers, refusals and its CANCEL cross?',
  topology: 'three-phones-one-proxy',
  until: '600 s',
  cases: record({
    set: constantFrom(
      SILENT,
      { ...SILENT, 'nodes.proxy.runs.recordRoute': true },
      { ...SILENT, 'nodes.proxy.runs.recurse': true },
    ),
    scenario: race,
    faults: faultTape({ spots: SPOTS, most: 4, mostSeconds: 2 }),
  }),
}
