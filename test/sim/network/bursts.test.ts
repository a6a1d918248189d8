// Bursts of simultaneous events among restless hosts, struck at the very ticks of arrival: the same to the bit, whatever the kernel looks at.

import { fc, test as law } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { TraceLevel } from '../../../platform/trace.ts'
import { ChanceLog } from '../../../sim/faults/freeze.ts'
import type { Incident } from '../../../sim/faults/incident.ts'
import { Network, type NetworkOptions } from '../../../sim/network/network.ts'
import { runs } from '../runs.ts'
import { Restless } from './restless.ts'

const OPEN = ['a', 'b', 'c', 'd'] as const
const HIDDEN = ['m', 'n'] as const
const HOSTS = [...OPEN, ...HIDDEN]
const MS = 1e6
const END_NS = 200 * MS

interface Struck {
  readonly atMs: number
  readonly incident: Incident
}

interface Plan {
  readonly seed: number
  readonly turns: number
  readonly delayNs: number
  readonly lossRatio: number
  readonly queued: boolean
  readonly struck: readonly Struck[]
}

interface How extends Partial<NetworkOptions> {
  /** Events in each slice; default all at once. */
  readonly slice?: number
  /** It stands still each so many ns; default not before the end. */
  readonly pauseNs?: number
  /** Strangers of so many endpoints, one of whom has a receiver for itself: then the kernel looks ahead. */
  readonly endpoints?: number
  /** Clocks that are stated, right as they are. */
  readonly stated?: boolean
}

const classify = () => ({ name: 'UDP', media: false })

/** Four hosts and two behind a NAT, all of them restless, on one router; what they heard, and all that can be told of the run. */
function play({ seed, turns, delayNs, lossRatio, queued, struck }: Plan, how: How = {}) {
  const { slice = 1e9, pauseNs = END_NS, endpoints = 0, stated = false, ...options } = how
  const network = new Network({ seed: `${seed}`, level: 'everything', classify, sinks: [], ...options })
  const clock = stated ? { clock: {} } : {}
  const way = {
    delayNs,
    ...(lossRatio > 0 && { loss: { model: 'random', ratio: lossRatio } as const }),
    ...(queued && { rateBps: 1e6, queue: { packets: 4 } }),
  }
  network.router('r')
  network.nat('nat', {
    inside: '192.168.1.1/24',
    outside: '198.51.100.1/30',
    filtering: 'endpoint-independent',
    hairpin: 'external',
  })
  for (const [index, name] of OPEN.entries())
    network.host(name, { interfaces: [{ address: `10.0.${index}.1/24` }], ...clock })
  for (const [index, name] of HIDDEN.entries())
    network.host(name, { interfaces: [{ address: `192.168.1.${10 + index}/24` }], ...clock })
  network.host('warehouse', { interfaces: [{ address: '10.9.0.1/24' }] })
  for (const name of [...OPEN, 'nat', 'warehouse']) network.link({ between: [name, 'r'], up: way, down: way })
  for (const name of HIDDEN) network.link({ between: [name, 'nat'], up: way, down: way })
  network.seal()
  const heard: string[] = []
  const addresses = [...OPEN.map((_, index) => `10.0.${index}.1`), '198.51.100.1', '192.168.1.10', '10.0.9.9']
  const lives = new Map<string, number>()
  const start = (name: string): void => {
    const life = (lives.get(name) ?? 0) + 1
    lives.set(name, life)
    new Restless(network.hostOf(name), life, turns, { addresses, say: (line) => heard.push(line) })
  }
  network.incidents.restart = start
  for (const name of HOSTS) network.ask(0, name, () => start(name))
  if (endpoints > 0) stock(network, endpoints)
  for (const { atMs, incident } of struck) network.strike(atMs * MS, incident)
  for (let until = pauseNs; until < END_NS; until += pauseNs) while (network.run(until, slice) === 'slice');
  while (network.run(END_NS, slice) === 'slice');
  const { inFlight, recorder } = network
  return { heard, inFlight, digests: network.digests(), totals: recorder.totals() }
}

/** A host that knows so many endpoints, and then opens a port. */
function stock(network: Network, endpoints: number): void {
  const host = network.hostOf('warehouse')
  for (let n = 0; n < endpoints; n++) host.endpoint(`10.9.1.${1 + (n >> 14)}`, 1 + (n & 0x3fff))
  expect(host.udp({ port: 9 }, { received: () => undefined, failed: () => undefined }).ok).toBe(true)
}

const atMs = fc.nat({ max: 20 })
const node = fc.constantFrom(...HOSTS)
const forNs = fc.constantFrom(1, MS, 2 * MS, 5 * MS)
const link = fc.constantFrom('a--r', 'b--r', 'nat--r', 'm--nat')
const incident: fc.Arbitrary<Incident> = fc.oneof(
  fc.record({ kind: fc.constantFrom('crash' as const, 'kill' as const), node, forNs }),
  fc.record({ kind: fc.constant('reboot' as const), node: fc.constant('nat') }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('reboot' as const), node: fc.constant('nat'), forNs }),
  fc.record({ kind: fc.constant('freeze' as const), node, forNs }),
  fc.record({
    kind: fc.constant('slow' as const),
    node,
    forNs,
    packetNs: fc.constantFrom(0, 1, MS),
    timerNs: fc.constantFrom(0, MS),
  }),
  fc.record({
    kind: fc.constant('clock' as const),
    node,
    stepMs: fc.constantFrom(-3, 0, 5),
    driftRatio: fc.constantFrom(0, 1, -0.5),
  }),
  fc.record({ kind: fc.constant('cut' as const), link, forNs }),
)
const plan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.nat(),
  turns: fc.integer({ min: 1, max: 40 }),
  delayNs: fc.constantFrom(MS, MS, MS / 2, 1000),
  lossRatio: fc.constantFrom(0, 0, 0.1),
  queued: fc.boolean(),
  struck: fc.array(fc.record({ atMs, incident }), { maxLength: 8 }),
})

/** Where the kernel begins to look ahead. */
const MANY = 0x4000

law.prop([plan, fc.constantFrom<TraceLevel>('counters', 'signalling')], { numRuns: runs(6) })(
  'a burst is the same',
  (one, level) => {
    const chance = new ChanceLog()
    const first = play(one, { chance })
    expect(play(one, { endpoints: MANY })).toEqual(first)
    expect(play(one, { endpoints: MANY, slice: 1 })).toEqual(first)
    expect(play(one, { endpoints: MANY, fused: false })).toEqual(first)
    expect(play(one, { endpoints: MANY, stated: true })).toEqual(first)
    expect(play(one, { slice: 3, fused: false, stated: true })).toEqual(first)
    expect(play(one, { endpoints: MANY, pauseNs: MS })).toEqual(first)
    expect(play(one, { slice: 2, pauseNs: 333_333.25 })).toEqual(first)
    expect(play(one, { endpoints: MANY, faults: chance.tape(), calm: true })).toEqual(first)
    const { digests, ...rest } = play(one, { endpoints: MANY, level })
    expect(rest).toEqual({ heard: first.heard, inFlight: first.inFlight, totals: first.totals })
    expect(first.digests).toMatchObject(digests)
    const [asked, hears] = [/\d is asked for$/, /: \d hears /]
    first.heard.forEach((line, n) => {
      if (hears.test(line)) expect(first.heard[n - 1]).toMatch(asked)
    })
    expect(first.heard.filter((line) => asked.test(line)).length).toBe(
      first.heard.filter((line) => hears.test(line)).length,
    )
  },
)
