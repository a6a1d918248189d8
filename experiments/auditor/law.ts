// What the auditor holds a run to: the laws, what it must know of each link, and what it says when one is broken.

import type { RecordId } from '../../platform/trace.ts'

/** The laws of physics of a run. */
export type Law =
  | 'nothing arrives before the light could'
  | 'no link exceeds its rate'
  | 'what is promised in order arrives in order'
  | 'sent = delivered + lost + in flight'
  | 'a packet is where its last record left it'
  | 'no loss without a why'
  | 'a TTL falls at every hop'
  | 'a datagram is all its fragments'
  | 'no packet is larger than its link carries'
  | 'time never runs back'
  | 'records are numbered as they come'
  | 'a cause comes before its effect'
  | 'a node learns of others only by packets'

/** One broken law. */
export interface Violation {
  readonly law: Law
  /** ns of virtual time. */
  readonly at: number
  /** The record that shows it; absent for what only the end shows. */
  readonly record?: RecordId
  /** With the numbers in it. */
  readonly sentence: string
}

/** One direction of a link, as the topology promises it: not as the simulator computes it. */
export interface LinkFacts {
  /** Such as `alice--proxy from alice`. */
  readonly name: string
  readonly from: string
  readonly to: string
  /** Bits per second; absent: without limit. */
  readonly rateBps?: number
  /** A token bucket, full at first, without whose tokens nothing is sent; absent: none. */
  readonly shaper?: { readonly rateBps: number; readonly burstBytes: number }
  /** The least time that the medium takes, ns: what jitter can take away taken away. */
  readonly delayNs: number
  /** The largest IP packet, bytes; absent: any. */
  readonly mtuBytes?: number
  /** Added to each packet on the wire, bytes; default 0. */
  readonly framingBytes?: number
  /** True where packets leave in the order in which they came: any queue without priorities. */
  readonly queueKeepsOrder: boolean
  /** True where they arrive in the order in which they were transmitted, whatever order the queue chose; default false: not known. */
  readonly mediumKeepsOrder?: boolean
  /** True where they also arrive in the order in which they came: no reordering jitter, and no fault that delays, holds or swaps. */
  readonly arriveInOrder: boolean
}
