// Packets are numbers: what they are stands in typed arrays and is used again, so that carrying one allocates nothing.

import { assert } from '../../platform/assert.ts'
import type { Classify, PacketLabel, RecordId, TracedPacket } from '../../platform/trace.ts'
import { NO_CAUSE } from '../trace/cause.ts'
import type { EndpointId, Endpoints } from './endpoint.ts'
import type { Piece } from './fragments.ts'
import { Glance, join } from './glance.ts'
import { FRAGMENT_HEADER, IPV4_HEADER, IPV6_HEADER, putUint16, UDP_HEADER } from './ip.ts'
import { FRAGMENT, PROTOCOL_NAMES, TCP, UDP } from './protocol.ts'
import { tracedPacket } from './traced.ts'

/** A packet's number in its pool: good until the packet is let go. */
export type Packet = number

/** How much of a datagram's head is carried inline; a longer one travels with the body. */
const HEAD_BYTES = 32
export const EMPTY = new Uint8Array(0)

// One packet is 64 bytes: eight integers, and its head. What a hop needs stands in the first 16, which are never parted by lines of the cache.
const ROW_BYTES = 64
const ROW = ROW_BYTES / 4
const HEAD_AT = 32
const LINK = 0
const DESTINATION = 1
const LENGTH = 2
const TTL = 3
const SOURCE = 4
/** Where no packet is: the next number that is free. */
const NEXT_FREE = SOURCE
const KIND = 5 // DSCP + 64 × protocol + 256 where corrupted + 512 where it must stay whole + 1024 × bytes of headers
const HEAD = 6 // bytes of it + 64 × where the body begins in its array
const SEQUENCE = 7
const CORRUPTED = 256
/** A protocol other than UDP, or corrupted. */
const NOT_SOUND_UDP = CORRUPTED | (3 * 64)
const WHOLE = 512
const OVERHEAD_SHIFT = 10
/** UDP, folded into the code as imports are not. */
const PLAIN = UDP
const NONE = -1
const DEAD = -2
const HEAD_MASK = 63
const BODY_SHIFT = 6
const PORTS_BYTES = 4

/** All packets of a world. Above level `counters` each also has its label, its record and its cause. */
export class PacketPool {
  readonly #endpoints: Endpoints
  readonly #classify: Classify
  readonly #labelled: boolean
  #rows = new Int32Array(0)
  #heads = new Uint8Array(0)
  readonly #bodies: Uint8Array[] = []
  #causes = new Float64Array(0)
  readonly #labels: (PacketLabel | undefined)[] = []
  readonly #traced: (TracedPacket | undefined)[] = []
  /** Of fragments alone. */
  readonly #pieces = new Map<Packet, Piece>()
  readonly #glance = new Glance()
  #free = NONE
  #size = 0
  #used = 0

  constructor(endpoints: Endpoints, classify: Classify, labelled: boolean) {
    this.#endpoints = endpoints
    this.#classify = classify
    this.#labelled = labelled
  }

  /** Packets under way. */
  get used(): number {
    return this.#used
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
    if (head.length > HEAD_BYTES) return this.take(protocol, source, isIpv6, destination, EMPTY, join(head, body), dscp)
    if (this.#free === NONE) this.#grow()
    const packet = this.#free
    const row = packet * ROW
    const rows = this.#rows
    this.#free = rows[row + NEXT_FREE]!
    this.#used++
    const overhead = (isIpv6 ? IPV6_HEADER : IPV4_HEADER) + (protocol === PLAIN ? UDP_HEADER : 0)
    rows[row + SOURCE] = source
    rows[row + DESTINATION] = destination
    rows[row + LENGTH] = overhead + head.length + body.length
    rows[row + HEAD] = head.length
    rows[row + TTL] = 64
    rows[row + KIND] = dscp + protocol * 64 + (overhead << OVERHEAD_SHIFT)
    rows[row + LINK] = NONE
    const heads = this.#heads
    const at = packet * ROW_BYTES + HEAD_AT
    for (let i = 0; i < head.length; i++) heads[at + i] = head[i]!
    this.#bodies[packet] = body
    if (this.#labelled) {
      this.#causes[packet] = NO_CAUSE
      this.#labels[packet] = undefined
      this.#traced[packet] = undefined
    }
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
    const row = packet * ROW
    this.#rows[row + LENGTH] = (isIpv6 ? IPV6_HEADER : IPV4_HEADER) + headLength + length
    this.#rows[row + HEAD] = headLength + (at << BODY_SHIFT)
    this.keepWhole(packet)
    return packet
  }

  /** Ends a packet: its number will be used again. */
  free(packet: Packet): void {
    const row = packet * ROW
    if (this.#rows[row + LINK] !== DEAD) this.#used--
    this.#rows[row + NEXT_FREE] = this.#free
    this.#rows[row + LINK] = NONE
    this.#free = packet
  }

  /** A second copy of a packet, with the same record. */
  copy(packet: Packet): Packet {
    const copy = this.take(PLAIN, 0, false, 0, EMPTY, this.#bodies[packet]!, 0)
    this.#rows.copyWithin(copy * ROW, packet * ROW, (packet + 1) * ROW)
    this.#rows[copy * ROW + LINK] = NONE
    const piece = this.piece(packet)
    if (piece !== undefined) this.#pieces.set(copy, piece)
    if (this.#labelled) {
      this.#causes[copy] = this.#causes[packet]!
      this.#labels[copy] = this.#labels[packet]
      this.#traced[copy] = this.#traced[packet]
    }
    return copy
  }

  /** Makes a packet of protocol {@link FRAGMENT} a piece of a datagram. */
  setPiece(packet: Packet, piece: Piece): void {
    this.#pieces.set(packet, piece)
    this.setLabel(packet, piece.label)
    if (!this.#endpoints.byId(this.source(packet)).isIpv6) return
    this.#rows[packet * ROW + LENGTH] = this.length(packet) + FRAGMENT_HEADER
    this.#rows[packet * ROW + KIND] = this.#rows[packet * ROW + KIND]! + (FRAGMENT_HEADER << OVERHEAD_SHIFT)
  }

  /** What the packet is a piece of; undefined for a whole one. */
  piece(packet: Packet): Piece | undefined {
    return this.protocol(packet) === FRAGMENT ? this.#pieces.get(packet) : undefined
  }

  /** Forbids routers to cut the packet up. */
  keepWhole(packet: Packet): void {
    this.#rows[packet * ROW + KIND] = this.#rows[packet * ROW + KIND]! | WHOLE
  }

  mustStayWhole(packet: Packet): boolean {
    return (this.#rows[packet * ROW + KIND]! & WHOLE) !== 0
  }

  source(packet: Packet): EndpointId {
    return this.#rows[packet * ROW + SOURCE]!
  }

  destination(packet: Packet): EndpointId {
    return this.#rows[packet * ROW + DESTINATION]!
  }

  /** Bytes of the IP packet, headers included. */
  length(packet: Packet): number {
    return this.#rows[packet * ROW + LENGTH]!
  }

  dscp(packet: Packet): number {
    return this.#rows[packet * ROW + KIND]! & 63
  }

  protocol(packet: Packet): number {
    return (this.#rows[packet * ROW + KIND]! >> 6) & 3
  }

  /** True if bits were changed on the way, which the checksum of its transport will show. */
  isCorrupted(packet: Packet): boolean {
    return (this.#rows[packet * ROW + KIND]! & CORRUPTED) !== 0
  }

  /** True for UDP whose bits are as they were sent: what most packets are. */
  isSoundUdp(packet: Packet): boolean {
    return (this.#rows[packet * ROW + KIND]! & NOT_SOUND_UDP) === 0
  }

  ttl(packet: Packet): number {
    return this.#rows[packet * ROW + TTL]!
  }

  setTtl(packet: Packet, ttl: number): void {
    this.#rows[packet * ROW + TTL] = ttl
  }

  /** The link direction that the packet is on; below 0 for none, also where a cut has ended it. */
  link(packet: Packet): number {
    return this.#rows[packet * ROW + LINK]!
  }

  /** Notes that the packet enters a link direction, as the sender's event of number `sequence`. */
  enter(packet: Packet, link: number, sequence: number): void {
    this.#rows[packet * ROW + LINK] = link
    this.#rows[packet * ROW + SEQUENCE] = sequence
  }

  /** The sender's number of the packet's entrance to its link, modulo 2³². */
  sequence(packet: Packet): number {
    return this.#rows[packet * ROW + SEQUENCE]!
  }

  /** Notes that the packet has left its link. */
  leave(packet: Packet): void {
    this.#rows[packet * ROW + LINK] = NONE
  }

  /** Ends a packet on its link, where an event still holds its number, which will let it go. */
  kill(packet: Packet): void {
    this.#rows[packet * ROW + LINK] = DEAD
    this.#used--
  }

  /** The packets on a link direction, in the order in which they entered it. For rare events: it looks at all packets. */
  onLink(link: number): Packet[] {
    const found: Packet[] = []
    for (let packet = 0; packet < this.#size; packet++) if (this.link(packet) === link) found.push(packet)
    return found.sort((a, b) => (this.sequence(a) - this.sequence(b)) | 0)
  }

  headLength(packet: Packet): number {
    return this.#rows[packet * ROW + HEAD]! & HEAD_MASK
  }

  /** Where the packet's part of its body begins: 0 but for TCP. */
  bodyAt(packet: Packet): number {
    return this.#rows[packet * ROW + HEAD]! >> BODY_SHIFT
  }

  /** All heads; a packet's stands at {@link PacketPool.headAt}. Replaced when the pool grows. */
  get heads(): Uint8Array {
    return this.#heads
  }

  headAt(packet: Packet): number {
    return packet * ROW_BYTES + HEAD_AT
  }

  body(packet: Packet): Uint8Array {
    return this.#bodies[packet]!
  }

  /** Bytes of the transport's payload. */
  payloadLength(packet: Packet): number {
    const row = packet * ROW
    return this.#rows[row + LENGTH]! - (this.#rows[row + KIND]! >> OVERHEAD_SHIFT)
  }

  /** The transport's payload in an array that may be kept. */
  payload(packet: Packet): Uint8Array {
    if (this.protocol(packet) === TCP) return this.#segment(packet)
    const at = this.headAt(packet)
    const body = this.#bodies[packet]!
    const headLength = this.headLength(packet)
    return headLength === 0 ? body : join(this.#heads.subarray(at, at + headLength), body)
  }

  /** Notes that its bits are not those that were sent. */
  spoil(packet: Packet): void {
    this.#rows[packet * ROW + KIND] = this.#rows[packet * ROW + KIND]! | CORRUPTED
  }

  /** Changes one bit of the payload, counted from its first byte's highest (TCP: the sequence number's); modulo its length. It keeps its label and its record's name. */
  flip(packet: Packet, bit: number): void {
    const bytes = this.payload(packet).slice()
    if (bytes.length === 0) return
    if (this.#labelled) this.label(packet)
    const first = this.protocol(packet) === TCP ? PORTS_BYTES * 8 : 0
    const at = first + (bit % (bytes.length * 8 - first))
    bytes[at >> 3] = bytes[at >> 3]! ^ (0x80 >> (at & 7))
    this.#bodies[packet] = bytes
    this.#rows[packet * ROW + HEAD] = 0
    this.spoil(packet)
    const traced = this.#traced[packet]
    if (traced !== undefined) this.#traced[packet] = { ...traced, payload: bytes }
  }

  /** Gives the packet other ends. Gives it back as it was on record, if it is. */
  readdress(packet: Packet, source: EndpointId, destination: EndpointId): TracedPacket | undefined {
    this.#rows[packet * ROW + SOURCE] = source
    this.#rows[packet * ROW + DESTINATION] = destination
    if (!this.#labelled) return undefined
    const before = this.#traced[packet]
    this.#traced[packet] = undefined
    return before
  }

  /** Gives the packet another payload, which must never change; it keeps its label. Call it after `readdress`. */
  replace(packet: Packet, payload: Uint8Array): void {
    if (this.#labelled) this.label(packet)
    this.#rows[packet * ROW + LENGTH] = this.length(packet) - this.payloadLength(packet) + payload.length
    this.#rows[packet * ROW + HEAD] = 0
    this.#bodies[packet] = payload
  }

  setLabel(packet: Packet, label: PacketLabel): void {
    if (this.#labelled) this.#labels[packet] = label
  }

  /** What the packet is; asked of the classifier once. */
  label(packet: Packet): PacketLabel {
    let label = this.#labels[packet]
    if (label === undefined) {
      label = this.#classify(PROTOCOL_NAMES[this.protocol(packet)]!, this.#glimpse(packet))
      this.#labels[packet] = label
    }
    return label
  }

  /** The packet as it stands, for the record that has the name `id`; the same object until the packet is rewritten. */
  traced(packet: Packet, id: RecordId): TracedPacket {
    const known = this.#traced[packet]
    if (known !== undefined) return known
    const made = tracedPacket(this, this.#endpoints, packet, id)
    this.#traced[packet] = made
    return made
  }

  /** The last record about the packet. */
  cause(packet: Packet): number {
    return this.#causes[packet]!
  }

  setCause(packet: Packet, cause: number): void {
    this.#causes[packet] = cause
  }

  /** The payload for a look that ends at once, without an array of its own where it is short. */
  #glimpse(packet: Packet): Uint8Array {
    if (this.protocol(packet) === TCP) return this.#segment(packet)
    return this.#glance.at(this.#heads, this.headAt(packet), this.headLength(packet), this.#bodies[packet]!)
  }

  /** A TCP packet's header, its ports filled in, and data. */
  #segment(packet: Packet): Uint8Array {
    const [headAt, at, headLength] = [this.headAt(packet), this.bodyAt(packet), this.headLength(packet)]
    const data = this.#bodies[packet]!.subarray(at, at + this.payloadLength(packet) - headLength)
    const bytes = join(this.#heads.subarray(headAt, headAt + headLength), data)
    putUint16(bytes, 0, this.#endpoints.byId(this.source(packet)).port)
    putUint16(bytes, 2, this.#endpoints.byId(this.destination(packet)).port)
    return bytes
  }

  #grow(): void {
    const from = this.#size
    const size = from === 0 ? 64 : from * 2
    assert(size <= 0x2000000, `${size} packets are under way at once`)
    this.#size = size
    const rows = new Int32Array(size * ROW)
    rows.set(this.#rows)
    for (let packet = size - 1; packet >= from; packet--) {
      rows[packet * ROW + NEXT_FREE] = this.#free
      rows[packet * ROW + LINK] = NONE
      this.#free = packet
    }
    while (this.#bodies.length < size) this.#bodies.push(EMPTY)
    this.#rows = rows
    this.#heads = new Uint8Array(rows.buffer)
    if (!this.#labelled) return
    const causes = new Float64Array(size)
    causes.set(this.#causes)
    this.#causes = causes
  }
}
