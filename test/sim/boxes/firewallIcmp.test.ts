// What a firewall's rules say of ICMP: who may ask, who may tell, and that an error about an allowed flow passes whatever they say.

import { describe, expect, test } from 'vitest'
import { icmpTypeOf } from '../../../sim/boxes/firewall/icmpType.ts'
import type { FirewallOptions, FirewallRule } from '../../../sim/boxes/firewall/options.ts'
import { Network } from '../../../sim/network/network.ts'
import { type PingOptions, ping } from '../../../sim/network/ping.ts'

const WORLDS = {
  IPv4: { inside: '10.0.0.1/24', a: '10.0.0.2', b: '198.51.100.7', nobody: '198.51.100.99', length: 24 },
  IPv6: { inside: '2001:db8:1::1/64', a: '2001:db8:1::2', b: '2001:db8:2::7', nobody: '2001:db8:2::99', length: 64 },
} as const

/** Pings of `a`, inside, or of `b`, outside: `b far` used up on the way, `b big` larger than the last link bears in IPv6, `b thrice`, `nobody`. */
const WAYS = ['b → a', 'a → b', 'a → b far', 'a → b big', 'a → nobody', 'b → a thrice'] as const

/** What came of the ping: `answered`, or why not, each time. */
function pinged(version: keyof typeof WORLDS, way: (typeof WAYS)[number], options: Partial<FirewallOptions>): string {
  const { inside, a, b, nobody, length } = WORLDS[version]
  const told: string[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', classify: () => ({ name: 'data', media: false }) },
    sinks: [
      (record) => {
        if (record.kind !== 'remark' || record.what === 'ping ended') return
        told.push(record.what === 'ping answered' ? 'answered' : String(record.details.why))
      },
    ],
  })
  network.host('a', { interfaces: [{ address: `${a}/${length}` }], gateway: 'wall' })
  network.firewall('wall', { inside, ...options })
  network.router('r')
  network.host('b', { interfaces: [{ address: `${b}/${length}` }], gateway: 'r' })
  const direction = { delayNs: 1e6 }
  for (const between of [
    ['a', 'wall'],
    ['wall', 'r'],
  ] as const)
    network.link({ between, up: direction, down: direction })
  const narrow = { ...direction, mtuBytes: 1280 }
  network.link({ between: ['r', 'b'], up: narrow, down: narrow })
  network.seal()
  const [from = 'a', , to = 'b', how] = way.split(' ')
  const asked: PingOptions = {
    to: { a, b, nobody }[to]!,
    ...{ count: how === 'thrice' ? 3 : 1, everyMs: 100, bytes: how === 'big' ? 1400 : 56, timeoutMs: 1000 },
    ...(how === 'far' && { ttl: 2 }),
  }
  network.ask(0, from, () => ping(network.hostOf(from), asked))
  network.run()
  expect(network.inFlight).toBe(0)
  return told.join(', ')
}

const allow = (...types: NonNullable<FirewallRule['types']>): FirewallRule => ({
  ...{ action: 'allow', direction: 'in', protocol: 'icmp' },
  ...(types.length > 0 && { types }),
})
const SILENCE = 'no answer for 1 s'

describe.each(['IPv4', 'IPv6'] as const)('%s', (version) => {
  test.each<[string, Partial<FirewallOptions>, (typeof WAYS)[number], string]>([
    ['nobody outside may ask', {}, 'b → a', SILENCE],
    ['but by a rule', { rules: [allow('echo')] }, 'b → a', 'answered'],
    ['of all kinds', { rules: [allow()] }, 'b → a', 'answered'],
    ['and not of another kind', { rules: [allow('unreachable', 'time exceeded', 'too big')] }, 'b → a', SILENCE],
    ['nor of another protocol', { rules: [{ action: 'allow', direction: 'in', protocol: 'udp' }] }, 'b → a', SILENCE],
    ['nor of all ports, which it has none of', { rules: [{ action: 'allow', ports: [0, 65_535] }] }, 'b → a', SILENCE],
    ['who is inside may ask', {}, 'a → b', 'answered'],
    ['but for a rule', { rules: [{ action: 'drop', protocol: 'icmp', types: ['echo'] }] }, 'a → b', SILENCE],
    ['that may say so', { rules: [{ action: 'reject', protocol: 'icmp' }] }, 'a → b', 'administratively prohibited'],
    ['an error about what was allowed passes', {}, 'a → b far', 'time exceeded'],
    [
      'whatever a rule says',
      { rules: [{ action: 'drop', direction: 'in', protocol: 'icmp' }] },
      'a → b far',
      'time exceeded',
    ],
    ['without memory, an answer needs a rule', { stateful: false }, 'a → b', SILENCE],
    ['without memory, by a rule', { stateful: false, rules: [allow('echo')] }, 'a → b', 'answered'],
    ['an error needs its own', { stateful: false, rules: [allow('echo', 'unreachable')] }, 'a → b far', SILENCE],
    ['time exceeded', { stateful: false, rules: [allow('time exceeded')] }, 'a → b far', 'time exceeded'],
    ['unreachable', { stateful: false, rules: [allow('unreachable')] }, 'a → nobody', 'host unreachable'],
    ['unreachable, not allowed', { stateful: false, rules: [allow('time exceeded')] }, 'a → nobody', SILENCE],
    [
      'a limit of echoes',
      {
        rules: [allow()],
        limits: [{ protocol: 'icmp', types: ['echo'], direction: 'in', packetsPerSecond: 1, burst: 2 }],
      },
      'b → a thrice',
      `answered, answered, ${SILENCE}`,
    ],
    [
      'a limit of something else',
      { rules: [allow()], limits: [{ protocol: 'icmp', types: ['too big'], packetsPerSecond: 1, burst: 1 }] },
      'b → a thrice',
      'answered, answered, answered',
    ],
  ])('%s', (_, options, way, expected) => expect(pinged(version, way, options)).toBe(expected))
})

test('what is too big is told, where that may pass', () => {
  const rules = (...types: NonNullable<FirewallRule['types']>) => ({ stateful: false, rules: [allow(...types)] })
  expect(pinged('IPv6', 'a → b big', rules('too big'))).toBe('fragmentation needed')
  expect(pinged('IPv6', 'a → b big', rules('echo', 'unreachable', 'time exceeded'))).toBe(SILENCE)
})

test('in IPv4, too big is a kind of its own among the unreachables; what has no name is none of them', () => {
  const kinds = [
    [3, 0],
    [3, 4],
    [3, 13],
    [11, 0],
    [11, 1],
    [8, 0],
    [0, 0],
    [5, 0],
    [12, 0],
  ]
  expect(kinds.map((bytes) => icmpTypeOf(Uint8Array.from(bytes), false))).toEqual([
    ...[
      'unreachable',
      'too big',
      'unreachable',
      'time exceeded',
      'time exceeded',
      'echo',
      'echo',
      undefined,
      undefined,
    ],
  ])
  const six = [
    [1, 4],
    [2, 0],
    [3, 0],
    [128, 0],
    [129, 0],
    [4, 0],
    [3, 1],
  ]
  expect(six.map((bytes) => icmpTypeOf(Uint8Array.from(bytes), true))).toEqual([
    ...['unreachable', 'too big', 'time exceeded', 'echo', 'echo', undefined, 'time exceeded'],
  ])
})
