// What an ICMP error says: which place a datagram did not reach.

import { printAddress } from '../../platform/address.ts'
import type { Place } from './observation.ts'
import type { Content } from './payload.ts'

/** The ICMP errors by which a sender learns that a datagram did not arrive: types 3 and 11, or ICMPv6's 1 to 4. */
export function unreachableIn(payload: Uint8Array): Content {
  const about = quotedDestination(payload.subarray(8))
  const type = payload[0] ?? 0
  return about === undefined || !(type === 3 || type === 11 || type <= 4)
    ? { kind: 'other' }
    : { kind: 'unreachable', about }
}

/** Where the UDP datagram was going whose headers these bytes are. */
function quotedDestination(bytes: Uint8Array): Place | undefined {
  const v6 = bytes[0]! >> 4 === 6
  const header = v6 ? 40 : (bytes[0]! & 15) * 4
  if (bytes.length < header + 4 || bytes[v6 ? 6 : 9] !== 17) return undefined
  const address = printAddress(v6 ? bytes.slice(24, 40) : bytes.slice(16, 20))
  return { address, port: (bytes[header + 2]! << 8) | bytes[header + 3]! }
}
