// From a capture's frames to observations. A packet that was captured at several places on its way is seen once.

import { hashBytes } from '../../platform/digest.ts'
import type { Observation, Place } from '../oracles/observation.ts'
import { type Content, contentOf, sipIn } from '../oracles/payload.ts'
import { unreachableIn } from '../oracles/unreachable.ts'
import { Recent } from '../recent.ts'
import type { Frame } from './frames.ts'
import { type IpPacket, ipIn, Reassembly } from './packets.ts'
import { TcpDirection } from './stream.ts'

const ICMP = 1
const TCP = 6
const UDP = 17
const ICMPV6 = 58
/** So many directions of connections are followed at most. */
const MOST_DIRECTIONS = 10_000

/** One packet passes several places of one machine within 5 ms. */
const SAME_PACKET_NS = 5e6

/** How often a datagram was seen, and where. */
interface Seen {
  total: number
  readonly at: Map<number, number>
  readonly ids: Map<number, { readonly ttl: number; readonly at: number }>
}

/** Where an observation goes; `again` for one that was captured a second time on its way, which no oracle may see. */
export type Observer = (seen: Observation, frame: number, again: boolean) => void

/** Takes frames in their order. Memory: fragments and connections that are open, and what was seen lately. */
export class Dissector {
  readonly #observe: Observer
  readonly #reassembly = new Reassembly()
  readonly #directions = new Map<string, TcpDirection>()
  readonly #seen = new Recent<string, Seen>(20_000)
  /** The frame that is read now. */
  #frame: Frame | undefined

  constructor(observe: Observer) {
    this.#observe = observe
  }

  take(frame: Frame): void {
    const bytes = ipIn(frame.linkType, frame.bytes)
    const packet = bytes === undefined ? undefined : this.#reassembly.take(bytes)
    if (packet === undefined) return
    this.#frame = frame
    if (packet.protocol === UDP) this.#datagram(packet)
    else if (packet.protocol === TCP) this.#segment(packet)
    else if (packet.protocol === ICMP || packet.protocol === ICMPV6)
      this.#tell(
        unreachableIn(packet.payload),
        'udp',
        { address: packet.source, port: 0 },
        { address: packet.destination, port: 0 },
        false,
      )
  }

  #datagram({ source, destination, payload, id, ttl }: IpPacket): void {
    if (payload.length < 8) return
    const from = { address: source, port: half(payload, 0) }
    const to = { address: destination, port: half(payload, 2) }
    const length = half(payload, 4)
    // The frame's bytes go; what is read of it stays.
    const data = payload.slice(8, length < 8 ? payload.length : Math.min(payload.length, length))
    const content = contentOf(data)
    // Names and clocks live on low ports, and their messages can look like RTP.
    if (content.kind === 'rtp' && Math.min(from.port, to.port) < 1024) return
    if (content.kind !== 'other') this.#tell(content, 'udp', from, to, this.#isAgain(from, to, data, id, ttl))
  }

  #segment({ source, destination, payload }: IpPacket): void {
    const header = (payload[12] ?? 0) >> 4
    if (payload.length < 20 || payload.length < header * 4) return
    const [from, to] = [
      { address: source, port: half(payload, 0) },
      { address: destination, port: half(payload, 2) },
    ]
    const flags = payload[13]!
    const key = `${source} ${from.port} ${destination} ${to.port}`
    let direction = this.#directions.get(key)
    if (direction === undefined) {
      direction = new TcpDirection((bytes, transport) => this.#tell(sipIn(bytes), transport, from, to, false))
      this.#directions.set(key, direction)
      if (this.#directions.size > MOST_DIRECTIONS)
        this.#directions.delete(this.#directions.keys().next().value as string)
    }
    const sequence = half(payload, 4) * 65536 + half(payload, 6)
    direction.take(sequence, (flags & 2) !== 0, payload.subarray(header * 4))
    if ((flags & 5) !== 0) this.#directions.delete(key)
  }

  #tell(content: Content, transport: 'udp' | 'tcp' | 'ws', from: Place, to: Place, again: boolean): void {
    if (content.kind === 'other') return
    const { number, at } = this.#frame!
    this.#observe(
      { ...content, at, where: '', side: 'passing', proof: `packet ${number}`, transport, from, to },
      number,
      again,
    )
  }

  /** True for a datagram that was seen before at another place: with the same IP identification, or oftener there than it came here. */
  #isAgain(from: Place, to: Place, data: Uint8Array, id: number, ttl: number): boolean {
    const key = `${from.address} ${from.port} ${to.address} ${to.port} ${data.length} ${hashBytes(data)}`
    const at = this.#frame!.interface
    let seen = this.#seen.get(key)
    if (seen === undefined) {
      seen = { total: 0, at: new Map(), ids: new Map() }
      this.#seen.set(key, seen)
    }
    const here = (seen.at.get(at) ?? 0) + 1
    seen.at.set(at, here)
    const before = id === 0 ? undefined : seen.ids.get(id)
    const now = this.#frame!.at
    const known = before !== undefined && (ttl < before.ttl || now - before.at < SAME_PACKET_NS)
    seen.ids.set(id, { ttl, at: now })
    if (known || here <= seen.total) return true
    seen.total = here
    return false
  }
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
