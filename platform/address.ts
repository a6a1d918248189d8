// IP addresses of both versions, as bytes and as text, and the prefixes (CIDR) that they stand in.

import { failure, type Result, success } from './result.ts'

/** 4 bytes for IPv4, 16 for IPv6, in network order. Never changes. */
export type AddressBytes = Uint8Array

/** An address with the length of its prefix, such as `192.168.1.10/24`. */
export interface Cidr {
  readonly address: AddressBytes
  /** 0–32 for IPv4, 0–128 for IPv6. */
  readonly prefixLength: number
}

/** Reads `192.168.1.10` or any form of RFC 4291 §2.2 (`2001:db8::1`, `::ffff:1.2.3.4`); no brackets, no zone, no leading zeros in IPv4. */
export function parseAddress(text: string): Result<AddressBytes> {
  const bytes = text.includes(':') ? readIpv6(text) : readIpv4(text)
  return bytes === undefined
    ? failure('address', `an address such as 192.168.1.10 or 2001:db8::1, not "${text}"`)
    : success(bytes)
}

/** Writes an address in its one canonical form: dotted quad, or RFC 5952. */
export function printAddress(address: AddressBytes): string {
  return address.length === 4 ? address.join('.') : printIpv6(address)
}

/** The canonical text of an address, or undefined if `text` is none: equal addresses have equal texts. */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(':')) return readIpv4(text) === undefined ? undefined : text // there is one way to write these
  const parsed = readIpv6(text)
  return parsed === undefined ? undefined : printAddress(parsed)
}

/**
 * The first of these addresses that `peer` can answer: one of its version, if it is an address, in brackets or not. The first of all where
 * there is none, or where `peer` is a name.
 */
export function addressTowards(addresses: readonly string[], peer: string): string | undefined {
  const [first] = addresses
  if (first === undefined || first.includes(':') === peer.includes(':')) return first
  const isAddress = peer.includes(':') || canonicalAddress(peer) !== undefined
  return (isAddress ? addresses.find((one) => one.includes(':') === peer.includes(':')) : undefined) ?? first
}

/** Reads `192.168.1.10/24` or `2001:db8::1/64`. Without a `/` the prefix is the whole address. */
export function parseCidr(text: string): Result<Cidr> {
  const slash = text.indexOf('/')
  const parsed = parseAddress(slash < 0 ? text : text.slice(0, slash))
  const issue = failure('address', `an address with its prefix such as 192.168.1.10/24, not "${text}"`)
  if (!parsed.ok) return issue
  const bits = parsed.value.length * 8
  if (slash < 0) return success({ address: parsed.value, prefixLength: bits })
  const length = readDecimal(text.slice(slash + 1), bits)
  return length === undefined ? issue : success({ address: parsed.value, prefixLength: length })
}

/** True if `address` stands in the prefix of `cidr`; never across versions. */
export function inPrefix(cidr: Cidr, address: AddressBytes): boolean {
  if (cidr.address.length !== address.length) return false
  const whole = cidr.prefixLength >> 3
  for (let i = 0; i < whole; i++) if (cidr.address[i] !== address[i]) return false
  const rest = cidr.prefixLength & 7
  return rest === 0 || (cidr.address[whole]! ^ address[whole]!) >> (8 - rest) === 0
}

/** 127.0.0.0/8 and ::1. */
export function isLoopback(address: AddressBytes): boolean {
  return address.length === 4
    ? address[0] === 127
    : address[15] === 1 && address.subarray(0, 15).every((byte) => byte === 0)
}

function readIpv4(text: string): AddressBytes | undefined {
  const bytes = new Uint8Array(4)
  let from = 0
  for (let i = 0; i < 4; i++) {
    const dot = i < 3 ? text.indexOf('.', from) : text.length
    if (dot < 0) return undefined
    const value = readDecimal(text.slice(from, dot), 255)
    if (value === undefined) return undefined
    bytes[i] = value
    from = dot + 1
  }
  return bytes
}

/** A decimal number without leading zeros, 0 to `most`. */
function readDecimal(text: string, most: number): number | undefined {
  if (text.length === 0 || text.length > 3 || (text.length > 1 && text[0] === '0')) return undefined
  let value = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value <= most ? value : undefined
}

function readIpv6(text: string): AddressBytes | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const front = readGroups(halves[0]!, halves.length === 1)
  const back = halves.length === 2 ? readGroups(halves[1]!, true) : []
  if (front === undefined || back === undefined) return undefined
  const missing = 8 - front.length - back.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const bytes = new Uint8Array(16)
  for (let i = 0; i < front.length; i++) put(bytes, i, front[i]!)
  for (let i = 0; i < back.length; i++) put(bytes, front.length + missing + i, back[i]!)
  return bytes
}

function put(bytes: Uint8Array, group: number, value: number): void {
  bytes[group * 2] = value >> 8
  bytes[group * 2 + 1] = value & 0xff
}

/** The 16-bit groups of one side of `::`; an IPv4 address may stand for the last two where the address ends. */
function readGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const groups: number[] = []
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!
    if (atEnd && i === parts.length - 1 && part.includes('.')) {
      const quad = readIpv4(part)
      if (quad === undefined) return undefined
      groups.push((quad[0]! << 8) | quad[1]!, (quad[2]! << 8) | quad[3]!)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined
      groups.push(Number.parseInt(part, 16))
    }
  }
  return groups.length <= 8 ? groups : undefined
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`, the first of equals; mapped IPv4 in dots. */
function printIpv6(address: AddressBytes): string {
  const groups = Array.from({ length: 8 }, (_, i) => (address[i * 2]! << 8) | address[i * 2 + 1]!)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${address.subarray(12).join('.')}`
  }
  let from = -1
  let longest = 1
  for (let i = 0; i < 8; i++) {
    let run = 0
    while (i + run < 8 && groups[i + run] === 0) run++
    if (run > longest) {
      longest = run
      from = i
    }
  }
  const hex = (some: readonly number[]): string => some.map((group) => group.toString(16)).join(':')
  return from < 0 ? hex(groups) : `${hex(groups.slice(0, from))}::${hex(groups.slice(from + longest))}`
}
