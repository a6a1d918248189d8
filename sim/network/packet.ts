// Packets are numbers: what they are stands in typed arrays and is used again, so that carrying one allocates nothing.

import type { Classify, PacketLabel, RecordId, TracedPacket } from '../../platform/trace.ts'
import { D_SEQUENCE } from '../kernel/event.ts'
import type { EventStore } from '../kernel/store.ts'
import { NO_CAUSE } from '../trace/cause.ts'
import { Annotations } from './annotations.ts'
import type { EndpointId, Endpoints } from './endpoint.ts'
import type { Piece } from './fragments.ts'
import { Glance, join } from './glance.ts'
import { HEAD_BYTES, Heads } from './head.ts'
import { FRAGMENT_HEADER, IPV4_HEADER, IPV6_HEADER, putUint16, UDP_HEADER } from './ip.ts'
import {
  CORRUPTED,
  FIRST_TTL,
  HEAD_MASK,
  HEAD_SHIFT,
  OVERHEAD_MASK,
  OVERHEAD_SHIFT,
  P_DESTINATION,
  P_KIND,
  P_LENGTH,
  P_LINK,
  P_SOURCE,
  P_WORD,
  TTL_SHIFT,
  WHOLE,
} from './packetRecord.ts'
import { FRAGMENT, PROTOCOL_NAMES, TCP, UDP } from './protocol.ts'
import { tracedPacket } from './traced.ts'

/** A packet's number in its pool: good until the packet is let go. */
export type Packet = number

export const EMPTY = new Uint8Array(0)

// Own constants for what is imported: the engine folds those into the code.
const SOURCE = P_SOURCE
const DESTINATION = P_DESTINATION
const LINK = P_LINK
const LENGTH = P_LENGTH
const WORD = P_WORD
const KIND = P_KIND
const SEQUENCE = D_SEQUENCE
/** UDP, folded into the code as imports are not. */
const PLAIN = UDP
const TO_TTL = TTL_SHIFT
const HOPS = FIRST_TTL << TTL_SHIFT
const BELOW_TTL = (1 << TTL_SHIFT) - 1
const IPV4 = IPV4_HEADER
const IPV6 = IPV6_HEADER
const UDP_BYTES = UDP_HEADER
const TO_OVERHEAD = OVERHEAD_SHIFT
const OVERHEAD = OVERHEAD_MASK
const TO_HEAD = HEAD_SHIFT
const HEAD = HEAD_MASK
const NO_LINK = 0
const DEAD = -1
const PORTS_BYTES = 4
const HEAD_MOST = HEAD_BYTES
const HEAD_BITS = 31 - Math.clz32(HEAD_BYTES)
const COPIED = [SOURCE, DESTINATION, LENGTH, WORD, KIND]

/** All packets of a world. Above level `counters` each also has its label, its record and its cause. */
export class PacketPool {
  declare private readonly endpoints: Endpoints
  declare private readonly classify: Classify
  declare private readonly annotations: Annotations | undefined
  declare private readonly records: EventStore
  declare private readonly copied: Heads
  private readonly bodies: Uint8Array[] = []
  /** Of fragments alone. */
  private readonly pieces = new Map<Packet, Piece>()
  private readonly glance = new Glance()
  /** Where a segment's part of its body begins; nothing for other packets. */
  private bodyAts = new Int32Array(0)
  private size = 0
  private underWay = 0

  /** `records`: the kernel's. */
  constructor(endpoints: Endpoints, records: EventStore, classify: Classify, labelled: boolean) {
    this.endpoints = endpoints
    this.records = records
    this.copied = new Heads()
    this.classify = classify
    this.annotations = labelled ? new Annotations() : undefined
  }

  /** Packets under way. */
  get used(): number {
    return this.underWay
  }

  /** A new packet of `head` (copied) and then `body` (by reference), TTL 64. */
  take(
    protocol: number,
    source: EndpointId,
    isIpv6: boolean,
    destination: EndpointId,
    head: Uint8Array,
    body: Uint8Array,
    dscp: number,
  ): Packet {
    if (head.length > HEAD_MOST) return this.take(protocol, source, isIpv6, destination, EMPTY, join(head, body), dscp)
    const records = this.records
    const packet = records.take()
    if (packet >= this.size) this.grow()
    const base = packet << 4
    const { integers } = records
    this.underWay++
    let overhead: number = isIpv6 ? IPV6 : IPV4
    if (protocol === PLAIN) overhead += UDP_BYTES
    else this.bodyAts[packet] = 0
    // `| 0` tells the engine that they are integers, which it would else find out at each.
    integers[base | SOURCE] = source | 0
    integers[base | DESTINATION] = destination | 0
    integers[base | LENGTH] = overhead + head.length + body.length
    integers[base | KIND] = dscp | (protocol << 6) | (overhead << TO_OVERHEAD) | (head.length << TO_HEAD) | HOPS
    integers[base | LINK] = NO_LINK
    this.copied.copy(head, packet)
    this.bodies[packet] = body
    if (this.annotations !== undefined) this.annotations.begin(packet)
    return packet
  }

  /**
   * A new TCP packet, TTL 64, not to be fragmented: `headLength` bytes of header (20–32), which the caller writes at {@link PacketPool.headAt} of
   * {@link PacketPool.heads}, then `length` bytes of `body` from `at` on, by reference.
   */
  takeSegment(
    source: EndpointId,
    isIpv6: boolean,
    destination: EndpointId,
    headLength: number,
    body: Uint8Array,
    at: number,
    length: number,
    dscp: number,
  ): Packet {
    const packet = this.take(TCP, source, isIpv6, destination, EMPTY, body, dscp)
    const { integers } = this.records
    integers[(packet << 4) | LENGTH] = (isIpv6 ? IPV6_HEADER : IPV4_HEADER) + headLength + length
    integers[(packet << 4) | KIND]! += (headLength << TO_HEAD) + WHOLE
    this.bodyAts[packet] = at
    return packet
  }

  /** Ends a packet: its number will be used again. */
  free(packet: Packet): void {
    const { integers } = this.records
    if (integers[(packet << 4) | LINK] !== DEAD) this.underWay--
    integers[(packet << 4) | LINK] = NO_LINK
    this.records.release(packet)
  }

  /** A second copy of a packet, with the same record. */
  copy(packet: Packet): Packet {
    const copy = this.take(PLAIN, 0, false, 0, EMPTY, this.bodies[packet]!, 0)
    const { integers } = this.records
    for (const what of COPIED) integers[(copy << 4) | what] = integers[(packet << 4) | what]!
    this.heads.copyWithin(copy * HEAD_BYTES, packet * HEAD_BYTES, (packet + 1) * HEAD_BYTES)
    this.bodyAts[copy] = this.bodyAts[packet]!
    const piece = this.piece(packet)
    if (piece !== undefined) this.pieces.set(copy, piece)
    this.annotations?.copy(packet, copy)
    return copy
  }

  /** Makes a packet of protocol {@link FRAGMENT} a piece of a datagram. */
  setPiece(packet: Packet, piece: Piece): void {
    this.pieces.set(packet, piece)
    this.setLabel(packet, piece.label)
    if (!this.endpoints.byId(this.source(packet)).isIpv6) return
    this.records.integers[(packet << 4) | LENGTH] = this.length(packet) + FRAGMENT_HEADER
    this.records.integers[(packet << 4) | KIND] =
      this.records.integers[(packet << 4) | KIND]! + (FRAGMENT_HEADER << TO_OVERHEAD)
  }

  /** What the packet is a piece of; undefined for a whole one. */
  piece(packet: Packet): Piece | undefined {
    return this.protocol(packet) === FRAGMENT ? this.pieces.get(packet) : undefined
  }

  /** Forbids routers to cut the packet up. */
  keepWhole(packet: Packet): void {
    this.records.integers[(packet << 4) | KIND] = this.records.integers[(packet << 4) | KIND]! | WHOLE
  }

  mustStayWhole(packet: Packet): boolean {
    return (this.records.integers[(packet << 4) | KIND]! & WHOLE) !== 0
  }

  source(packet: Packet): EndpointId {
    return this.records.integers[(packet << 4) | SOURCE]!
  }

  destination(packet: Packet): EndpointId {
    return this.records.integers[(packet << 4) | DESTINATION]!
  }

  /** Bytes of the IP packet, headers included. */
  length(packet: Packet): number {
    return this.records.integers[(packet << 4) | LENGTH]!
  }

  dscp(packet: Packet): number {
    return this.records.integers[(packet << 4) | KIND]! & 63
  }

  protocol(packet: Packet): number {
    return (this.records.integers[(packet << 4) | KIND]! >> 6) & 3
  }

  /** True if bits were changed on the way, which the checksum of its transport will show. */
  isCorrupted(packet: Packet): boolean {
    return (this.records.integers[(packet << 4) | KIND]! & CORRUPTED) !== 0
  }

  ttl(packet: Packet): number {
    return this.records.integers[(packet << 4) | KIND]! >> TO_TTL
  }

  setTtl(packet: Packet, ttl: number): void {
    const { integers } = this.records
    integers[(packet << 4) | KIND] = (integers[(packet << 4) | KIND]! & BELOW_TTL) | (ttl << TO_TTL)
  }

  /** The link direction that the packet is on; below 0 for none, also where a cut has ended it. */
  link(packet: Packet): number {
    return this.records.integers[(packet << 4) | LINK]! - 1
  }

  /** Notes that the packet enters a link direction, as the sender's event of number `sequence`; `word` is the hash of its name. */
  enter(packet: Packet, link: number, word: number, sequence: number): void {
    const { doubles, integers } = this.records
    integers[(packet << 4) | WORD] = word
    integers[(packet << 4) | LINK] = link + 1
    doubles[(packet << 3) | SEQUENCE] = sequence
  }

  /** The sender's number of the packet's entrance to its link. */
  sequence(packet: Packet): number {
    return this.records.doubles[(packet << 3) | SEQUENCE]!
  }

  /** Ends a packet on its link, where an event still holds its number, which will let it go. */
  kill(packet: Packet): void {
    this.records.integers[(packet << 4) | LINK] = DEAD
    this.underWay--
  }

  /** The packets on a link direction, in the order in which they entered it. For rare events: it looks at all packets. */
  onLink(link: number): Packet[] {
    const found: Packet[] = []
    for (let packet = 0; packet < this.size; packet++) if (this.link(packet) === link) found.push(packet)
    return found.sort((a, b) => this.sequence(a) - this.sequence(b))
  }

  headLength(packet: Packet): number {
    return (this.records.integers[(packet << 4) | KIND]! >> TO_HEAD) & HEAD
  }

  /** Where the packet's part of its body begins: 0 but for TCP. */
  bodyAt(packet: Packet): number {
    return this.protocol(packet) === TCP ? this.bodyAts[packet]! : 0
  }

  /** All heads; a packet's stands at {@link PacketPool.headAt}. Replaced when the pool grows. */
  get heads(): Uint8Array {
    return this.copied.bytes
  }

  headAt(packet: Packet): number {
    return packet << HEAD_BITS
  }

  body(packet: Packet): Uint8Array {
    return this.bodies[packet]!
  }

  /** Bytes of the transport's payload. */
  payloadLength(packet: Packet): number {
    const { integers } = this.records
    const base = packet << 4
    return integers[base | LENGTH]! - ((integers[base | KIND]! >> TO_OVERHEAD) & OVERHEAD)
  }

  /** The transport's payload in an array that may be kept. */
  payload(packet: Packet): Uint8Array {
    if (this.protocol(packet) === TCP) return this.segment(packet)
    const at = this.headAt(packet)
    const body = this.bodies[packet]!
    const headLength = this.headLength(packet)
    return headLength === 0 ? body : join(this.heads.subarray(at, at + headLength), body)
  }

  /** Notes that its bits are not those that were sent. */
  spoil(packet: Packet): void {
    this.records.integers[(packet << 4) | KIND] = this.records.integers[(packet << 4) | KIND]! | CORRUPTED
  }

  /** Changes one bit of the payload, counted from its first byte's highest (TCP: the sequence number's); modulo its length. It keeps its label and its record's name. */
  flip(packet: Packet, bit: number): void {
    const bytes = this.payload(packet).slice()
    if (bytes.length === 0) return
    if (this.annotations !== undefined) this.label(packet)
    const first = this.protocol(packet) === TCP ? PORTS_BYTES * 8 : 0
    const at = first + (bit % (bytes.length * 8 - first))
    bytes[at >> 3] = bytes[at >> 3]! ^ (0x80 >> (at & 7))
    this.setBody(packet, bytes)
    this.spoil(packet)
    const traced = this.annotations?.traced(packet)
    if (traced !== undefined) this.annotations?.setTraced(packet, { ...traced, payload: bytes })
  }

  /** Gives the packet other ends. Gives it back as it was on record, if it is. */
  readdress(packet: Packet, source: EndpointId, destination: EndpointId): TracedPacket | undefined {
    this.records.integers[(packet << 4) | SOURCE] = source
    this.records.integers[(packet << 4) | DESTINATION] = destination
    const before = this.annotations?.traced(packet)
    this.annotations?.setTraced(packet, undefined)
    return before
  }

  /** Gives the packet another payload, which must never change; it keeps its label. Call it after `readdress`. */
  replace(packet: Packet, payload: Uint8Array): void {
    if (this.annotations !== undefined) this.label(packet)
    this.records.integers[(packet << 4) | LENGTH] = this.length(packet) - this.payloadLength(packet) + payload.length
    this.setBody(packet, payload)
  }

  setLabel(packet: Packet, label: PacketLabel): void {
    this.annotations?.setLabel(packet, label)
  }

  /** What the packet is; asked of the classifier once. */
  label(packet: Packet): PacketLabel {
    const known = this.annotations?.label(packet)
    if (known !== undefined) return known
    const label = this.classify(PROTOCOL_NAMES[this.protocol(packet)]!, this.glimpse(packet))
    this.annotations?.setLabel(packet, label)
    return label
  }

  /** The packet as it stands, for the record that has the name `id`; the same object until the packet is rewritten. */
  traced(packet: Packet, id: RecordId): TracedPacket {
    const known = this.annotations?.traced(packet)
    if (known !== undefined) return known
    const made = tracedPacket(this, this.endpoints, packet, id)
    this.annotations?.setTraced(packet, made)
    return made
  }

  /** The last record about the packet. */
  cause(packet: Packet): number {
    return this.annotations === undefined ? NO_CAUSE : this.annotations.cause(packet)
  }

  setCause(packet: Packet, cause: number): void {
    this.annotations?.setCause(packet, cause)
  }

  /** The payload for a look that ends at once, without an array of its own where it is short. */
  private glimpse(packet: Packet): Uint8Array {
    if (this.protocol(packet) === TCP) return this.segment(packet)
    return this.glance.at(this.heads, this.headAt(packet), this.headLength(packet), this.bodies[packet]!)
  }

  /** A TCP packet's header, its ports filled in, and data. */
  private segment(packet: Packet): Uint8Array {
    const [headAt, at, headLength] = [this.headAt(packet), this.bodyAt(packet), this.headLength(packet)]
    const data = this.bodies[packet]!.subarray(at, at + this.payloadLength(packet) - headLength)
    const bytes = join(this.heads.subarray(headAt, headAt + headLength), data)
    putUint16(bytes, 0, this.endpoints.byId(this.source(packet)).port)
    putUint16(bytes, 2, this.endpoints.byId(this.destination(packet)).port)
    return bytes
  }

  /** All of the payload stands in `bytes` from now on. */
  private setBody(packet: Packet, bytes: Uint8Array): void {
    const { integers } = this.records
    integers[(packet << 4) | KIND] = integers[(packet << 4) | KIND]! & ~(HEAD << TO_HEAD)
    this.bodies[packet] = bytes
    this.bodyAts[packet] = 0
  }

  /** Makes room for the packet of every record that there is. */
  private grow(): void {
    const size = this.records.capacity
    this.size = size
    this.copied.grow(size)
    const bodyAts = new Int32Array(size)
    bodyAts.set(this.bodyAts)
    this.bodyAts = bodyAts
    while (this.bodies.length < size) this.bodies.push(EMPTY)
    this.annotations?.grow(size)
  }
}
