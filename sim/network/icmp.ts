// ICMP errors: a node that gives a packet up tells its sender why, and the sender's socket learns it (RFC 792, 1122 §3.2.2, 1812 §4.3, 4443).

import { printAddress } from '../../platform/address.ts'
import type { Unreachable } from '../../platform/host.ts'
import { ERROR_WITHHELD } from '../../platform/trace.ts'
import type { Cause } from '../trace/cause.ts'
import { readEcho } from './echo.ts'
import type { KnownEndpoint } from './endpoint.ts'
import { ipPayload } from './fragments.ts'
import {
  checksum,
  FRAGMENT_HEADER,
  getUint32,
  IPV4_HEADER,
  IPV6_HEADER,
  ipHeader,
  NEXT_IS_FRAGMENT,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  pseudoSum,
  putUint16,
  sum,
  UDP_HEADER,
} from './ip.ts'
import { type Node, originate, ownAddress, type World } from './node.ts'
import { EMPTY, type Packet } from './packet.ts'
import { ICMP, TCP, UDP } from './protocol.ts'

/** Speaks for a router that has no address: RFC 7600 §6's dummy for IPv4, a link-local one for IPv6. */
const NAMELESS = ['192.0.0.8', 'fe80::1'] as const
const ICMP_HEADER = 8

interface Code {
  readonly why: Unreachable
  /** Type and code in ICMP (RFC 792, RFC 1812 §5.2.7.1). */
  readonly v4: readonly [type: number, code: number]
  /** Type and code in ICMPv6 (RFC 4443 §3). */
  readonly v6: readonly [type: number, code: number]
}

/** The protocols whose packets can be in an error, by the numbers that IP gives them. */
const PROTOCOLS: ReadonlyMap<number, number> = new Map([
  [PROTOCOL_UDP, UDP],
  [PROTOCOL_TCP, TCP],
  [PROTOCOL_ICMP, ICMP],
  [PROTOCOL_ICMPV6, ICMP],
])

const CODES: readonly Code[] = [
  { why: 'network unreachable', v4: [3, 0], v6: [1, 0] },
  { why: 'host unreachable', v4: [3, 1], v6: [1, 3] },
  { why: 'port unreachable', v4: [3, 3], v6: [1, 4] },
  { why: 'administratively prohibited', v4: [3, 13], v6: [1, 1] },
  { why: 'fragmentation needed', v4: [3, 4], v6: [2, 0] },
  { why: 'time exceeded', v4: [11, 0], v6: [3, 0] },
  { why: 'reassembly time exceeded', v4: [11, 1], v6: [3, 1] },
]

/**
 * Sends the error for a packet that `node` gives up; never for an ICMP error, nor for a fragment that is not the first (RFC 1122 §3.2.2,
 * RFC 4443 §2.4).
 * `cause` is the record of the loss; `mtuBytes` what would have fitted, where fragmentation was needed.
 */
export function unreachable(
  world: World,
  node: Node,
  packet: Packet,
  why: Unreachable,
  cause: Cause,
  mtuBytes = 0,
): void {
  const { pool, endpoints, recorder } = world
  const piece = pool.piece(packet)
  if (piece !== undefined && piece.offset > 0) return
  if (protocolOf(world, packet) === ICMP && isError(pool.payload(packet), endpoints.byId(pool.source(packet)).isIpv6))
    return
  const to = endpoints.byId(pool.source(packet))
  if (isWithheld(world, node, why, to, cause)) return
  const own =
    ownAddress(world, node, to.addressId) ??
    endpoints.addressId(NAMELESS[to.isIpv6 ? 1 : 0], endpoints.realmOf(to.addressId))
  const from = endpoints.at(own, 0)
  const body = message(world, packet, why, mtuBytes, from, to)
  const before = recorder.cause
  recorder.cause = cause
  const destination = endpoints.at(to.addressId, 0)
  originate(world, node, pool.take(ICMP, from.id, from.isIpv6, destination.id, EMPTY, body, 0), destination)
  recorder.cause = before
}

/** Whether the node's limits forbid the error: then that is on record. What a node tells itself is not limited. */
function isWithheld(
  { errorLimits, kernel, recorder, endpoints }: World,
  { rank }: Node,
  why: Unreachable,
  to: KnownEndpoint,
  cause: Cause,
): boolean {
  const limits = errorLimits.get(rank)
  if (limits === undefined || to.owner === rank) return false
  const limit = limits.forbids({ why, to: to.addressId, isIpv6: to.isIpv6 }, kernel.now)
  if (limit === undefined) return false
  recorder.withheld()
  if (!recorder.signalling) return true
  const before = recorder.cause
  recorder.cause = cause
  recorder.host(rank).remark(ERROR_WITHHELD, { reason: why, to: endpoints.addressOf(to.addressId), limit })
  recorder.cause = before
  return true
}

/** Types that tell of an error: destination unreachable, source quench, redirect, time exceeded, parameter problem (RFC 1122 §3.2.2). */
const V4_ERRORS: readonly number[] = [3, 4, 5, 11, 12]
/** From this type on, ICMPv6 informs (RFC 4443 §2.1). */
const V6_FIRST_INFORMATIONAL = 128

function isError(bytes: Uint8Array, ipv6: boolean): boolean {
  const type = bytes[0]!
  return ipv6 ? type < V6_FIRST_INFORMATIONAL : V4_ERRORS.includes(type)
}

/** What a packet, or the datagram that it is a piece of, carries. */
function protocolOf({ pool }: World, packet: Packet): number {
  return pool.piece(packet)?.whole.protocol ?? pool.protocol(packet)
}

/** What an ICMP error says. */
export interface IcmpError {
  /** Who says so. */
  readonly by: KnownEndpoint
  /** The ends of the packet that it is about; an echo's id stands for a port at the end that asks, 0 at the other. */
  readonly from: KnownEndpoint
  readonly to: KnownEndpoint
  /** Why that ended. */
  readonly why: Unreachable
  /** Where fragmentation was needed: what would have fitted; 0 if it does not say. */
  readonly mtuBytes: number
  /** As packets number it; undefined for one that none of them has. */
  readonly protocol: number | undefined
  /** TCP: the sequence number, as a signed integer of 32 bits. An echo: its id, and in the lower 16 bits its sequence number. */
  readonly sequence: number
}

/** Reads an ICMP error. Undefined for anything else. */
export function readUnreachable(world: World, packet: Packet): IcmpError | undefined {
  const { endpoints } = world
  const bytes = world.pool.payload(packet)
  const by = endpoints.byId(world.pool.source(packet))
  const { isIpv6: ipv6, addressId } = by
  const known = CODES.find(({ v4, v6 }) => {
    const [type, code] = ipv6 ? v6 : v4
    return type === bytes[0] && code === bytes[1]
  })
  const header = ipv6 ? IPV6_HEADER : IPV4_HEADER
  if (known === undefined || bytes.length < ICMP_HEADER + header + 8) return undefined
  const [at, size] = ipv6 ? [ICMP_HEADER + 8, 16] : [ICMP_HEADER + 12, 4]
  const isFragment = ipv6 && bytes[ICMP_HEADER + 6] === NEXT_IS_FRAGMENT
  const ports = ICMP_HEADER + header + (isFragment ? FRAGMENT_HEADER : 0)
  const mtuBytes = known.why === 'fragmentation needed' ? (bytes[6]! << 8) | bytes[7]! : 0
  const protocol = PROTOCOLS.get(bytes[isFragment ? ICMP_HEADER + header : ICMP_HEADER + (ipv6 ? 6 : 9)]!)
  const [fromPort, toPort] = portsOf(bytes.subarray(ports), protocol, ipv6)
  const endpoint = (address: number, port: number): KnownEndpoint => {
    const id = endpoints.addressId(printAddress(bytes.subarray(address, address + size)), endpoints.realmOf(addressId))
    return endpoints.at(id, port)
  }
  const [from, to] = [endpoint(at, fromPort), endpoint(at + size, toPort)]
  return { by, from, to, why: known.why, mtuBytes, protocol, sequence: getUint32(bytes, ports + 4) }
}

/** The ports that a quoted packet has, or what stands for them: see {@link IcmpError.from}. */
function portsOf(quoted: Uint8Array, protocol: number | undefined, ipv6: boolean): readonly [number, number] {
  if (protocol !== ICMP) return [(quoted[0]! << 8) | quoted[1]!, (quoted[2]! << 8) | quoted[3]!]
  const echo = readEcho(quoted, ipv6)
  if (echo === undefined) return [0, 0]
  return echo.kind === 'request' ? [echo.id, 0] : [0, echo.id]
}

/** Type, code, checksum, the MTU if any (RFC 1191 §4, RFC 4443 §3.2), then the IP and transport headers of the packet given up. */
function message(
  world: World,
  packet: Packet,
  why: Unreachable,
  mtuBytes: number,
  from: KnownEndpoint,
  to: KnownEndpoint,
): Uint8Array {
  const row = CODES.find((code) => code.why === why)!
  const [type, code] = to.isIpv6 ? row.v6 : row.v4
  const quoted = quote(world, packet)
  const bytes = new Uint8Array(ICMP_HEADER + quoted.length)
  bytes[0] = type
  bytes[1] = code
  putUint16(bytes, 6, mtuBytes)
  bytes.set(quoted, ICMP_HEADER)
  let total = sum(bytes)
  if (to.isIpv6) {
    const [source, destination] = [world.endpoints.bytesOf(from.addressId), world.endpoints.bytesOf(to.addressId)]
    total += pseudoSum(source, destination, PROTOCOL_ICMPV6, bytes.length)
  }
  putUint16(bytes, 2, checksum(total))
  return bytes
}

function quote(world: World, packet: Packet): Uint8Array {
  const { pool, endpoints } = world
  const from = endpoints.byId(pool.source(packet))
  const to = endpoints.byId(pool.destination(packet))
  const source = endpoints.bytesOf(from.addressId)
  const destination = endpoints.bytesOf(to.addressId)
  const piece = pool.piece(packet)
  const protocol = protocolOf(world, packet)
  const isTcp = protocol === TCP
  const number = isTcp ? PROTOCOL_TCP : protocol === UDP ? PROTOCOL_UDP : from.isIpv6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP
  const ip = ipHeader({
    ...{ source, destination, protocol: number, length: pool.length(packet) },
    ...{ ttl: pool.ttl(packet), dscp: pool.dscp(packet), dontFragment: pool.mustStayWhole(packet) },
    ...(piece && { fragment: piece.traced }),
  })
  const bytes = ipPayload(world, packet)
  const transport = bytes.subarray(0, isTcp && bytes.length > 12 ? (bytes[12]! >> 4) * 4 : UDP_HEADER)
  const quoted = new Uint8Array(ip.length + transport.length)
  quoted.set(ip)
  quoted.set(transport, ip.length)
  return quoted
}
