// One direction of a link, as a topology gives it, and its place in the world.

import type { DirectionFaults } from '../faults/tape.ts'
import type { Rank } from '../kernel/event.ts'
import type { TraceRow } from './laws/trace.ts'
import type { Corruption, Duplication, Jitter, Loss, Reordering } from './medium.ts'
import type { NetemOptions } from './netem/options.ts'
import type { QueueLimit } from './queue.ts'
import type { CoDelOptions } from './queues/codel.ts'
import type { FqCoDelOptions } from './queues/fqCoDel.ts'
import type { PriorityOptions } from './queues/priority.ts'
import type { RedOptions } from './queues/red.ts'
import type { WeightedOptions } from './queues/weighted.ts'
import type { OpportunityOptions } from './stages/opportunities.ts'
import type { TokenBucketOptions } from './stages/tokenBucket.ts'

/** One direction of a link, as a topology gives it. */
export interface Direction {
  /** Bits per second; absent: at once. */
  readonly rateBps?: number
  /** From the last bit's leaving to its arrival, ns; at least 1000, and at least one tick. */
  readonly delayNs: number
  /** Absent: every packet takes `delayNs`. */
  readonly jitter?: Jitter
  /** Who waits before the transmitter, and who goes next; a limit alone: first come, first sent; absent: that without limit. */
  readonly queue?: QueueLimit | QueueDiscipline
  /** Absent: none. */
  readonly loss?: Loss
  /**
   * A measured way: the n-th packet that enters the medium is lost or late as the n-th row says, after the last row as the first. Packets overtake
   * each other as they did there. What `loss` and `jitter` do comes on top. Absent: none.
   */
  readonly trace?: readonly TraceRow[]
  /** Absent: none is made twice. */
  readonly duplication?: Duplication
  /** Absent: no bit is turned over. */
  readonly corruption?: Corruption
  /** Absent: none is held back. */
  readonly reordering?: Reordering
  /** What the link adds to each IP packet, bytes; default 0. */
  readonly framingBytes?: number
  /** Drops before the queue what comes faster; absent: nothing. */
  readonly policer?: TokenBucketOptions
  /** Starts no packet for which there are no tokens; absent: as fast as the rate allows. */
  readonly shaper?: TokenBucketOptions
  /** Sends when a trace says so, and in place of `rateBps`. */
  readonly opportunities?: OpportunityOptions
  /** A netem before the queue; absent: none. */
  readonly netem?: NetemOptions
  /** The largest IP packet that it carries, bytes: 68 or more, 1280 where there is IPv6. Absent: any. */
  readonly mtuBytes?: number
  /** True where `Links.change` may change it during the run; default false. */
  readonly changes?: boolean
}

/** A queue that does more than keep a line. */
export type QueueDiscipline = PriorityOptions | WeightedOptions | CoDelOptions | FqCoDelOptions | RedOptions

/** What of a direction can be changed while it runs; what is not named stays. */
export interface DirectionChange {
  /** Bits per second; Infinity: at once. What is being transmitted goes on at the old rate. */
  readonly rateBps?: number
  /** As {@link Direction.delayNs}, for what leaves from now on. */
  readonly delayNs?: number
  readonly jitter?: Jitter
  readonly loss?: Loss
  readonly duplication?: Duplication
  readonly corruption?: Corruption
  readonly reordering?: Reordering
}

/** A direction for which one event a packet is enough: links of this kind run fused. */
type Plain = Direction & { readonly queue?: QueueLimit; readonly loss?: Exclude<Loss, { model: 'windows' }> }

/** What only stages can do. */
const STAGED = [
  'jitter',
  'trace',
  'duplication',
  'corruption',
  'reordering',
  'policer',
  'shaper',
  'opportunities',
  'netem',
  'changes',
] as const

/** Whether a direction is plain. */
export function isPlain(direction: Direction): direction is Plain {
  const { queue, loss } = direction
  if (STAGED.some((key) => direction[key] !== undefined && direction[key] !== false)) return false
  return loss?.model !== 'windows' && !(queue && 'discipline' in queue)
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
