// Addresses in a file.

import { parseAddress, parseCidr } from '../platform/address.ts'
import { checked } from './yaml/shape.ts'

/** `192.168.1.10/24`: an address and the prefix in which its neighbours stand. */
export const cidr = checked('an address with its prefix such as 192.168.1.10/24', (text) => {
  const parsed = parseCidr(text)
  if (!parsed.ok) return parsed.issue.expected
  return text.includes('/') ? undefined : `an address with its prefix such as ${text}/24, not "${text}"`
})

/** The same, in IPv4. */
export const cidr4 = checked('an IPv4 address with its prefix such as 192.168.1.1/24', (text) => {
  const parsed = parseCidr(text)
  if (parsed.ok && parsed.value.address.length === 4 && text.includes('/')) return undefined
  return `an IPv4 address with its prefix such as 192.168.1.1/24, not "${text}"`
})

/** An IPv4 address alone. */
export const address4 = checked('an IPv4 address such as 203.0.113.9', (text) => {
  const parsed = parseAddress(text)
  return parsed.ok && parsed.value.length === 4 ? undefined : `an IPv4 address such as 203.0.113.9, not "${text}"`
})
