// Fragmentation (RFC 791 §3.2, RFC 8200 §4.5): a packet that is larger than its way's MTU goes on in pieces, or its sender is told.

import { assert } from '../../platform/assert.ts'
import type { PacketLabel, TracedFragment, TracedPacket } from '../../platform/trace.ts'
import { NO_CAUSE } from '../trace/cause.ts'
import { NO_LINK } from '../trace/recorder.ts'
import type { DirectionId } from './direction.ts'
import { join } from './glance.ts'
import { unreachable } from './icmp.ts'
import { FRAGMENT_HEADER, IPV4_HEADER, IPV6_HEADER, tcpHeader, udpHeader } from './ip.ts'
import type { Node, World } from './node.ts'
import { EMPTY, type Packet } from './packet.ts'
import { FRAGMENT, TCP, UDP } from './protocol.ts'

/** What a fragment's packet is a piece of. */
export interface Piece {
  readonly whole: Whole
  /** Bytes of the IP payload before it: a multiple of 8. */
  readonly offset: number
  /** Others follow it. */
  readonly more: boolean
  /** What it has on record: `fragment of INVITE`. */
  readonly label: PacketLabel
  readonly traced: TracedFragment
}

/** A datagram that travels in pieces, as it was when it was cut up. */
export interface Whole {
  /** Tells it from all others of its source and destination: its identification, which never comes round. */
  readonly number: number
  readonly protocol: number
  /** Bytes of the IP packet, headers included. */
  readonly length: number
  /** As it stands on record. Absent at level `counters`. */
  readonly traced: TracedPacket | undefined
}

const NOBODY = { node: '', sequence: 0 } as const

/**
 * Passes on a packet that is larger than the MTU of `direction`: in fragments, or not at all. Routers do not fragment IPv6 (RFC 8200 §5)
 * nor what says so (RFC 791); its sender learns the MTU by ICMP.
 */
export function passInPieces(world: World, node: Node, packet: Packet, direction: DirectionId): void {
  const { pool, endpoints, links } = world
  const mtuBytes = links.mtuOf(direction)
  if (pool.mustStayWhole(packet) || endpoints.byId(pool.source(packet)).isIpv6) giveUp(world, node, packet, mtuBytes)
  else cut(world, node, packet, direction, mtuBytes)
}

/** Gives up a packet that is larger than the `mtuBytes` of its way and must not be cut up: its sender is told. */
export function giveUp(world: World, node: Node, packet: Packet, mtuBytes: number): void {
  const { pool, recorder } = world
  const cause = recorder.lost(node.rank, NO_LINK, packet, pool.length(packet), 'too large to send unfragmented')
  unreachable(world, node, packet, 'fragmentation needed', cause, mtuBytes)
  pool.free(packet)
}

/** Sends a packet of the node's own that is larger than the `mtuBytes` of its way: in fragments, unless its sender does not want that. */
export function sendInPieces(world: World, node: Node, packet: Packet, direction: DirectionId, mtuBytes: number): void {
  const { pool } = world
  if (node.sending?.isStrict === true || pool.protocol(packet) === TCP) giveUp(world, node, packet, mtuBytes)
  else cut(world, node, packet, direction, mtuBytes)
}

/** Sends a packet over `direction` in fragments of at most `mtuBytes`, in their order. The packet is gone. */
function cut(world: World, node: Node, packet: Packet, direction: DirectionId, mtuBytes: number): void {
  const { pool, recorder, links, endpoints } = world
  const source = endpoints.byId(pool.source(packet))
  const destination = endpoints.byId(pool.destination(packet))
  const { isIpv6 } = source
  const before = pool.piece(packet)
  const bytes = ipPayload(world, packet)
  const header = isIpv6 ? IPV6_HEADER + FRAGMENT_HEADER : IPV4_HEADER
  const room = Math.floor((mtuBytes - header) / 8) * 8
  assert(room > 0, `an MTU of ${mtuBytes} bytes has no room for a fragment`)
  const into = Math.ceil(bytes.length / room)
  const traced = recorder.fragmented(node.rank, links.numberOf(direction), packet, pool.length(packet), into, mtuBytes)
  const whole = before?.whole ?? wholeOf(world, packet, `${source.addressId} ${destination.addressId}`, traced)
  const label = before?.label ?? labelOf(world, packet)
  const [from, to] = [endpoints.at(source.addressId, 0).id, endpoints.at(destination.addressId, 0).id]
  const { cause } = recorder
  const start = before?.offset ?? 0
  const due = recorder.signalling ? pool.cause(packet) : NO_CAUSE
  const [dscp, ttl, spoilt] = [pool.dscp(packet), pool.ttl(packet), pool.isCorrupted(packet)]
  pool.free(packet)
  for (let at = 0; at < bytes.length; at += room) {
    const offset = start + at
    const more = at + room < bytes.length || before?.more === true
    const of = whole.traced?.id ?? NOBODY
    const body = bytes.subarray(at, Math.min(at + room, bytes.length))
    const place = { whole, offset, more, label, traced: { of, identification: whole.number, offset, more } }
    const piece = pool.take(FRAGMENT, from, isIpv6, to, EMPTY, body, dscp)
    pool.setPiece(piece, place)
    pool.setTtl(piece, ttl)
    if (spoilt) pool.spoil(piece)
    recorder.cause = due
    recorder.sent(node.rank, links.numberOf(direction), piece, pool.length(piece), ttl)
    links.push(piece, direction)
  }
  recorder.cause = cause
}

/** All that follows the packet's IP headers, with the checksum of its transport. */
export function ipPayload({ pool, endpoints }: World, packet: Packet): Uint8Array {
  const payload = pool.payload(packet)
  const protocol = pool.protocol(packet)
  if (protocol !== UDP && protocol !== TCP) return payload
  const [from, to] = [endpoints.byId(pool.source(packet)), endpoints.byId(pool.destination(packet))]
  const [source, destination] = [endpoints.bytesOf(from.addressId), endpoints.bytesOf(to.addressId)]
  if (protocol === TCP) {
    const header = tcpHeader(source, destination, payload)
    return join(header, payload.subarray(header.length))
  }
  const header = udpHeader(source, destination, from.port, to.port, payload)
  if (pool.isCorrupted(packet)) header[7] = header[7]! ^ 1 // made for other bytes
  return join(header, payload)
}

/** Counted by source and destination (RFC 791 §3.2, RFC 8200 §4.5), whoever cuts: what others send is no business of theirs. */
function wholeOf({ pool, fragmented }: World, packet: Packet, pair: string, traced: TracedPacket | undefined): Whole {
  const number = (fragmented.get(pair) ?? 0) + 1
  fragmented.set(pair, number)
  return { number, protocol: pool.protocol(packet), length: pool.length(packet), traced }
}

function labelOf({ pool }: World, packet: Packet): PacketLabel {
  const { name, media } = pool.label(packet)
  return { name: `fragment of ${name}`, media }
}
