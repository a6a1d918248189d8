// The bytes of IP and UDP headers and their checksums, for what quotes or shows whole packets.

import type { AddressBytes } from '../../platform/address.ts'

export const IPV4_HEADER = 20
export const IPV6_HEADER = 40
export const UDP_HEADER = 8
export const PROTOCOL_ICMP = 1
export const PROTOCOL_TCP = 6
export const PROTOCOL_UDP = 17
export const PROTOCOL_ICMPV6 = 58
/** Where a segment has the length of its header, and its checksum. */
const TCP_OFFSET = 12
const TCP_CHECKSUM = 16
/** IPv6's extension header of a fragment (RFC 8200 §4.5). */
export const FRAGMENT_HEADER = 8
/** Stands where the protocol would, before a fragment header. */
export const NEXT_IS_FRAGMENT = 44

/** What an IP header says. `length` counts all bytes of the packet; `ttl` is the hop limit in IPv6. */
export interface IpFields {
  readonly source: AddressBytes
  readonly destination: AddressBytes
  readonly protocol: number
  readonly length: number
  /** 0–255. */
  readonly ttl: number
  /** 0–63. */
  readonly dscp: number
  /** Default false. */
  readonly dontFragment?: boolean
  /** IPv4: tells a datagram's fragments from others'; the lower 16 bits count. Default 0. */
  readonly identification?: number
  /** Present for a fragment. Its offset is in bytes, a multiple of 8. */
  readonly fragment?: { readonly identification: number; readonly offset: number; readonly more: boolean }
}

/** An IPv4 header without options (RFC 791), or an IPv6 header (RFC 8200) with that of a fragment where it is one, by the addresses' version. */
export function ipHeader(fields: IpFields): Uint8Array {
  return fields.source.length === 4 ? ipv4Header(fields) : ipv6Header(fields)
}

function ipv4Header(fields: IpFields): Uint8Array {
  const { source, destination, protocol, length, ttl, dscp, fragment } = fields
  const header = new Uint8Array(IPV4_HEADER)
  header[0] = 0x45
  header[1] = dscp << 2
  putUint16(header, 2, length)
  putUint16(header, 4, fragment?.identification ?? fields.identification ?? 0)
  const flags = (fields.dontFragment === true ? 0x4000 : 0) | (fragment?.more === true ? 0x2000 : 0)
  putUint16(header, 6, flags | ((fragment?.offset ?? 0) >> 3))
  header[8] = ttl
  header[9] = protocol
  header.set(source, 12)
  header.set(destination, 16)
  putUint16(header, 10, checksum(sum(header)))
  return header
}

function ipv6Header({ source, destination, protocol, length, ttl, dscp, fragment }: IpFields): Uint8Array {
  const header = new Uint8Array(IPV6_HEADER + (fragment === undefined ? 0 : FRAGMENT_HEADER))
  header[0] = 0x60 | (dscp >> 2)
  header[1] = (dscp & 3) << 6
  putUint16(header, 4, length - IPV6_HEADER)
  header[6] = fragment === undefined ? protocol : NEXT_IS_FRAGMENT
  header[7] = ttl
  header.set(source, 8)
  header.set(destination, 24)
  if (fragment === undefined) return header
  header[IPV6_HEADER] = protocol
  putUint16(header, IPV6_HEADER + 2, fragment.offset | (fragment.more ? 1 : 0))
  putUint16(header, IPV6_HEADER + 4, fragment.identification >>> 16)
  putUint16(header, IPV6_HEADER + 6, fragment.identification)
  return header
}

/** A UDP header (RFC 768) with its checksum over the pseudo-header and `payload`. */
export function udpHeader(
  source: AddressBytes,
  destination: AddressBytes,
  sourcePort: number,
  destinationPort: number,
  payload: Uint8Array,
): Uint8Array {
  const header = new Uint8Array(UDP_HEADER)
  const length = UDP_HEADER + payload.length
  putUint16(header, 0, sourcePort)
  putUint16(header, 2, destinationPort)
  putUint16(header, 4, length)
  const total = pseudoSum(source, destination, PROTOCOL_UDP, length) + sum(header) + sum(payload)
  putUint16(header, 6, checksum(total) || 0xffff)
  return header
}

/** The header of a TCP segment (RFC 9293 §3.1), its options included, with its checksum over the pseudo-header and all of `segment`. */
export function tcpHeader(source: AddressBytes, destination: AddressBytes, segment: Uint8Array): Uint8Array {
  const header = segment.slice(0, (segment[TCP_OFFSET]! >> 4) * 4)
  putUint16(header, TCP_CHECKSUM, 0)
  const total = pseudoSum(source, destination, PROTOCOL_TCP, segment.length) + sum(header)
  putUint16(header, TCP_CHECKSUM, checksum(total + sum(segment.subarray(header.length))))
  return header
}

/** The pseudo-header's part of a transport checksum (RFC 768, RFC 8200 §8.1), before folding. */
export function pseudoSum(source: AddressBytes, destination: AddressBytes, protocol: number, length: number): number {
  return sum(source) + sum(destination) + protocol + (length >>> 16) + (length & 0xffff)
}

/** The sum of all 16-bit words, an odd last byte being the high one (RFC 1071), before folding. */
export function sum(bytes: Uint8Array): number {
  let total = 0
  for (let i = 0; i + 1 < bytes.length; i += 2) total += (bytes[i]! << 8) | bytes[i + 1]!
  if (bytes.length & 1) total += bytes[bytes.length - 1]! << 8
  return total
}

/** The checksum of a sum: folded to 16 bits, complemented. */
export function checksum(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}

/** Writes 16 bits, the high byte first. */
export function putUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

/** Reads 32 bits, the high byte first, as a signed integer. */
export function getUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}
