// Random networks and transfers over them, and what must hold of each.

import { fc } from '@fast-check/vitest'
import type { LinkFacts } from '../../../experiments/auditor/law.ts'
import { classify } from '../../../experiments/classify.ts'
import type { Sent, TraceRecord } from '../../../platform/trace.ts'
import type { Incident } from '../../../sim/faults/incident.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import type { Direction } from '../../../sim/network/direction.ts'
import { Network, type NetworkOptions } from '../../../sim/network/network.ts'
import { Segment } from '../../../sim/transport/tcp/header.ts'
import type { TcpSettings } from '../../../sim/transport/tcp/settings.ts'
import { Side } from './side.ts'

const UNTIL_NS = 1e14

/** A network, what goes wrong on it, and what is sent. */
export interface World {
  readonly link: Direction
  readonly tcp: TcpSettings
  readonly faults: readonly FaultRule[]
  /** What each side sends, piece by piece, bytes. */
  readonly pieces: readonly (readonly number[])[]
  readonly seed: string
  /** The receiving program stops for so long after every so many bytes; 0: never. */
  readonly pauseEvery: number
}

const action: fc.Arbitrary<FaultRule['action']> = fc.oneof(
  fc.constant({ drop: true } as const),
  fc.record({ delayNs: fc.integer({ min: 0, max: 300_000_000 }) }),
  fc.record({ duplicateAfterNs: fc.integer({ min: 0, max: 50_000_000 }) }),
  fc.record({ corruptBit: fc.nat(20_000) }),
  fc.constant({ swap: true } as const),
)

/** Any of them. */
export const world: fc.Arbitrary<World> = fc.record({
  link: fc
    .tuple(
      fc.integer({ min: 1000, max: 60_000_000 }),
      fc.constantFrom(undefined, 256_000, 10_000_000, 1_000_000_000),
      fc.constantFrom(undefined, 0.01, 0.1, 0.3),
      fc.constantFrom(undefined, { mostNs: 20_000_000, reorders: true }, { mostNs: 5_000_000 }),
      fc.constantFrom(undefined, { packets: 8 }, { bytes: 20_000 }),
    )
    .map(([delayNs, rateBps, ratio, jitter, queue]) => ({
      delayNs,
      ...(rateBps === undefined ? {} : { rateBps }),
      ...(ratio === undefined ? {} : { loss: { model: 'random', ratio } as const }),
      ...(jitter === undefined ? {} : { jitter }),
      ...(queue === undefined || rateBps === undefined ? {} : { queue }),
    })),
  tcp: fc.record(
    {
      nagle: fc.boolean(),
      delayedAckMs: fc.constantFrom(0, 40, 400),
      timestamps: fc.boolean(),
      windowScale: fc.boolean(),
      selectiveAcknowledgments: fc.boolean(),
      mss: fc.constantFrom(64, 536, 1460),
      receiveBufferBytes: fc.constantFrom(200, 3000, 65_535, 300_000),
      sendBufferBytes: fc.constantFrom(1000, 1_000_000),
      minimumRtoMs: fc.constantFrom(200, 1000),
      initialWindowSegments: fc.constantFrom(1, 10),
    },
    { requiredKeys: [] },
  ),
  faults: fc.array(
    fc.record({
      where: fc.constantFrom('a--b from a', 'a--b from b'),
      match: fc.record({ ordinal: fc.integer({ min: 1, max: 40 }) }),
      action,
    }),
    { maxLength: 12 },
  ),
  pieces: fc.tuple(
    fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 6 }),
    fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 3 }),
  ),
  seed: fc.nat(1000).map(String),
  pauseEvery: fc.constantFrom(0, 0, 500, 5000),
})

/** What stands between the two: nothing but the link, or a box with one such link on either side. */
export interface Way {
  readonly box?: 'router' | 'nat' | 'firewall'
  /** Of the links on either side of the box, bytes. */
  readonly mtus?: readonly number[]
  /** Incidents, and when, ns. */
  readonly strikes?: readonly (readonly [atNs: number, Incident])[]
}

/** Any box, and what the links on either side of it carry. */
export const way: fc.Arbitrary<Way> = fc.record({
  box: fc.constantFrom('router' as const, 'nat' as const, 'firewall' as const),
  mtus: fc.tuple(...[0, 1].map(() => fc.constantFrom(1500, 1400, 576, 296, 100))),
})
/** Rules about one of the two links, and each way of it. */
const place = fc.constantFrom('a--box from a', 'a--box from box', 'box--b from box', 'box--b from b')
/** Any world with a box in the middle; of two links that each lose a third, little would be left in a day. */
export const boxed: fc.Arbitrary<World> = fc
  .tuple(world, fc.array(place, { minLength: 12, maxLength: 12 }))
  .map(([one, places]) => ({
    ...one,
    link: one.link.loss === undefined ? one.link : { ...one.link, loss: { model: 'random', ratio: 0.1 } as const },
    faults: one.faults.map((rule, n) => ({ ...rule, where: places[n]! })),
  }))

/** What hosts and their link may suffer and a connection survives. */
export const strikes: fc.Arbitrary<readonly (readonly [number, Incident])[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 5e9 }),
    fc.integer({ min: 1, max: 20e9 }).chain((forNs) =>
      fc.oneof(
        fc.constantFrom<Incident>(
          { kind: 'cut', link: 'a--b', forNs },
          { kind: 'cut', link: 'a--b', from: 'a', forNs },
          { kind: 'flap', link: 'a--b', downNs: forNs, upNs: 1e9, times: 3 },
        ),
        fc
          .constantFrom('a', 'b')
          .chain((node) =>
            fc.constantFrom<Incident>(
              { kind: 'freeze', node, forNs },
              { kind: 'freeze', node, forNs, buffer: { packets: 2 } },
              { kind: 'slow', node, packetNs: 30e6, timerNs: 1e6, forNs },
              { kind: 'clock', node, stepMs: 5000, driftRatio: 0.2 },
            ),
          ),
      ),
    ),
  ),
  { minLength: 1, maxLength: 5 },
)

/** Runs it to its end. */
export function run(world: World, more: Partial<NetworkOptions> = {}, way: Way = {}) {
  const { link, tcp, faults, pieces, seed, pauseEvery } = world
  const { box, mtus = [], strikes = [] } = way
  const records: TraceRecord[] = []
  const network = new Network({
    ...{ seed, level: 'everything', classify, faults, sinks: [(record) => records.push(record)] },
    ...more,
  })
  const addresses = ['10.0.0.1', box === undefined ? '10.0.0.2' : '10.0.1.2']
  const names = ['a', 'b']
  names.forEach((name, n) => {
    network.host(name, {
      interfaces: [{ address: `${addresses[n]}/24` }],
      ...(box !== undefined && { gateway: 'box' }),
      tcp: { mslMs: 1000, giveUpMs: 3.6e6, giveUpOpeningMs: 3.6e6, ...tcp },
    })
  })
  if (box === undefined) network.link({ between: ['a', 'b'], up: link, down: link })
  else {
    if (box === 'nat') network.nat('box', { inside: '10.0.0.254/24', outside: '10.0.1.254/24' })
    else if (box === 'firewall') network.firewall('box', { inside: '10.0.0.254/24', outside: '10.0.1.254/24' })
    else network.router('box')
    const [near = 1500, far = 1500] = mtus
    const [one, other] = [near, far].map((mtuBytes) => ({ ...link, mtuBytes }))
    network.link({ between: ['a', 'box'], up: one!, down: one! })
    network.link({ between: ['box', 'b'], up: other!, down: other! })
  }
  network.seal()
  const hosts = names.map((name) => network.hostOf(name))
  const sides = hosts.map((host, n) => new Side(n, pieces[n]!, pauseEvery, (perform) => host.after(700, perform)))
  network.ask(0, 'a', () => {
    const [a, b] = hosts
    const listening = b!.tcp.listen(
      { port: 80 },
      {
        accepted: (connection) => {
          sides[1]!.begin(connection)
          return sides[1]!.receiver()
        },
      },
    )
    const opened = a!.tcp.connect(a!.endpoint(addresses[1]!, 80), {}, sides[0]!.receiver())
    if (!opened.ok || !listening.ok) throw new Error('not opened')
    sides[0]!.begin(opened.value)
  })
  for (const [atNs, incident] of strikes) network.strike(atNs, incident)
  network.run(UNTIL_NS)
  return { network, records, sides }
}

/** What the auditor may hold the link to: the tape and the jitter may shuffle. */
export function factsOf({ link: { delayNs, rateBps } }: World): readonly LinkFacts[] {
  return [
    ['a', 'b'],
    ['b', 'a'],
  ].map(([from, to]) => ({
    ...{ name: `a--b from ${from}`, from: from!, to: to!, delayNs, queueKeepsOrder: true, arriveInOrder: false },
    ...(rateBps === undefined ? {} : { rateBps }),
  }))
}

/** Bytes. */
export function total(pieces: readonly number[]): number {
  return pieces.reduce((sum, one) => sum + one, 0)
}

/** Segments that carry more than the window in which they were sent, by what their sender had heard; a probe's one byte excepted. */
export function beyondWindow(records: readonly TraceRecord[]): string[] {
  const edges = new Map<string, number>()
  const scales = new Map<string, number>()
  const wrong: string[] = []
  for (const record of records) {
    if (record.kind !== 'sent' && record.kind !== 'delivered') continue
    if (record.packet.protocol !== 'tcp') continue
    const segment = new Segment()
    const header = segment.read(record.packet.payload, 0)
    const length = record.packet.payload.length - header
    const { node } = record.id
    const isSyn = (segment.flags & 2) !== 0
    if (record.kind === 'sent') {
      if (isSyn) scales.set(`${node} sends`, segment.scale)
      const edge = edges.get(node)
      const end = (segment.sequence + length) | 0
      if (length > 1 && edge !== undefined && ((end - edge) | 0) > 0) wrong.push(`${at(record)} by ${(end - edge) | 0}`)
      continue
    }
    if (isSyn) scales.set(`${node} hears`, segment.scale)
    const [ours, theirs] = [scales.get(`${node} sends`) ?? -1, scales.get(`${node} hears`) ?? -1]
    const shift = isSyn || ours < 0 || theirs < 0 ? 0 : theirs
    if ((segment.flags & 16) === 0) continue
    const edge = (segment.acknowledgment + (segment.window << shift)) | 0
    const known = edges.get(node)
    if (known === undefined || ((edge - known) | 0) > 0) edges.set(node, edge)
  }
  return wrong
}

/** Segments that carry what their sender had heard to be there, by selective acknowledgments; a probe's one byte excepted. */
export function sentInVain(records: readonly TraceRecord[]): string[] {
  const firsts = new Map<string, number>()
  const heard = new Map<string, Uint8Array>()
  const wrong: string[] = []
  for (const record of records) {
    if ((record.kind !== 'sent' && record.kind !== 'delivered') || record.packet.protocol !== 'tcp') continue
    const segment = new Segment()
    const length = record.packet.payload.length - segment.read(record.packet.payload, 0)
    const { node } = record.id
    if (record.kind === 'sent') {
      if ((segment.flags & 2) !== 0) firsts.set(node, segment.sequence)
      const from = (segment.sequence - firsts.get(node)!) | 0
      if (
        length > 1 &&
        heard
          .get(node)
          ?.subarray(from, from + length)
          .includes(1)
      )
        wrong.push(at(record))
      continue
    }
    const known = heard.get(node) ?? new Uint8Array(60_000)
    heard.set(node, known)
    const edge = (n: number): number => (segment.blocks[n]! - firsts.get(node)!) | 0
    for (let n = 0; n < segment.blockNumbers; n += 2) known.fill(1, edge(n), edge(n + 1))
  }
  return wrong
}

function at({ at: ns, id }: Sent): string {
  return `${ns / 1e6} ms ${id.node}`
}
