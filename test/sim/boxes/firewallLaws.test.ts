// A law of firewalls over random rules and traffic, judged from the record alone by a model that knows only what docs/firewalls.md says.

import { fc, test as law } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { TracedPacket } from '../../../platform/trace.ts'
import type { FirewallRule } from '../../../sim/boxes/firewall/options.ts'
import { ping } from '../../../sim/network/ping.ts'
import { boxWorld, INSIDE, OUTSIDE } from './story.ts'

const IDLE_NS = 2e9
const PORTS = [80, 81, 82]

/** Somebody asks for something, in quarters of a second, so that much comes just when a flow is forgotten. */
const asked = fc.record({
  out: fc.boolean(),
  inside: fc.nat(INSIDE.length - 1),
  outside: fc.nat(OUTSIDE.length - 1),
  what: fc.constantFrom('datagram', 'datagram', 'closed', 'ping', 'far ping'),
  ports: fc.tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS)),
  quarter: fc.nat(60),
})

const rule: fc.Arbitrary<FirewallRule> = fc
  .record(
    {
      action: fc.constantFrom('allow' as const, 'drop' as const, 'reject' as const),
      direction: fc.constantFrom('in' as const, 'out' as const),
      protocol: fc.constantFrom('udp' as const, 'icmp' as const, 'tcp' as const),
      from: fc.constantFrom('10.0.0.2/31', '198.51.100.7/32', '0.0.0.0/0'),
      to: fc.constantFrom('10.0.0.3/32', '198.51.100.0/24', '10.0.0.0/8'),
      ports: fc.constantFrom([80, 80] as const, [81, 82] as const, [0, 65_535] as const),
      types: fc.uniqueArray(fc.constantFrom('echo' as const, 'unreachable' as const, 'time exceeded' as const), {
        minLength: 1,
      }),
    },
    { requiredKeys: ['action'] },
  )
  .map(({ types, ports, ...rest }) => ({
    ...rest,
    ...(rest.protocol === 'icmp' ? types && { types } : ports && { ports }),
  }))

const options = fc.record({ stateful: fc.boolean(), rules: fc.array(rule, { maxLength: 4 }) })

/** Addresses in a prefix, by their bits. */
function isIn(address: string, prefix = '0.0.0.0/0'): boolean {
  const [network = '', length = '0'] = prefix.split('/')
  const number = (text: string): number => text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
  const unit = 2 ** (32 - Number(length))
  return Math.floor(number(address) / unit) === Math.floor(number(network) / unit)
}

const TYPES: Readonly<Record<number, string>> = { 0: 'echo', 3: 'unreachable', 8: 'echo', 11: 'time exceeded' }

/** The flow that a packet is of: of UDP both endpoints, of an echo who asks, what and whom; of an error that of the packet in it. */
function flowOf({ protocol, source, sourcePort, destination, destinationPort, payload }: TracedPacket): string {
  if (protocol === 'udp') return [`${source}:${sourcePort}`, `${destination}:${destinationPort}`].sort().join(' ')
  const address = (at: number): string => payload.subarray(at, at + 4).join('.')
  const word = (at: number): number => payload[at]! * 256 + payload[at + 1]!
  const echo = (type: number, id: number, from: string, to: string): string =>
    type === 8 ? `${from} asks ${to} ${id}` : `${to} asks ${from} ${id}`
  if (TYPES[payload[0]!] === 'echo') return echo(payload[0]!, word(4), source, destination)
  const [from, to] = [address(20), address(24)]
  if (payload[17] === 1) return echo(payload[28]!, word(32), from, to)
  return [`${from}:${word(28)}`, `${to}:${word(30)}`].sort().join(' ')
}

function matches(rule: FirewallRule, packet: TracedPacket, direction: 'in' | 'out'): boolean {
  const { protocol, source, destination, destinationPort, payload } = packet
  return (
    (rule.direction ?? direction) === direction &&
    (rule.protocol ?? protocol) === protocol &&
    isIn(source, rule.from) &&
    isIn(destination, rule.to) &&
    (rule.ports === undefined ||
      (protocol === 'udp' && destinationPort >= rule.ports[0] && destinationPort <= rule.ports[1])) &&
    (rule.types === undefined || (rule.types as readonly string[]).includes(TYPES[payload[0]!]!))
  )
}

law.prop([options, fc.array(asked, { minLength: 1, maxLength: 40 })], { numRuns: 100 })(
  'a firewall lets through what its rules allow and what belongs to a flow that it remembers, and nothing else',
  ({ stateful, rules }, all) => {
    const { network, records, auditor } = boxWorld({ firewall: { stateful, rules, udpNs: IDLE_NS } })
    const nobody = { received: () => {}, failed: () => {} }
    const sockets = [...INSIDE.map((_, n) => `in${n}`), ...OUTSIDE.map((_, n) => `out${n}`)].map((name) => {
      const opened = PORTS.map((port) => network.hostOf(name).udp({ port }, nobody))
      return [name, opened.map((one) => (one.ok ? one.value : undefined))] as const
    })
    const known = new Map(sockets)
    for (const { out, inside, outside, what, ports, quarter } of all) {
      const [who, whom] = out ? [`in${inside}`, OUTSIDE[outside]!] : [`out${outside}`, INSIDE[inside]!]
      const host = network.hostOf(who)
      network.ask(quarter * 250e6, who, () => {
        if (what.endsWith('ping')) {
          const once = { to: whom, count: 1, everyMs: 1000, bytes: 8, timeoutMs: 1000 }
          // From inside the box has one hop taken, from outside the router before it has.
          ping(host, { ...once, ...(what === 'far ping' && { ttl: 2 }) })
        } else {
          const port = what === 'closed' ? 99 : ports[1]
          known.get(who)![PORTS.indexOf(ports[0])]!.send(host.endpoint(whom, port), new Uint8Array(0), Uint8Array.of(1))
        }
      })
    }
    network.run()
    expect(auditor().end(network.inFlight).violations).toEqual([])
    const flows = new Map<string, number>()
    for (const record of records) {
      if ((record.kind !== 'forwarded' && record.kind !== 'lost') || record.id.node !== 'box') continue
      if (record.kind === 'lost' && record.why !== 'filtered by firewall') continue
      const { packet, at } = record
      const direction = isIn(packet.destination, '10.0.0.0/24') ? 'in' : 'out'
      const flow = flowOf(packet)
      const isRemembered = at - (flows.get(flow) ?? Number.NEGATIVE_INFINITY) < IDLE_NS
      const first = rules.find((rule) => matches(rule, packet, direction))
      const allowed = isRemembered || (first?.action ?? (direction === 'out' ? 'allow' : 'drop')) === 'allow'
      expect(record.kind === 'forwarded', JSON.stringify(packet)).toBe(allowed)
      const isError = packet.protocol === 'icmp' && TYPES[packet.payload[0]!] !== 'echo'
      if (allowed && stateful && !isError) flows.set(flow, at)
    }
  },
)
