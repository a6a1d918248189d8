// Laws of whole networks: any graph of hosts and routers, any traffic, links that lose, wait, jitter and are cut.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { TraceRecord } from '../../../platform/trace.ts'
import { ChanceLog } from '../../../sim/faults/freeze.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import type { DelayLaw } from '../../../sim/network/laws/delay.ts'
import type { Jitter, Loss } from '../../../sim/network/medium.ts'
import type { NetemOptions } from '../../../sim/network/netem/options.ts'
import { Network, type NetworkOptions } from '../../../sim/network/network.ts'
import { readNetem } from '../../../topologies/links/netem.ts'

interface Plan {
  /** Of `routers` routers; each after the first is linked to an earlier one, and some pairs besides. */
  readonly routers: number
  readonly parents: readonly number[]
  readonly extra: readonly (readonly [number, number])[]
  /** Each host's router. */
  readonly hosts: readonly number[]
  readonly direction: Direction
  readonly sends: readonly Send[]
  readonly cuts: readonly { readonly atMs: number; readonly link: number; readonly forMs: number }[]
}
interface Send {
  readonly from: number
  readonly to: number
  readonly atMs: number
  readonly bytes: number
}

const queues: fc.Arbitrary<NonNullable<Direction['queue']>> = fc.constantFrom<NonNullable<Direction['queue']>>(
  ...[{ packets: 2 }, { bytes: 800 }, { discipline: 'priority' as const, bands: [[46]], limit: { packets: 2 } }],
  { discipline: 'weighted' as const, classes: [{ dscp: [46], weight: 3 }], rest: 1, limit: { bytes: 1500 } },
)
const losses: fc.Arbitrary<Loss> = fc.constantFrom<Loss>(
  ...[
    { model: 'random' as const, ratio: 0.2 },
    { model: 'random' as const, ratio: 0.2, correlation: 0.5 },
  ],
  { model: 'gilbert-elliott', meanRatio: 0.2, burstPackets: 2 },
  { model: 'states', toBad: 0.2, toGood: 0.4, badRatio: 0.6, goodRatio: 0.1 },
  { model: 'four-states', p13: 0.2, p31: 0.3, p32: 0.3, p23: 0.4, p14: 0.1 },
  { model: 'windows', windows: [{ fromNs: 5e6, untilNs: 20e6, loss: { model: 'random', ratio: 0.5 } }] },
)
const netems: fc.Arbitrary<NetemOptions> = fc
  .constantFrom(
    'delay 5ms 4ms 25% loss gemodel 10% 30% duplicate 20% corrupt 10%',
    'delay 3ms reorder 50% gap 3 limit 4',
    'rate 1mbit 4 48 5 loss state 20%',
    'slot 2ms 5ms packets 2 duplicate 30% delay 1ms 1ms distribution pareto',
  )
  .map((line) => readNetem(line) as NetemOptions)
const direction: fc.Arbitrary<Direction> = fc.record(
  {
    delayNs: fc.integer({ min: 1000, max: 5e6 }),
    rateBps: fc.constantFrom(256_000, 1e6, 100e6),
    mtuBytes: fc.constantFrom(300, 576),
    queue: queues,
    loss: losses,
    duplication: fc.record({ ratio: fc.constant(0.2), afterNs: fc.nat(3e6) }),
    corruption: fc.constant({ ratio: 0.2 }),
    netem: netems,
    reordering: fc.record({ ratio: fc.constant(0.3), byNs: fc.nat(9e6), gap: fc.integer({ min: 1, max: 3 }) }),
  },
  { requiredKeys: ['delayNs'] },
)
const delayLaws: fc.Arbitrary<DelayLaw> = fc.oneof(
  fc.record({ law: fc.constantFrom('normal', 'pareto', 'pareto-normal'), deviationNs: fc.nat(3e6) }),
  fc.record({ law: fc.constant('uniform'), spreadNs: fc.nat(3e6) }),
  fc.record({ law: fc.constant('right-skewed'), meanNs: fc.nat(3e6), deviationNs: fc.nat(3e6) }),
  fc.record({ law: fc.constant('measured'), valuesNs: fc.array(fc.nat(3e6), { minLength: 1, maxLength: 4 }) }),
)
const jitter: fc.Arbitrary<Jitter> = fc.oneof(
  fc.record({ mostNs: fc.integer({ min: 0, max: 9e6 }), reorders: fc.boolean() }),
  fc.record({ law: delayLaws, correlation: fc.constantFrom(0, 0.5), reorders: fc.boolean() }),
)
const small = fc.nat(9)
const plans: fc.Arbitrary<Plan> = fc.record({
  routers: fc.integer({ min: 1, max: 6 }),
  parents: fc.array(small, { minLength: 6, maxLength: 6 }),
  extra: fc.array(fc.tuple(small, small), { maxLength: 4 }),
  hosts: fc.array(small, { minLength: 2, maxLength: 5 }),
  direction: fc.oneof(
    direction,
    fc.tuple(direction, jitter).map(([some, more]) => ({ ...some, jitter: more })),
  ),
  sends: fc.array(fc.record({ from: small, to: small, atMs: fc.nat(30), bytes: fc.integer({ min: 1, max: 700 }) }), {
    minLength: 1,
    maxLength: 30,
  }),
  cuts: fc.array(fc.record({ atMs: fc.nat(30), link: small, forMs: fc.nat(20) }), { maxLength: 2 }),
})

/** Names that begin with `prefix`; addresses in 10.`area`.0.0/16. */
function declare(network: Network, plan: Plan, prefix: string, area: number, reversed = false): string[] {
  const router = (n: number): string => `${prefix}r${n % plan.routers}`
  const nodes: (() => void)[] = []
  const links = new Map<string, readonly [string, string]>()
  const join = (a: string, b: string): void => {
    if (a !== b && !links.has(`${b}--${a}`)) links.set(`${a}--${b}`, [a, b])
  }
  for (let n = 0; n < plan.routers; n++) nodes.push(() => network.router(router(n)))
  for (let n = 1; n < plan.routers; n++) join(router(n), router(plan.parents[n]! % n))
  for (const [a, b] of plan.extra) join(router(a), router(b))
  plan.hosts.forEach((at, n) => {
    nodes.push(() => network.host(`${prefix}h${n}`, { interfaces: [{ address: `10.${area}.${n}.1/24` }] }))
    join(`${prefix}h${n}`, router(at))
  })
  const all = [...links.values()]
  for (const node of reversed ? nodes.reverse() : nodes) node()
  const { direction: up } = plan
  for (const between of reversed ? [...all].reverse() : all) network.link({ between, up, down: up })
  return all.map(([a, b]) => `${a}--${b}`)
}

function start(network: Network, plan: Plan, prefix: string, area: number, links: readonly string[]): void {
  const count = plan.hosts.length
  const sockets = plan.hosts.map((_, n) => {
    const host = network.hostOf(`${prefix}h${n}`)
    const opened = host.udp({ port: 5060 }, { received: () => {}, failed: () => {} })
    if (!opened.ok) throw new Error(opened.issue.expected)
    return { host, socket: opened.value }
  })
  for (const { from, to, atMs, bytes } of plan.sends) {
    const { host, socket } = sockets[from % count]!
    const remote = host.endpoint(`10.${area}.${to % count}.1`, 5060)
    const dscp = bytes % 2 === 0 ? 46 : 0
    network.ask(atMs * 1e6, host.name, () => socket.send(remote, new Uint8Array(12), new Uint8Array(bytes), dscp))
  }
  for (const { atMs, link, forMs } of plan.cuts) {
    network.strike(atMs * 1e6, { kind: 'cut', link: links[link % links.length]! })
    network.strike((atMs + forMs) * 1e6 + 1, { kind: 'heal', link: links[link % links.length]! })
  }
}

function build(plan: Plan, more: Partial<NetworkOptions> = {}, besides?: Plan, reversed = false) {
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed: '7', level: 'everything', sinks: [(record) => records.push(record)] },
    classify: (protocol, payload) => ({ name: protocol, media: payload.length < 100 }),
    ...more,
  })
  const links = declare(network, plan, 'a', 1, reversed)
  const others = besides === undefined ? [] : declare(network, besides, 'b', 2)
  network.seal()
  if (besides !== undefined) start(network, besides, 'b', 2, others)
  start(network, plan, 'a', 1, links)
  return { network, records }
}

/** Hops from one host to another, by an independent search over the plan. */
function hops(plan: Plan, from: number, to: number): number {
  const edges = [
    ...Array.from({ length: plan.routers - 1 }, (_, n) => [n + 1, plan.parents[n + 1]! % (n + 1)] as const),
    ...plan.extra.map(([a, b]) => [a % plan.routers, b % plan.routers] as const),
  ]
  const distance: number[] = Array.from({ length: plan.routers }, (_, n) =>
    n === plan.hosts[from]! % plan.routers ? 0 : 99,
  )
  for (let round = 0; round < plan.routers; round++) {
    for (const [a, b] of edges) {
      distance[a] = Math.min(distance[a]!, distance[b]! + 1)
      distance[b] = Math.min(distance[b]!, distance[a]! + 1)
    }
  }
  return distance[plan.hosts[to]! % plan.routers]! + 1
}

describe('any network', () => {
  law.prop([plans, fc.nat(60e6)])(
    'has sent what it delivered, lost and still carries, whenever it stops',
    ({ direction: { mtuBytes: _, ...direction }, ...plan }, untilNs) => {
      const { network } = build({ ...plan, direction })
      for (const until of [untilNs, Number.POSITIVE_INFINITY]) {
        network.run(until)
        const { sent, duplicated, delivered, lost } = network.recorder.totals()
        expect(sent + duplicated).toBe(delivered + lost + network.inFlight)
      }
      expect(network.inFlight).toBe(0)
    },
  )

  law.prop([plans])('sends by the fewest hops', (plan) => {
    const { network, records } = build({ ...plan, cuts: [] }, { calm: true })
    network.run()
    for (const record of records) {
      if (record.kind !== 'delivered' || record.link === 'loopback') continue
      const [from, to] = [record.packet.source, record.packet.destination].map((address) =>
        Number(address.split('.')[2]),
      )
      expect(64 - record.ttl).toBe(hops(plan, from!, to!))
    }
  })

  law.prop([plans, fc.array(fc.nat(5), { minLength: 1, maxLength: 8 })])('runs the same in slices', (plan, slices) => {
    const whole = build(plan).network
    whole.run()
    const { network } = build(plan)
    for (let n = 0; network.run(Number.POSITIVE_INFINITY, slices[n % slices.length]! + (n % 3)) === 'slice'; n++);
    expect(network.digests()).toEqual(whole.digests())
  })

  law.prop([plans])('does not care in which order it was declared', (plan) => {
    const [one, other] = [build(plan), build(plan, {}, undefined, true)]
    one.network.run()
    other.network.run()
    expect(JSON.stringify(other.records)).toBe(JSON.stringify(one.records))
  })

  law.prop([plans, plans])('does not change by what shares no node and no link with it', (plan, besides) => {
    const [alone, beside] = [build(plan), build(plan, {}, besides)]
    alone.network.run()
    beside.network.run()
    const ours = beside.records.filter(({ id }) => id.node.startsWith('a'))
    expect(JSON.stringify(ours)).toBe(JSON.stringify(alone.records))
  })

  law.prop([plans])('is the same whether its links are fused or not, also when they are cut', (plan) => {
    const [fused, unfused] = [build(plan), build(plan, { fused: false })]
    fused.network.run()
    unfused.network.run()
    expect(unfused.network.digests()).toEqual(fused.network.digests())
    expect(unfused.network.inFlight).toBe(0)
  })

  law.prop([plans])('is the same when it is frozen: what chance decided on a tape, and chance off', (plan) => {
    const chance = new ChanceLog()
    const [chancy, noted] = [build(plan), build(plan, { chance })]
    chancy.network.run()
    noted.network.run()
    expect(noted.network.digests()).toEqual(chancy.network.digests())
    const frozen = build(plan, { calm: true, faults: chance.tape() })
    frozen.network.run()
    expect(frozen.network.digests()).toEqual(chancy.network.digests())
    expect(frozen.network.unmatchedFaults()).toEqual([])
  })

  law.prop([plans])('has the packets’ digest at every level, and one seed has one', (plan) => {
    const packets = (['counters', 'signalling', 'everything', 'everything'] as const).map((level) => {
      const { network } = build(plan, { level })
      network.run()
      return network.digests().packets
    })
    expect(new Set(packets).size).toBe(1)
  })
})
