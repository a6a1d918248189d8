// Hosts in URIs and Vias (RFC 3261 §25.1): names, IPv4 addresses, and IPv6 addresses in brackets.

import { ALPHANUM, CLASSES, DIGIT, HEX, isAll } from './characters.ts'
import { FAIL, passNumber, run, type Scanner } from './scanner.ts'

const HYPHEN = 45
const DOT = 46
const OPEN = 91
const CLOSE = 93

/** A host as it stands in URIs and Vias: an IPv6 address in brackets. */
export function printHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** The host recognised at `from…to`: an IPv6 address without its brackets and without RFC 2373's extra colon. */
export function readHost(text: string, from: number, to: number): string {
  return text.charCodeAt(from) === OPEN ? text.slice(from + 1, to - 1).replace(':::', '::') : text.slice(from, to)
}

/** Passes `hostname`: labels of letters, digits and inner hyphens, of which the last begins with a letter; or an IPv4 address; or `[IPv6]`. */
export function passHost(scanner: Scanner, from: number): number {
  const { bytes } = scanner
  if (bytes[from] === OPEN) return passIpv6(scanner, from)
  let at = from
  let label = from
  let lastLabel = from
  for (;;) {
    const byte = bytes[at]!
    if ((CLASSES[byte]! & ALPHANUM) !== 0) at++
    else if (byte === HYPHEN && at > label) at++
    else if (byte === DOT && at > label && bytes[at - 1] !== HYPHEN) {
      lastLabel = label
      label = ++at
    } else break
  }
  if (label < at) lastLabel = label
  if (at === from || bytes[at - 1] === HYPHEN || bytes[at] === HYPHEN || bytes[at] === DOT)
    return scanner.refuse(from, 'a host')
  if ((CLASSES[bytes[lastLabel]!]! & DIGIT) !== 0 && !isIpv4(bytes, from, at)) return scanner.refuse(from, 'a host')
  return at
}

function isIpv4(bytes: Uint8Array, from: number, to: number): boolean {
  let octets = 0
  let digits = 0
  let value = 0
  for (let at = from; at <= to; at++) {
    const byte = at < to ? bytes[at]! : DOT
    if (byte === DOT) {
      if (digits === 0 || value > 255) return false
      octets++
      digits = 0
      value = 0
    } else {
      if ((CLASSES[byte]! & DIGIT) === 0 || ++digits > 3) return false
      value = value * 10 + byte - 48
    }
  }
  return octets === 4
}

function passIpv6(scanner: Scanner, from: number): number {
  const { bytes, text } = scanner
  let at = from + 1
  while ((CLASSES[bytes[at]!]! & HEX) !== 0 || bytes[at] === 58 || bytes[at] === DOT) at++
  // RFC 5118 §4.10: the grammar of RFC 2373 had a colon too many before an IPv4 part; it is tolerated, and not sent on.
  if (bytes[at] === CLOSE && isIpv6(text.slice(from + 1, at).replace(':::', '::'))) return at + 1
  return scanner.refuse(from, 'an IPv6 address in brackets')
}

/** An IPv6 address in text (RFC 5954 §3): eight groups, `::` once for some of them, the last two as IPv4 perhaps. */
function isIpv6(text: string): boolean {
  if (text.length > 45) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  let count = groups.length
  for (const [place, group] of groups.entries()) {
    if (place === groups.length - 1 && group.includes('.') && text.endsWith(group)) {
      if (!isDottedQuad(group)) return false
      count++
    } else if (group === '' || group.length > 4 || !isAll(group, HEX)) return false
  }
  return halves.length === 2 ? count < 8 : count === 8
}

function isDottedQuad(text: string): boolean {
  const octets = text.split('.')
  return octets.length === 4 && octets.every((octet) => octet !== '' && isAll(octet, DIGIT) && Number(octet) <= 255)
}

/** Passes a port. */
export function passPort(scanner: Scanner, at: number): number {
  const to = passNumber(scanner, at, 65535, 'a port, 0–65535')
  return to === FAIL ? FAIL : run(scanner.bytes, to, DIGIT)
}
