// From frames to IP packets: Ethernet with VLAN tags and PPPoE, Linux's cooked captures, loopback, raw IP; IPv4 and IPv6, fragments put together.

import { printAddress } from '../../platform/address.ts'
import { joined } from './bytes.ts'

/** What IP carried. `payload` may be a view into the frame. */
export interface IpPacket {
  readonly source: string
  readonly destination: string
  /** 6 is TCP, 17 UDP, 1 and 58 ICMP. */
  readonly protocol: number
  readonly payload: Uint8Array
  /** IPv4's identification; 0 for IPv6. */
  readonly id: number
  /** The TTL or hop limit. */
  readonly ttl: number
  /** How many bytes of it were not captured. */
  readonly missing: number
}

interface Piece extends IpPacket {
  readonly offset: number
  readonly more: boolean
}

const IPV4 = 0x0800
const IPV6 = 0x86dd
const LINK_TYPES: ReadonlySet<number> = new Set([0, 1, 12, 14, 101, 108, 113, 228, 229, 276])
/** PPP over Ethernet (RFC 2516 §4): six bytes of its own, then PPP's protocol (RFC 1332, RFC 5072). */
const PPPOE = 0x8864
const PPP_IP: ReadonlySet<number> = new Set([0x0021, 0x0057])
const VLANS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100])
/** So many datagrams at most wait for their fragments. */
const MOST_WAITING = 256
const MOST_PIECES = 64

/**
 * The point of a frame that was captured there, finer than its interface: Linux's cooked captures of any interface say whether a packet
 * came or went (and which interface it was), so that what a machine passes on stands at two points.
 */
export function pointOf(linkType: number, frame: Uint8Array, number: number): number {
  const outgoing = 4
  if (linkType === 113) return number * 2 + (half(frame, 0) === outgoing ? 1 : 0)
  if (linkType === 276) return (half(frame, 6) * 1024 + number) * 2 + (frame[10] === outgoing ? 1 : 0)
  return number
}

/** The IP packet in a frame of that link type; undefined where there is none. */
export function ipIn(linkType: number, frame: Uint8Array): Uint8Array | undefined {
  switch (linkType) {
    case 1:
      return tagged(frame, 12)
    case 113:
      return tagged(frame, 14)
    case 276:
      return isIp(half(frame, 0)) ? frame.subarray(20) : undefined
    case 0:
    case 108:
      return frame.subarray(4)
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return frame
    default:
      return undefined
  }
}

/** True for the link types that {@link ipIn} knows. */
export function isRead(linkType: number): boolean {
  return LINK_TYPES.has(linkType)
}

function tagged(frame: Uint8Array, at: number): Uint8Array | undefined {
  let place = at
  while (VLANS.has(half(frame, place)) && place < at + 16) place += 4
  if (half(frame, place) === PPPOE) return PPP_IP.has(half(frame, place + 8)) ? frame.subarray(place + 10) : undefined
  return isIp(half(frame, place)) ? frame.subarray(place + 2) : undefined
}

function isIp(type: number): boolean {
  return type === IPV4 || type === IPV6
}

/** Reads IP packets and keeps fragments until they are whole. */
export class Reassembly {
  readonly #waiting = new Map<string, Piece[]>()

  /** The packet that these bytes are, or complete, or the beginning of one that was captured in part; undefined for what is damaged, or a fragment that others must follow. Fragments seen at another `point` are another packet's. */
  take(bytes: Uint8Array, point = 0): IpPacket | undefined {
    const piece = bytes[0]! >> 4 === 4 ? ipv4(bytes) : bytes[0]! >> 4 === 6 ? ipv6(bytes) : undefined
    if (piece === undefined || (piece.offset === 0 && !piece.more)) return piece
    // What was captured in part is never whole; its beginning says what it was.
    if (piece.missing > 0) return piece.offset === 0 ? piece : undefined
    const key = `${point} ${piece.source} ${piece.destination} ${piece.protocol} ${piece.id}`
    const pieces = this.#waiting.get(key) ?? []
    if (pieces.length >= MOST_PIECES) return undefined
    const kept = { ...piece, payload: piece.payload.slice() }
    const all = [...pieces.filter(({ offset }) => offset !== piece.offset), kept].sort((a, b) => a.offset - b.offset)
    this.#waiting.delete(key)
    const whole = together(all)
    if (whole !== undefined) return { ...all[0]!, payload: whole }
    this.#waiting.set(key, all)
    if (this.#waiting.size > MOST_WAITING) this.#waiting.delete(this.#waiting.keys().next().value as string)
    return undefined
  }
}

function together(pieces: readonly Piece[]): Uint8Array | undefined {
  let next = 0
  for (const { offset, payload } of pieces) {
    if (offset !== next) return undefined
    next += payload.length
  }
  return pieces.at(-1)!.more ? undefined : joined(pieces.map(({ payload }) => payload))
}

function ipv4(bytes: Uint8Array): Piece | undefined {
  const header = (bytes[0]! & 15) * 4
  if (bytes.length < 20 || header < 20 || bytes.length < header) return undefined
  const length = half(bytes, 2)
  // A length of 0 is left to the network card by those who capture before it (TCP segmentation offload).
  const end = length === 0 ? bytes.length : Math.min(bytes.length, length)
  if (end < header) return undefined
  const flags = half(bytes, 6)
  return {
    source: printAddress(bytes.subarray(12, 16)),
    destination: printAddress(bytes.subarray(16, 20)),
    protocol: bytes[9]!,
    payload: bytes.subarray(header, end),
    id: half(bytes, 4),
    ttl: bytes[8]!,
    missing: Math.max(0, length - bytes.length),
    offset: (flags & 0x1fff) * 8,
    more: (flags & 0x2000) !== 0,
  }
}

function ipv6(bytes: Uint8Array): Piece | undefined {
  if (bytes.length < 40) return undefined
  // As with IPv4, a length of 0 is left to the network card.
  const length = half(bytes, 4) === 0 ? bytes.length : 40 + half(bytes, 4)
  const end = Math.min(bytes.length, length)
  const source = printAddress(bytes.subarray(8, 24))
  const destination = printAddress(bytes.subarray(24, 40))
  let protocol = bytes[6]!
  let at = 40
  let fragment = { id: 0, offset: 0, more: false }
  // Hop-by-hop options, routing and destination options have their length in units of 8 bytes; a fragment header has 8.
  while ((protocol === 0 || protocol === 43 || protocol === 60 || protocol === 44) && at + 8 <= end) {
    const field = half(bytes, at + 2)
    if (protocol === 44) {
      fragment = {
        id: half(bytes, at + 4) * 65536 + half(bytes, at + 6),
        offset: field & 0xfff8,
        more: (field & 1) === 1,
      }
    }
    const size = protocol === 44 ? 8 : (bytes[at + 1]! + 1) * 8
    protocol = bytes[at]!
    at += size
  }
  if (at > end) return undefined
  const missing = length - end
  return { source, destination, protocol, payload: bytes.subarray(at, end), ttl: bytes[7]!, missing, ...fragment }
}

function half(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
