// From a capture's frames to observations. A packet that was captured at several points on its way is seen once at each end.

import { hashBytes } from '../../platform/digest.ts'
import { latin1Decode } from '../../platform/text.ts'
import type { Observation, Place } from '../oracles/observation.ts'
import { type Content, contentOf, sipIn } from '../oracles/payload.ts'
import { unreachableIn } from '../oracles/unreachable.ts'
import { Recent } from '../recent.ts'
import type { Frame } from './frames.ts'
import type { ObservationPoints } from './observationPoints.ts'
import { type IpPacket, ipIn, isRead, pointOf, Reassembly } from './packets.ts'
import { recognized, recognizedPart } from './recognition.ts'
import type { Remarks } from './remarks.ts'
import { TcpDirection } from './stream.ts'
import { SAME_PACKET_NS, type Sight, Trajectories } from './trajectories.ts'

const ICMP = 1
const TCP = 6
const UDP = 17
const ICMPV6 = 58
const RTP_HEAD = 12
const SIPS_PORT = 5061
/** How a SIP message begins, though not all of its start line may be there. */
const BEGINNING = /^(?:SIP\/2\.0 \d|[A-Z]+ (?:sips?|tel):)/
const SYN = 2
const RST = 4
/** Linux's cooked captures: a machine's every packet, as it comes and as it goes. */
const COOKED: ReadonlySet<number> = new Set([113, 276])
/** So many directions of connections are followed at most. */
const MOST_DIRECTIONS = 10_000

/** When a datagram was seen last, by its identification. */
type Seen = Map<number, { readonly ttl: number; readonly at: number }>

/** What becomes of what is in a capture. */
export interface Observer {
  /** Each message and packet as often as it was captured; `again` for a second time on its way. */
  count(kind: Observation['kind'], again: boolean): void
  /** What was seen, once, in the order of times: as sent and as received where the capture shows both, or as passing by. */
  observe(seen: Observation): void
}

/** Takes frames in their order. Memory: fragments and connections that are open, and what was seen lately. */
export class Dissector {
  readonly #observer: Observer
  readonly #points: ObservationPoints
  readonly #remarks: Remarks | undefined
  readonly #trajectories: Trajectories
  readonly #reassembly = new Reassembly()
  readonly #directions = new Map<string, TcpDirection>()
  readonly #seen = new Recent<string, Seen>(20_000)
  readonly #contents = new Recent<number, { readonly data: Uint8Array; readonly content: Content }>(2000)
  /** The frame that is read now, its point, and the packet in it. */
  #frame: Frame | undefined
  #point = 0
  #packet: IpPacket | undefined

  /** `points`: of the same file; `remarks` hear of what cannot be read. */
  constructor(points: ObservationPoints, observer: Observer, remarks?: Remarks) {
    this.#observer = observer
    this.#remarks = remarks
    this.#points = points
    this.#trajectories = new Trajectories(points, (seen) => observer.observe(seen))
  }

  take(frame: Frame): void {
    const bytes = ipIn(frame.linkType, frame.bytes)
    if (bytes === undefined) {
      if (!isRead(frame.linkType)) this.#remarks?.make('link type', frame.number, frame.linkType)
      return
    }
    this.#point = pointOf(frame.linkType, frame.bytes, frame.interface)
    const packet = this.#reassembly.take(bytes, this.#point)
    if (packet === undefined) return
    this.#frame = frame
    this.#packet = packet
    if (packet.protocol === UDP) this.#datagram(packet)
    else if (packet.protocol === TCP) this.#segment(packet)
    else if (packet.protocol === ICMP || packet.protocol === ICMPV6)
      this.#tell(
        unreachableIn(packet.payload),
        'udp',
        { address: packet.source, port: 0 },
        { address: packet.destination, port: 0 },
        packet.payload,
      )
  }

  /** After the last frame. */
  end(): void {
    this.#trajectories.end()
  }

  #datagram({ source, destination, payload }: IpPacket): void {
    if (payload.length < 8) return
    const from = { address: source, port: half(payload, 0) }
    const to = { address: destination, port: half(payload, 2) }
    const length = half(payload, 4)
    const view = payload.subarray(8, length < 8 ? payload.length : Math.min(payload.length, length))
    const isMedia = view[0]! >> 6 === 2
    // The frame's bytes go; what is read of it stays.
    const data = isMedia ? view : view.slice()
    const content = this.#severalPoints && !isMedia ? this.#readOnce(data) : contentOf(data)
    // Names and clocks live on low ports, and their messages can look like RTP.
    if (content.kind === 'rtp' && Math.min(from.port, to.port) < 1024) return
    if (length > payload.length && content.kind !== 'rtp') this.#cut(data)
    else this.#tell(content, 'udp', from, to, data)
  }

  /** A message that was captured in part says too little to be judged. */
  #cut(data: Uint8Array): void {
    if (!BEGINNING.test(latin1Decode(data.subarray(0, 16)))) return
    const again = this.#remark('cut', recognizedPart(data) ?? `${this.#packet!.id} ${hashBytes(data)}`)
    this.#observer.count('sip', again)
  }

  /** What it is about is known again by its `identity`, where it may be in the file several times. True where it was remarked before. */
  #remark(kind: 'cut' | 'compressed' | 'encrypted', identity: string): boolean {
    const { number, interface: place } = this.#frame!
    const owner = this.#points.ownerOf(place) ?? `interface ${place}`
    const sight =
      this.#severalPoints || kind === 'encrypted' ? { identity, point: this.#point, place: owner } : undefined
    return this.#remarks?.make(kind, number, 0, sight) ?? false
  }

  #segment({ source, destination, payload, missing }: IpPacket): void {
    const header = (payload[12] ?? 0) >> 4
    if (payload.length < 20 || payload.length < header * 4) return
    const [from, to] = [
      { address: source, port: half(payload, 0) },
      { address: destination, port: half(payload, 2) },
    ]
    const flags = payload[13]!
    const key = `${this.#point} ${source} ${from.port} ${destination} ${to.port}`
    let direction = this.#directions.get(key)
    if (direction === undefined) {
      direction = new TcpDirection(
        (bytes, transport) => this.#tell(sipIn(bytes), transport, from, to, bytes),
        () => this.#remark('compressed', `${hashBytes(carriedBy(this.#packet!.payload))}`),
      )
      this.#directions.set(key, direction)
      if (this.#directions.size > MOST_DIRECTIONS)
        this.#directions.delete(this.#directions.keys().next().value as string)
    }
    if ((from.port === SIPS_PORT || to.port === SIPS_PORT) && isClientHello(payload, header * 4))
      this.#remark('encrypted', `${hashBytes(carriedBy(payload))}`)
    const sequence = half(payload, 4) * 65536 + half(payload, 6)
    direction.take(sequence, (flags & SYN) !== 0, payload.subarray(header * 4), missing)
    if (missing > 0) this.#cut(payload.subarray(header * 4))
    if ((flags & RST) !== 0) this.#directions.delete(key)
  }

  #tell(content: Content, transport: 'udp' | 'tcp' | 'ws', from: Place, to: Place, data: Uint8Array): void {
    if (content.kind === 'other') return
    const { number, at, interface: place, isLost } = this.#frame!
    const seen = sightOf(content, at, `packet ${number}`, transport, from, to)
    const { id, ttl } = this.#packet!
    if (this.#severalPoints) {
      const key = recognized(content, data)
      const again = this.#trajectories.take({ seen, point: this.#point, interface: place, ttl, id, isLost, key })
      this.#observer.count(content.kind, again && key !== undefined)
      return
    }
    const again = transport === 'udp' && content.kind !== 'unreachable' && this.#isAgain(from, to, data, id, ttl)
    this.#observer.count(content.kind, again)
    if (!again) this.#observer.observe(isLost ? { ...seen, side: 'sent', where: from.address } : seen)
  }

  /** True where one message may stand in the file several times, each time at another point. */
  get #severalPoints(): boolean {
    return this.#points.count > 1 || COOKED.has(this.#frame!.linkType)
  }

  /** What a datagram carries; the same bytes at another point are not read again. */
  #readOnce(data: Uint8Array): Content {
    const hash = hashBytes(data)
    const known = this.#contents.get(hash)
    if (known !== undefined && isSame(known.data, data)) return known.content
    const content = contentOf(data)
    this.#contents.set(hash, { data, content })
    return content
  }

  /** True for a datagram that one point has seen before, as a port that mirrors both sides of a router does: the same IP identification, and fewer hops left or at once. */
  #isAgain(from: Place, to: Place, data: Uint8Array, id: number, ttl: number): boolean {
    const key = `${from.address} ${from.port} ${to.address} ${to.port} ${data.length} ${hashBytes(data)}`
    let seen = this.#seen.get(key)
    if (seen === undefined) {
      seen = new Map()
      this.#seen.set(key, seen)
    }
    const before = id === 0 ? undefined : seen.get(id)
    const now = this.#frame!.at
    seen.set(id, { ttl, at: now })
    return before !== undefined && (ttl < before.ttl || now - before.at < SAME_PACKET_NS)
  }
}

/** RTP is most of what there is: written out, and of its packet the head alone, which is what is looked at. */
function sightOf(
  content: Exclude<Content, { readonly kind: 'other' }>,
  at: number,
  proof: string,
  transport: 'udp' | 'tcp' | 'ws',
  from: Place,
  to: Place,
): Sight['seen'] {
  if (content.kind !== 'rtp') return { ...content, at, where: '', side: 'passing', proof, transport, from, to }
  const { kind, marker, payloadType, sequence, timestamp, ssrc } = content
  const payload = content.payload.slice(0, RTP_HEAD)
  const what = { kind, marker, payloadType, sequence, timestamp, ssrc, payload }
  return { ...what, at, where: '', side: 'passing', proof, transport, from, to }
}

/** What a segment carries. */
function carriedBy(segment: Uint8Array): Uint8Array {
  return segment.subarray((segment[12]! >> 4) * 4)
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

/** True where a TLS client says its hello (RFC 8446 §4.1.2, §5.1): a handshake record, of version 3, with a message of type 1. */
function isClientHello(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 22 && bytes[at + 1] === 3 && bytes[at + 5] === 1
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
