// What a firewall does: its rules, its memory and its limits.

import type { ErrorLimit } from '../../network/errorLimits.ts'
import type { FragmentPolicy } from '../fragments.ts'
import type { IcmpType } from './icmpType.ts'

/** Which packets; all that is given must hold. */
export interface PacketFilter {
  /** Absent: both. */
  readonly direction?: 'out' | 'in'
  /** Absent: all. */
  readonly protocol?: 'udp' | 'tcp' | 'icmp'
  /** ICMP: only these kinds of messages. Absent: all. */
  readonly types?: readonly IcmpType[]
  /** Where they come from and go to, such as `198.51.100.0/24`. Absent: anywhere. */
  readonly from?: string
  readonly to?: string
  /** UDP and TCP: the first and last destination port, 0–65535; ICMP has none, and matches no filter that names some. Absent: all. */
  readonly ports?: readonly [number, number]
}

/** The first rule decides that a packet matches which is of no known flow, nor an ICMP error about one. */
export interface FirewallRule extends PacketFilter {
  /** `drop` is silent; `reject` tells the sender that it is administratively prohibited. */
  readonly action: 'allow' | 'drop' | 'reject'
}

/** A policer: a token bucket. What it finds no token for is lost at once. */
export interface FirewallLimit extends PacketFilter {
  /** Tokens per second, more than 0. */
  readonly packetsPerSecond: number
  /** The bucket's size, packets, 1 or more; it is full at the start. */
  readonly burst: number
}

export interface FirewallOptions {
  /** Its inside address with the prefix that it protects, such as `10.0.0.1/24`. */
  readonly inside: string
  /** Its outside address with its prefix. Absent: it has none. */
  readonly outside?: string
  /** Default none: then what comes from inside is allowed, and what comes from outside is dropped. */
  readonly rules?: readonly FirewallRule[]
  /** Whether an allowed packet opens the way for the flow's packets in both directions. Default true. */
  readonly stateful?: boolean
  /** How long it remembers a flow after its last packet, ns; default 30 s for UDP, 2 h 4 min for TCP, where a connection that opens or closes has 4 min at most. */
  readonly udpNs?: number
  readonly tcpNs?: number
  /** Every packet that they match must find a token, known flow or not. Default none. */
  readonly limits?: readonly FirewallLimit[]
  /** What becomes of fragments; default out-of-order. */
  readonly fragments?: FragmentPolicy
  /** How often it sends ICMP errors; all of these must allow one. Default: always. */
  readonly icmp?: readonly ErrorLimit[]
}
