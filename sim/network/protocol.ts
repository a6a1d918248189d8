// The transport protocols as packets number them.

import type { TransportProtocol } from '../../platform/trace.ts'

export const UDP = 0
export const ICMP = 1
/** A TCP packet's payload is its segment: the header, whose ports stand in the packet's endpoints alone, and then the data. */
export const TCP = 2

/** Part of a packet, whatever that carries; its ends have port 0. Odd, as ICMP is: what has no ports of its own. */
export const FRAGMENT = 3

/** What the record calls each; of a fragment, what it is a part of. */
export const PROTOCOL_NAMES = ['udp', 'icmp', 'tcp'] as const satisfies readonly TransportProtocol[]
