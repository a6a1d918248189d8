// A packet filter, compiled: addresses as bytes, protocols as packets number them.

import { type Cidr, inPrefix, parseCidr } from '../../../platform/address.ts'
import { bug } from '../../../platform/assert.ts'
import type { Endpoints, KnownEndpoint } from '../../network/endpoint.ts'
import { ICMP, TCP, UDP } from '../../network/protocol.ts'
import type { IcmpType } from './icmpType.ts'
import type { PacketFilter } from './options.ts'

/** What a filter looks at. */
export interface Passage {
  readonly direction: 'out' | 'in'
  /** As packets number it. */
  readonly protocol: number
  /** Of an ICMP message that has a name. */
  readonly icmp: IcmpType | undefined
  readonly from: KnownEndpoint
  readonly to: KnownEndpoint
}

const NUMBERS = { udp: UDP, tcp: TCP, icmp: ICMP } as const

/** Says of a packet whether the filter means it. */
export type Matches = (passage: Passage) => boolean

/** The filter's test. A malformed prefix is a bug. */
export function compile(filter: PacketFilter, endpoints: Endpoints): Matches {
  const { direction, protocol, ports, types } = filter
  const [from, to] = [prefixOf(filter.from), prefixOf(filter.to)]
  const isIn = (prefix: Cidr | undefined, { addressId }: KnownEndpoint): boolean =>
    prefix === undefined || inPrefix(prefix, endpoints.bytesOf(addressId))
  return (passage) =>
    (direction === undefined || direction === passage.direction) &&
    (protocol === undefined || NUMBERS[protocol] === passage.protocol) &&
    (types === undefined || (passage.icmp !== undefined && types.includes(passage.icmp))) &&
    (ports === undefined ||
      (passage.protocol !== ICMP && passage.to.port >= ports[0] && passage.to.port <= ports[1])) &&
    isIn(from, passage.from) &&
    isIn(to, passage.to)
}

function prefixOf(text: string | undefined): Cidr | undefined {
  if (text === undefined) return undefined
  const read = parseCidr(text)
  return read.ok ? read.value : bug(`a firewall filters ${text}: ${read.issue.expected}`)
}
