// Random traffic between an inside and an outside, and a model of RFC 4787's words that judges what the box did with it.

import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { TracedPacket, TraceRecord } from '../../../platform/trace.ts'
import { DEPENDENCES, type Dependence, type NatOptions } from '../../../sim/boxes/nat/options.ts'
import { boxWorld, INSIDE, OUTSIDE } from './story.ts'

export const IDLE_NS = 5e9
export const FIRST = 2000
export const LAST = 2011

export interface Send {
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

export const sends: fc.Arbitrary<readonly Send[]> = fc.array(
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

export const kind = fc.constantFrom(...DEPENDENCES)
export const options: fc.Arbitrary<
  Partial<NatOptions> & { readonly mapping: Dependence; readonly filtering: Dependence }
> = fc.record({
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

export function play(nat: Partial<NatOptions>, traffic: readonly Send[], reboots: readonly number[] = []) {
  const world = boxWorld({ nat })
  const { network } = world
  for (const at of reboots) network.strike(at, { kind: 'reboot', node: 'box' })
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

export const source = ({ source: address, sourcePort }: TracedPacket): string => `${address}:${sourcePort}`
export const destination = ({ destination: address, destinationPort }: TracedPacket): string =>
  `${address}:${destinationPort}`

/** What a rule of this dependence sees of a remote endpoint. */
export function seen(dependence: Dependence, endpoint: string): string {
  if (dependence === 'address-and-port-dependent') return endpoint
  return dependence === 'address-dependent' ? endpoint.split(':')[0]! : ''
}

/** Checks every step of the box, in order. */
export function judge(records: readonly TraceRecord[], mapping: Dependence, filtering: Dependence): void {
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
    if (record.kind === 'faulted') {
      known.clear()
      mapped.clear()
    }
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
