// Hosts in URIs and Vias (RFC 3261 §25.1): names, IPv4 addresses, and IPv6 addresses in brackets.

import { canonicalAddress } from '../../../platform/address.ts'
import { CLASS, CODE, CLASSES as TABLE } from './characters.ts'
import { run, SCANNED, scanner } from './scanner.ts'

const CLASSES = TABLE
const BYTES = SCANNED
const { ALPHANUM, HEX } = CLASS
const { FAIL, HYPHEN, DOT, ZERO, NINE, COLON, OPEN, CLOSE } = CODE

/** A host as it stands in URIs and Vias: an IPv6 address in brackets. */
export function printHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** The address, in its canonical form, that a host or a parameter such as `maddr` says, IPv6 with its brackets or without; undefined for a name. */
export function literalAddress(host: string): string | undefined {
  return canonicalAddress(host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host)
}

/** The host recognised at `from…to`: an IPv6 address without its brackets and without RFC 2373's extra colon. */
export function readHost(text: string, from: number, to: number): string {
  return text.charCodeAt(from) === OPEN ? text.slice(from + 1, to - 1).replace(':::', '::') : text.slice(from, to)
}

/** Passes `hostname`: labels of letters, digits and inner hyphens, of which the last begins with a letter; or an IPv4 address; or `[IPv6]`. */
export function passHost(from: number): number {
  const first = BYTES[from]!
  if (first <= NINE) {
    const end = ipv4End(from)
    if (end !== FAIL) return end
  } else if (first === OPEN) return passIpv6(from)
  let at = from
  let lastLabel = from
  for (;;) {
    const label = at
    while ((CLASSES[BYTES[at]!]! & ALPHANUM) !== 0) at++
    if (at > label) {
      lastLabel = label
      while (BYTES[at] === HYPHEN) {
        while (BYTES[at] === HYPHEN) at++
        if ((CLASSES[BYTES[at]!]! & ALPHANUM) === 0) return scanner.refuse(from, 'a host')
        while ((CLASSES[BYTES[at]!]! & ALPHANUM) !== 0) at++
      }
      if (BYTES[at] !== DOT) break
      at++
    } else if (at === from || BYTES[at] === DOT || BYTES[at] === HYPHEN) return scanner.refuse(from, 'a host')
    else break // a dot after the last label
  }
  return BYTES[lastLabel]! > NINE ? at : scanner.refuse(from, 'a host')
}

/** Where an IPv4 address ends that no other label follows; FAIL if there is none. */
function ipv4End(from: number): number {
  let at = from
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && BYTES[at++] !== DOT) return FAIL
    const digits = at
    let value = 0
    for (let digit = BYTES[at]! - ZERO; digit >= 0 && digit <= 9 && value <= 255; digit = BYTES[at]! - ZERO) {
      value = value * 10 + digit
      at++
    }
    if (at === digits || value > 255 || at > digits + 3) return FAIL
  }
  return BYTES[at] === DOT || BYTES[at] === HYPHEN || (CLASSES[BYTES[at]!]! & ALPHANUM) !== 0 ? FAIL : at
}

/** Passes an IPv6 address in brackets (RFC 5954 §3): eight groups, `::` once for some of them, the last two as IPv4 perhaps. */
function passIpv6(from: number): number {
  let at = from + 1
  let groups = 0
  let gaps = 0
  while (groups <= 8) {
    if (BYTES[at] === COLON && BYTES[at + 1] === COLON) {
      gaps++
      at += 2
      // RFC 5118 §4.10: the grammar of RFC 2373 had a colon too many before an IPv4 part; it is tolerated, and not sent on.
      if (BYTES[at] === COLON && ipv4End(at + 1) !== FAIL) at++
    } else if (groups > 0 && BYTES[at] === COLON) at++
    else if (groups > 0) break
    const end = run(at, HEX)
    if (end === at) break
    const quad = BYTES[end] === DOT ? ipv4End(at) : FAIL
    if (quad !== FAIL) {
      groups += 2
      at = quad
      break
    }
    if (end - at > 4) break
    groups++
    at = end
  }
  const complete = gaps === 0 ? groups === 8 : gaps === 1 && groups < 8
  if (complete && BYTES[at] === CLOSE && BYTES[at - 1] !== COLON) return at + 1
  if (complete && BYTES[at] === CLOSE && BYTES[at - 2] === COLON) return at + 1
  return scanner.refuse(from, 'an IPv6 address in brackets')
}

/** Passes a port, and marks its number. */
export function passPort(from: number): number {
  let at = from
  let port = 0
  for (let digit = BYTES[at]! - ZERO; digit >= 0 && digit <= 9 && port <= 65535; digit = BYTES[at]! - ZERO) {
    port = port * 10 + digit
    at++
  }
  if (at === from || port > 65535) return scanner.refuse(from, 'a port, 0–65535')
  scanner.port = port
  return at
}
