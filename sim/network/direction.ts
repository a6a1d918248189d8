// One direction of a link, as a topology gives it, and its place in the world.

import type { DirectionFaults } from '../faults/tape.ts'
import type { Rank } from '../kernel/event.ts'
import type { Duplication, Jitter, Loss } from './medium.ts'
import type { QueueLimit } from './queue.ts'

/** One direction of a link, as a topology gives it. */
export interface Direction {
  /** Bits per second; absent: at once. */
  readonly rateBps?: number
  /** From the last bit's leaving to its arrival, ns; at least 1000, and at least one tick. */
  readonly delayNs: number
  /** Absent: every packet takes `delayNs`. */
  readonly jitter?: Jitter
  /** What may wait before the transmitter; absent: without limit. */
  readonly queue?: QueueLimit
  /** Absent: none. */
  readonly loss?: Loss
  /** Absent: none is made twice. */
  readonly duplication?: Duplication
  /** What the link adds to each IP packet, bytes; default 0. */
  readonly framingBytes?: number
}

/** A direction's number, from 0 by the order of the links' ids, up before down. */
export type DirectionId = number

/** A direction and its place in the world. */
export interface PlacedDirection {
  /** `a--b from a`. */
  readonly name: string
  /** Names its random streams: `link/a--b/up`. */
  readonly path: string
  readonly sender: Rank
  readonly receiver: Rank
  readonly direction: Direction
  readonly faults: DirectionFaults | undefined
}
