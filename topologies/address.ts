// Addresses in a file.

import type { z } from 'zod'
import { type Cidr, inPrefix, parseAddress, parseCidr } from '../platform/address.ts'
import { bug } from '../platform/assert.ts'
import { checked } from './yaml/shape.ts'

/** `192.168.1.10/24`: an address and the prefix in which its neighbours stand. */
export const cidr = checked('an address with its prefix such as 192.168.1.10/24', (text) => {
  const parsed = parseCidr(text)
  if (!parsed.ok) return parsed.issue.expected
  return text.includes('/') ? undefined : `an address with its prefix such as ${text}/24, not "${text}"`
})

/** The same, as a node's own: one that a node can have. */
export const ownCidr = cidr.check(({ value, issues }) => complain(value, noNodes(value), issues))

function complain(text: string, why: string | undefined, issues: z.core.$ZodRawIssue[]): void {
  if (why === undefined) return
  const message = `an address that a node can have, not ${text}: ${why}`
  issues.push({ code: 'custom', message, input: text })
}

/** Why no node can have the address; undefined where one can, and where it is none at all. */
function noNodes(text: string): string | undefined {
  const parsed = parseCidr(text)
  if (!parsed.ok) return undefined
  const { address, prefixLength } = parsed.value
  const reserved = RESERVED.find(([prefix]) => inPrefix(prefix, address))
  if (reserved !== undefined) return reserved[1]
  if (address.length === 16 || prefixLength > 30) return undefined
  const hosts = address.map((byte, i) => {
    const bits = Math.min(8, Math.max(0, (i + 1) * 8 - prefixLength))
    return byte & ((1 << bits) - 1)
  })
  if (hosts.every((byte) => byte === 0)) return 'it is the name of its whole prefix'
  const full = hosts.every((byte, i) => byte === (1 << Math.min(8, Math.max(0, (i + 1) * 8 - prefixLength))) - 1)
  return full ? 'it is the broadcast address of its prefix' : undefined
}

/** Addresses that mean no node (RFC 6890). Those of the loopback are a node's where a topology is run on this machine's own network. */
const RESERVED: readonly (readonly [Cidr, string])[] = (
  [
    ['0.0.0.0/8', 'it means this network, and no node in it'],
    ['224.0.0.0/4', 'it is a group’s'],
    ['255.255.255.255/32', 'it means all nodes'],
    ['::/128', 'it means none'],
    ['ff00::/8', 'it is a group’s'],
  ] as const
).map(([text, why]) => {
  const parsed = parseCidr(text)
  return [parsed.ok ? parsed.value : bug(parsed.issue.expected), why]
})

/** What to do where somebody wants a NAT for IPv6. */
const NO_NAT66 = 'NATs translate IPv4 alone, and IPv6 homes stand behind `kind: firewall` or `kind: router`'

/** The same, in IPv4: what NATs translate. */
const cidr4 = checked('an IPv4 address with its prefix such as 192.168.1.1/24', (text) => {
  const parsed = parseCidr(text)
  const isIpv4 = parsed.ok && parsed.value.address.length === 4
  if (isIpv4 && text.includes('/')) return undefined
  const expected = `an IPv4 address with its prefix such as 192.168.1.1/24, not "${text}"`
  return parsed.ok && !isIpv4 ? `${expected}: ${NO_NAT66}` : expected
})

/** The same, as a node's own. */
export const ownCidr4 = cidr4.check(({ value, issues }) => complain(value, noNodes(value), issues))

/** An IPv4 address alone, of a NAT's or behind it. */
export const address4 = checked('an IPv4 address such as 203.0.113.9', (text) => {
  const parsed = parseAddress(text)
  if (parsed.ok && parsed.value.length === 4) return undefined
  const expected = `an IPv4 address such as 203.0.113.9, not "${text}"`
  return parsed.ok ? `${expected}: ${NO_NAT66}` : expected
})
