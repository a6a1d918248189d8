// How long mappings live: by protocol, and for TCP by the phase that the connection is in (RFC 5382 §5, RFC 7857 §2).

import { ICMP, UDP } from '../../network/protocol.ts'
import type { NatTimers } from './options.ts'

/** RFC 4787 REQ-5's recommendation. */
const UDP_NS = 300e9
/** RFC 5382 REQ-5: 2 h 4 min. */
const TCP_ESTABLISHED_NS = 7440e9
/** RFC 5382 REQ-5: 4 min. */
const TCP_TRANSITORY_NS = 240e9
/** RFC 5508 REQ-2. */
const ICMP_NS = 60e9

/** Ticks by protocol, and by the phase of a TCP connection: opening, established, closing. */
export type Lives = readonly (readonly number[])[]

/** The lives that a NAT's timers give. */
export function livesOf(timers: NatTimers, tickNs: number): Lives {
  const {
    udpNs = UDP_NS,
    tcpEstablishedNs = TCP_ESTABLISHED_NS,
    tcpTransitoryNs = TCP_TRANSITORY_NS,
    icmpNs = ICMP_NS,
  } = timers
  const ticks = (ns: number): number => Math.max(1, Math.round(ns / tickNs))
  const lives = Array.from({ length: 4 }, () => [
    ticks(tcpTransitoryNs),
    ticks(tcpEstablishedNs),
    ticks(tcpTransitoryNs),
  ])
  lives[UDP] = [ticks(udpNs)]
  lives[ICMP] = [ticks(icmpNs)]
  return lives
}
