// ICMP through a NAT (RFC 5508): errors quote the packet that they are about, and queries have an id in place of ports.

import type { AddressBytes } from '../../../platform/address.ts'
import { checksum, IPV4_HEADER, putUint16, sum } from '../../network/ip.ts'
import { ICMP, TCP, UDP } from '../../network/protocol.ts'

const QUOTED = 8
const PORTS = QUOTED + IPV4_HEADER
const UDP_CHECKSUM = PORTS + 6
const TCP_CHECKSUM = PORTS + 16
const ID = 4
/** In a quoted query, in place of ports: its checksum and its id. */
const QUERY_CHECKSUM = PORTS + 2
const QUERY_ID = PORTS + ID
/** Echo and its reply, in the order of RFC 792. */
const ECHO_REPLY = 0
const ECHO = 8
/** The numbers that IP gives to protocols, by those of packets. */
const IP_PROTOCOLS: ReadonlyMap<number, number> = new Map([
  [6, TCP],
  [17, UDP],
  [1, ICMP],
])

/** The protocol of the packet that an IPv4 error quotes, as packets number it; undefined for one that no NAT maps. */
export function quotedProtocol(payload: Uint8Array): number | undefined {
  return IP_PROTOCOLS.get(payload[QUOTED + 9]!)
}

/** The error with another source or destination in the packet that it quotes (of a query: `port` is its id), all checksums right again (RFC 5508 REQ-4, REQ-5). */
export function requote(
  payload: Uint8Array,
  side: 'source' | 'destination',
  address: AddressBytes,
  port: number,
): Uint8Array {
  const bytes = payload.slice()
  const protocol = quotedProtocol(payload)
  const [addressAt, ownPortAt] = side === 'source' ? [QUOTED + 12, PORTS] : [QUOTED + 16, PORTS + 2]
  const portAt = protocol === ICMP ? QUERY_ID : ownPortAt
  const [addressBefore, portBefore] = [
    sum(bytes.subarray(addressAt, addressAt + 4)),
    sum(bytes.subarray(portAt, portAt + 2)),
  ]
  bytes.set(address, addressAt)
  putUint16(bytes, portAt, port)
  putUint16(bytes, QUOTED + 10, 0)
  putUint16(bytes, QUOTED + 10, checksum(sum(bytes.subarray(QUOTED, PORTS))))
  const at = protocol === UDP ? UDP_CHECKSUM : TCP_CHECKSUM
  if (protocol === ICMP)
    adjust(bytes, QUERY_CHECKSUM, portBefore, port) // no pseudo-header: addresses do not count
  else if (protocol !== undefined && bytes.length >= at + 2 && (bytes[at] !== 0 || bytes[at + 1] !== 0)) {
    adjust(bytes, at, addressBefore + portBefore, sum(address) + port) // a UDP checksum of 0 is none
  }
  return summed(bytes)
}

/** The id of an echo or its reply; undefined for any other message. */
export function queryId(payload: Uint8Array): number | undefined {
  const isQuery = payload.length >= 8 && (payload[0] === ECHO || payload[0] === ECHO_REPLY)
  return isQuery ? (payload[ID]! << 8) | payload[ID + 1]! : undefined
}

/** Whether it is an echo's reply: only that comes back through a NAT's query mapping (RFC 5508 §3.2). */
export function isReply(payload: Uint8Array): boolean {
  return payload[0] === ECHO_REPLY
}

/** The query with another id (RFC 5508 REQ-1). */
export function withQueryId(payload: Uint8Array, id: number): Uint8Array {
  const bytes = payload.slice()
  putUint16(bytes, ID, id)
  return summed(bytes)
}

/** RFC 1624: the checksum after some 16-bit words of sum `before` have become others of sum `after`; never 0, which would be none in UDP. */
function adjust(bytes: Uint8Array, at: number, before: number, after: number): void {
  const old = (bytes[at]! << 8) | bytes[at + 1]!
  putUint16(bytes, at, checksum((~old & 0xffff) + (3 * 0xffff - before) + after) || 0xffff)
}

function summed(bytes: Uint8Array): Uint8Array {
  putUint16(bytes, 2, 0)
  putUint16(bytes, 2, checksum(sum(bytes)))
  return bytes
}
