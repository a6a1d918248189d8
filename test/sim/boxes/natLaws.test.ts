// Laws of NATs over random traffic, judged from the record alone by a model that knows only RFC 4787's words.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { TracedPacket, TraceRecord } from '../../../platform/trace.ts'
import { DEPENDENCES, type Dependence, type NatOptions } from '../../../sim/boxes/nat/options.ts'
import { boxWorld, INSIDE, OUTSIDE } from './story.ts'

const IDLE_NS = 5e9
const FIRST = 2000
const LAST = 2011

interface Send {
  /** From inside to outside, or to one of the box's ports. */
  readonly out: boolean
  readonly host: number
  readonly port: number
  readonly remote: number
  readonly remotePort: number
  readonly outsidePort: number
  /** In quarters of a second, so that many come exactly at a mapping's end. */
  readonly quarter: number
}

const sends: fc.Arbitrary<readonly Send[]> = fc.array(
  fc.record({
    out: fc.boolean(),
    host: fc.nat(INSIDE.length - 1),
    port: fc.integer({ min: FIRST - 2, max: FIRST + 2 }),
    remote: fc.nat(OUTSIDE.length - 1),
    remotePort: fc.integer({ min: 80, max: 81 }),
    outsidePort: fc.integer({ min: FIRST - 2, max: LAST }),
    quarter: fc.nat(80),
  }),
  { minLength: 1, maxLength: 60 },
)

const kind = fc.constantFrom(...DEPENDENCES)
const options: fc.Arbitrary<Partial<NatOptions> & { readonly mapping: Dependence; readonly filtering: Dependence }> =
  fc.record({
    mapping: kind,
    filtering: kind,
    timers: fc.constant({ udpNs: IDLE_NS }),
    pooling: fc.constantFrom('paired', 'arbitrary'),
    pool: fc.constantFrom([], ['203.0.113.10']),
    ports: fc.record({
      assignment: fc.constantFrom('preserve', 'sequential', 'random'),
      parity: fc.boolean(),
      contiguity: fc.boolean(),
      first: fc.constant(FIRST),
      last: fc.constantFrom(FIRST + 2, LAST),
    }),
  })

function play(nat: Partial<NatOptions>, traffic: readonly Send[]) {
  const world = boxWorld({ nat })
  const { network } = world
  const nobody = { received: () => {}, failed: () => {} }
  const open = (name: string, port: number) => {
    const opened = network.hostOf(name).udp({ port }, nobody)
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  const inside = INSIDE.map((_, n) => [0, 1, 2, 3, 4].map((offset) => open(`in${n}`, FIRST - 2 + offset)))
  const outside = OUTSIDE.map((_, n) => [80, 81].map((port) => open(`out${n}`, port)))
  for (const { out, host, port, remote, remotePort, outsidePort, quarter } of traffic) {
    const name = out ? `in${host}` : `out${remote}`
    const socket = out ? inside[host]![port - FIRST + 2]! : outside[remote]![remotePort - 80]!
    const to = out ? ([OUTSIDE[remote]!, remotePort] as const) : (['203.0.113.9', outsidePort] as const)
    // An inside host's packet takes 1 µs to the box, an outside host's 2.
    const at = quarter * 2.5e8 - (out ? 0 : 1000)
    network.ask(Math.max(0, at), name, () =>
      socket.send(network.hostOf(name).endpoint(...to), new Uint8Array(0), Uint8Array.of(1)),
    )
  }
  network.run()
  return world
}

/** What RFC 4787 knows of one outside endpoint. */
interface Known {
  readonly inside: string
  /** What the mapping is for: the inside endpoint, and what its kind sees of the remote one. */
  readonly key: string
  lastAt: number
  readonly spokenTo: Map<string, number>
}

const source = ({ source: address, sourcePort }: TracedPacket): string => `${address}:${sourcePort}`
const destination = ({ destination: address, destinationPort }: TracedPacket): string => `${address}:${destinationPort}`

/** What a rule of this dependence sees of a remote endpoint. */
function seen(dependence: Dependence, endpoint: string): string {
  if (dependence === 'address-and-port-dependent') return endpoint
  return dependence === 'address-dependent' ? endpoint.split(':')[0]! : ''
}

/** Checks every step of the box, in order. */
function judge(records: readonly TraceRecord[], mapping: Dependence, filtering: Dependence): void {
  const known = new Map<string, Known>()
  const mapped = new Map<string, string>()
  const isAlive = (endpoint: string | undefined, at: number): boolean => {
    const one = endpoint === undefined ? undefined : known.get(endpoint)
    return one !== undefined && at - one.lastAt < IDLE_NS
  }
  const admits = (outside: string, remote: string, at: number): boolean => {
    const spokenAt = known.get(outside)?.spokenTo.get(seen(filtering, remote)) ?? Number.NEGATIVE_INFINITY
    return isAlive(outside, at) && at - spokenAt < IDLE_NS
  }
  for (const record of records) {
    if (record.id.node !== 'box') continue
    const { at } = record
    if (record.kind === 'translated' && INSIDE.includes(record.before.source)) {
      const [inside, outside, remote] = [source(record.before), source(record.packet), destination(record.packet)]
      const key = `${inside} ${seen(mapping, remote)}`
      const own = mapped.get(key)
      if (isAlive(own, at) && known.get(own!)!.key === key) expect(outside, 'a living mapping is used').toBe(own)
      else
        expect(isAlive(outside, at), `${outside} is shared by ${inside} and ${known.get(outside)?.inside}`).toBe(false)
      if (!isAlive(outside, at)) known.set(outside, { inside, key, lastAt: at, spokenTo: new Map() })
      mapped.set(key, outside)
      const one = known.get(outside)!
      one.lastAt = at
      one.spokenTo.set(seen(filtering, remote), at)
    } else if (record.kind === 'translated') {
      const [remote, outside] = [source(record.before), destination(record.before)]
      expect(admits(outside, remote, at), `${outside} let ${remote} in at ${at}`).toBe(true)
      expect(destination(record.packet)).toBe(known.get(outside)!.inside)
      expect(source(record.packet)).toBe(remote)
    } else if (record.kind === 'lost' && record.why === 'filtered by NAT') {
      const [remote, outside] = [source(record.packet), destination(record.packet)]
      expect(admits(outside, remote, at), `${outside} kept ${remote} out at ${at}`).toBe(false)
    }
  }
}

describe('any NAT without overloading, any traffic', () => {
  law.prop([options, sends])(
    'shares no outside endpoint, lets a mapping die exactly at its time, admits who may come in and nobody else',
    (nat, traffic) => {
      const { records } = play(nat, traffic)
      judge(records, nat.mapping, nat.filtering)
    },
  )

  law.prop([kind, kind, fc.integer({ min: 1, max: 9e9 }), fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }))])(
    'is open to whom it was spoken to until the last tick of its life, and not at the next',
    (mapping, filtering, udpNs, gaps) => {
      for (const [earlier, state] of [
        [1, 'open'],
        [0, 'dead'],
      ] as const) {
        const { network, records } = boxWorld({ nat: { mapping, filtering, timers: { udpNs } } })
        const nobody = { received: () => {}, failed: () => {} }
        const [inner, outer] = [network.hostOf('in0'), network.hostOf('out0')]
        const [near, far] = [inner.udp({ port: 5060 }, nobody), outer.udp({ port: 80 }, nobody)]
        if (!near.ok || !far.ok) throw new Error('no socket')
        let at = 5000
        const speak = (): void => near.value.send(inner.endpoint(OUTSIDE[0]!, 80), new Uint8Array(0), Uint8Array.of(1))
        network.ask(at, 'in0', speak)
        for (const gap of gaps) {
          at += Math.ceil(gap * udpNs)
          network.ask(at, 'in0', speak)
        }
        // From inside it is 1 µs to the box, from outside 2.
        const knock = (): void =>
          far.value.send(outer.endpoint('203.0.113.9', 5060), new Uint8Array(0), Uint8Array.of(2))
        network.ask(at - 1000 + udpNs - earlier, 'out0', knock)
        network.run()
        const lost = records.some((record) => record.kind === 'lost' && record.why === 'filtered by NAT')
        expect(lost ? 'dead' : 'open').toBe(state)
      }
    },
  )

  law.prop([sends, fc.constantFrom(FIRST + 2, LAST)])(
    'shares ports by remote, where it is like Linux: two who speak to one remote endpoint never have the same',
    (traffic, last) => {
      const ports = { overload: 'by remote', parity: false, first: FIRST, last } as const
      const rest = { mapping: 'address-and-port-dependent', timers: { udpNs: IDLE_NS } } as const
      const { records } = play({ ...rest, ports }, traffic)
      const owners = new Map<string, { readonly inside: string; at: number }>()
      for (const record of records) {
        if (record.kind !== 'translated') continue
        const { before, packet, at } = record
        const isOut = INSIDE.includes(before.source)
        const flow = isOut ? `${source(packet)} ${destination(packet)}` : `${destination(before)} ${source(before)}`
        const owner = owners.get(flow)
        const isOwned = owner !== undefined && at - owner.at < IDLE_NS
        const inside = isOut ? source(before) : destination(packet)
        if (isOwned || !isOut) expect(inside, flow).toBe(owner?.inside)
        if (isOut) owners.set(flow, { inside, at })
      }
    },
  )

  law.prop([options, sends])('breaks no law of physics, and loses nothing without a why', (nat, traffic) => {
    const { network, auditor } = play(nat, traffic)
    expect(auditor().end(network.inFlight).violations).toEqual([])
    const { sent, delivered, lost } = network.recorder.totals()
    expect(sent).toBe(delivered + lost + network.inFlight)
  })

  law.prop([options, sends])('is the same run each time', (nat, traffic) => {
    expect(play(nat, traffic).network.digests()).toEqual(play(nat, traffic).network.digests())
  })
})
