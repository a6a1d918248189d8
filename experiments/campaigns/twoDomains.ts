// `two-domains`: calls between two domains, whose proxies fork, follow, redirect, challenge and send them in circles.

import { type Arbitrary, constantFrom, integer, oneof, record } from 'fast-check'
import { faultTape, type Spot } from '../arbitraries/faults.ts'
import type { WrittenEntry } from '../scenario/entry.ts'
import type { Campaign, Case } from './campaign.ts'

const WEST = '203.0.113.5'
const EAST = '203.0.114.5'
const PLACES = { alice: '192.0.2.10', bob: '198.51.100.20', carol: '198.51.100.130' } as const
const MILLISECOND_NS = 1e6

const phone = (name: keyof typeof PLACES, domain: string) => ({
  ...{ kind: 'host', address: `${PLACES[name]}/25`, gateway: 'router' },
  runs: { program: 'phone', aor: `sip:${name}@${domain}`, proxy: domain, talk: false, lines: 2 },
})
const proxy = (domain: string, users: Readonly<Record<string, readonly string[]>>) => ({
  ...{ kind: 'host', address: `${domain}/24`, gateway: 'router' },
  runs: { program: 'proxy', domain, users },
})
const at = (name: keyof typeof PLACES): string => `sip:${name}@${PLACES[name]}`

/** `all` is everybody, some by two ways; `circle` leads back to where it came from. */
const TOPOLOGY = {
  title: 'Two domains, each with a proxy, that know of each other’s users',
  nodes: {
    alice: phone('alice', WEST),
    bob: phone('bob', EAST),
    carol: phone('carol', EAST),
    west: proxy(WEST, {
      alice: [at('alice')],
      all: [`sip:all@${EAST}`, `sip:bob@${EAST}`],
      circle: [`sip:circle@${EAST}`],
    }),
    east: proxy(EAST, {
      bob: [at('bob')],
      carol: [at('carol')],
      all: [at('bob'), at('carol'), `sip:alice@${WEST}`],
      circle: [`sip:circle@${WEST}`, at('bob')],
    }),
    router: { kind: 'router' },
  },
  links: ['alice', 'bob', 'carol', 'west', 'east'].map((name) => ({ between: [name, 'router'], delay: '5 ms' })),
}

/** What is different, by node. */
function set(changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(changes).flatMap(([node, options]) =>
      Object.entries(options).map(([key, value]) => [`nodes.${node}.runs.${key}`, value] as const),
    ),
  )
}
const STAYS = { recordRoute: true }
const FOLLOWS = { recurse: true }
const SEES = { symmetric: true }
const TCP = { transport: 'tcp' }
const CHALLENGES = { challengeRequests: true, passwords: { alice: 'a' } }

const SETS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  set({ west: STAYS, east: STAYS }),
  set({ west: FOLLOWS, east: { ...FOLLOWS, ...STAYS } }),
  set({ west: STAYS, east: { redirect: true } }),
  set({ west: FOLLOWS, east: { redirect: true } }),
  set({ west: { ...STAYS, ...SEES, ...FOLLOWS }, east: { ...STAYS, ...SEES } }),
  set({ alice: { password: 'a' }, west: { ...CHALLENGES, ...STAYS }, east: FOLLOWS }),
  set({ alice: { password: 'a' }, west: CHALLENGES, east: { ...STAYS, ...SEES } }),
  set({ alice: TCP, west: { ...TCP, ...STAYS }, east: STAYS }),
  set({ alice: TCP, bob: TCP, west: { ...TCP, ...STAYS, ...SEES }, east: { ...TCP, ...STAYS, ...FOLLOWS } }),
  // Too large for one datagram: over TCP, where that is to be had.
  set({ alice: { inviteHeaders: { Subject: 'x'.repeat(1200) } }, west: TCP, east: FOLLOWS }),
]

const WAYS = [
  ...['west -> east', 'east -> west', 'alice -> west', 'west -> alice', 'bob -> east', 'east -> bob'],
  ...['carol -> east', 'east -> carol', 'alice -> bob', 'bob -> alice'],
]
const SPOTS: readonly Spot[] = [
  ...['BYE', '200 BYE', 'ACK', 'OPTIONS', '200 OPTIONS'],
  ...['CANCEL', '200 CANCEL', '481 CANCEL', '486 INVITE', '603 INVITE', '487 INVITE', '302 INVITE'],
  ...['200 INVITE', '180 INVITE', '100 INVITE', 'INVITE'],
].flatMap((of) => WAYS.map((on) => ({ of, on })))

const deed = constantFrom('answer', 'busy', 'decline', 'forward', 'forward west')
/** Tenths of a millisecond: about the moment when all happens at once, or some time. */
const moment = oneof({ withCrossShrink: true }, integer({ min: -400, max: 400 }), integer({ min: 0, max: 400_000 }))

const race: Arbitrary<Case['scenario']> = record({
  rings: integer({ min: 0, max: 2000 }),
  to: constantFrom(`bob@${EAST}`, `all@${EAST}`, `all@${WEST}`, `circle@${WEST}`, `circle@${EAST}`),
  bob: record({ deed, moment }),
  carol: record({ deed, moment }),
  cancel: oneof({ withCrossShrink: true }, moment, constantFrom(undefined)),
  asks: constantFrom(undefined, 10, 3000),
  talks: integer({ min: 0, max: 2000 }),
  who: constantFrom('alice', 'bob', 'carol'),
}).map(({ rings, to, bob, carol, cancel, asks, talks, who }): readonly WrittenEntry[] => {
  const after = (moment: number): number => Math.max(0, Math.round((rings + moment / 10) * MILLISECOND_NS))
  const does = (name: string, other: string, { deed, moment }: typeof bob): WrittenEntry => {
    const entry = { when: `${name} is ringing`, after: after(moment), who: name }
    if (deed === 'answer') return { ...entry, do: 'answer' }
    if (deed === 'forward') return { ...entry, do: 'reject', to: `sip:${other}@${EAST}` }
    if (deed === 'forward west') return { ...entry, do: 'reject', to: `sip:all@${WEST}` }
    return { ...entry, do: 'reject', status: deed === 'busy' ? 486 : 603 }
  }
  return [
    { at: 0, who: 'alice', do: 'call', to: `sip:${to}` },
    ...(asks === undefined ? [] : [{ at: asks * MILLISECOND_NS, who: 'alice', do: 'options', to: `sip:${to}` }]),
    does('bob', 'carol', bob),
    does('carol', 'bob', carol),
    ...(cancel === undefined ? [] : [{ at: after(cancel), who: 'alice', do: 'cancel' }]),
    { when: 'call is established', after: talks * MILLISECOND_NS, who, do: 'hang up' },
    // Whoever was forgotten, each with up to three calls, rings no longer.
    ...[250, 260, 270, 280, 290, 300, 310, 320, 330].map((second, nth) => {
      return { at: second * 1e9, who: ['alice', 'bob', 'carol'][nth % 3]!, do: 'hang up' }
    }),
  ]
})

export const TWO_DOMAINS: Campaign = {
  name: 'two-domains',
  question: 'Does every rule hold in calls between two domains, whatever their proxies do with them?',
  topology: TOPOLOGY,
  until: '700 s',
  cases: record({
    set: constantFrom(...SETS),
    scenario: race,
    faults: faultTape({ spots: SPOTS, most: 4, mostSeconds: 2 }),
  }),
}
