// Addresses in a file.

import { parseAddress, parseCidr } from '../platform/address.ts'
import { checked } from './yaml/shape.ts'

/** `192.168.1.10/24`: an address and the prefix in which its neighbours stand. */
export const cidr = checked('an address with its prefix such as 192.168.1.10/24', (text) => {
  const parsed = parseCidr(text)
  if (!parsed.ok) return parsed.issue.expected
  return text.includes('/') ? undefined : `an address with its prefix such as ${text}/24, not "${text}"`
})

/** What to do where somebody wants a NAT for IPv6. */
const NO_NAT66 = 'NATs translate IPv4 alone, and IPv6 homes stand behind `kind: firewall` or `kind: router`'

/** The same, in IPv4: what NATs translate. */
export const cidr4 = checked('an IPv4 address with its prefix such as 192.168.1.1/24', (text) => {
  const parsed = parseCidr(text)
  const isIpv4 = parsed.ok && parsed.value.address.length === 4
  if (isIpv4 && text.includes('/')) return undefined
  const expected = `an IPv4 address with its prefix such as 192.168.1.1/24, not "${text}"`
  return parsed.ok && !isIpv4 ? `${expected}: ${NO_NAT66}` : expected
})

/** An IPv4 address alone, of a NAT's or behind it. */
export const address4 = checked('an IPv4 address such as 203.0.113.9', (text) => {
  const parsed = parseAddress(text)
  if (parsed.ok && parsed.value.length === 4) return undefined
  const expected = `an IPv4 address such as 203.0.113.9, not "${text}"`
  return parsed.ok ? `${expected}: ${NO_NAT66}` : expected
})
