// The way through the air: delay, jitter, what the fault tape adds, and copies.

import type { RandomStream } from '../../../platform/random.ts'
import type { ChanceLog } from '../../faults/freeze.ts'
import type { Verdict } from '../../faults/tape.ts'
import type { Ticks } from '../../kernel/event.ts'
import { Correlated } from '../laws/correlated.ts'
import { delayDraws } from '../laws/delay.ts'
import type { TraceRow } from '../laws/trace.ts'
import type { Duplication, Jitter, Reordering } from '../medium.ts'
import type { Packet } from '../packet.ts'
import type { Weather } from '../weather.ts'
import { type Next, type Stage, type StageWorld, toTicks } from './stage.ts'

/** How a direction's packets travel. */
export interface PropagationParts {
  /** The direction's, for the log of chance's decisions. */
  readonly name: string
  readonly streams: Readonly<Record<'jitter' | 'duplication' | 'reordering', RandomStream>>
  readonly chance: ChanceLog | undefined
  readonly weather: Weather
  /** What the tape says of the packet that comes: asked by the medium, used here. */
  verdict(): Readonly<Verdict> | undefined
  /** How late the row of a measured way makes it, ns. */
  lateNs(): number
  wakeAt(at: Ticks): void
}

/** What can be changed of it. */
interface Travel {
  readonly delayNs: number
  readonly jitter?: Jitter
  readonly trace?: readonly TraceRow[]
  readonly duplication?: Duplication
  readonly reordering?: Reordering
}

/** No packet travels in less, ns. */
const LEAST_NS = 1000
/** For how long a packet waits for the next one, with which it is to change places, ns: no longer than a network keeps a message (RFC 3261’s T4 is 5 s). */
const SWAP_NS = 4e9
/** Nor is any later by jitter than a day, ns, however long the tail of its law. */
const MOST_NS = 86_400e9

/** The last stage: what it passes on arrives. */
export class Propagation implements Stage {
  readonly #world: StageWorld
  readonly #parts: PropagationParts
  #travel: Travel
  #delay: Ticks = 1
  /** What the draws are of, which go on as long as it stays; none in a calm. */
  #jitter: Jitter | undefined
  #reordering: Reordering | undefined
  /** What jitter adds to the next packet, ns. */
  #extra: () => number = () => 0
  #held: Correlated | undefined
  /** Packets since the last that was held back. */
  #since = 0
  /** The latest arrival so far of those that keep their order. */
  #lastAt: Ticks = 0
  /** One that will go behind the next, and when it would have arrived. */
  #swapped: Packet | undefined
  #swappedAt: Ticks = 0
  /** When it goes on alone. */
  #aloneAt: Ticks = 0

  constructor(world: StageWorld, parts: PropagationParts, travel: Travel) {
    this.#world = world
    this.#parts = parts
    this.#travel = travel
    this.change(travel)
  }

  /** For what comes from now on. */
  change(travel: Travel): void {
    this.#travel = travel
    this.#delay = Math.max(1, toTicks(travel.delayNs, this.#world.tickNs))
    const { streams, weather } = this.#parts
    const { jitter, reordering } = weather.calm ? {} : travel
    if (jitter !== this.#jitter) this.#extra = extraOf(jitter, streams.jitter)
    this.#jitter = jitter
    if (reordering !== this.#reordering)
      this.#held = reordering && new Correlated(streams.reordering, reordering.correlation ?? 0)
    this.#reordering = reordering
  }

  push(packet: Packet, leftAt: Ticks, next: Next): void {
    const verdict = this.#parts.verdict()
    const { tickNs } = this.#world
    const ordinal = this.#world.ordinalOf(packet)
    const jitter = this.#jitterTicks(ordinal) + toTicks(verdict?.jitterNs ?? 0, tickNs)
    let at = leftAt + this.#delay + Math.max(this.leastJitter, jitter)
    if (this.keepsOrder) {
      at = Math.max(at, this.#lastAt)
      this.#lastAt = at
    }
    at += this.#heldTicks(ordinal)
    if (verdict === undefined) {
      this.#repeat(packet, at, ordinal, next)
      this.#go(packet, at, next)
      return
    }
    at = Math.max(at + toTicks(verdict.delayNs, tickNs), toTicks(verdict.holdUntilNs, tickNs))
    for (const afterNs of verdict.copiesAfterNs) next(this.#world.duplicate(packet), at + toTicks(afterNs, tickNs))
    this.#repeat(packet, at, ordinal, next)
    if (!verdict.swap || this.#swapped !== undefined) {
      this.#go(packet, at, next)
      return
    }
    this.#swapped = packet
    this.#swappedAt = at
    this.#aloneAt = leftAt + toTicks(SWAP_NS, tickNs)
    this.#parts.wakeAt(this.#aloneAt)
  }

  /** None has come to change places with: the packet goes on as if it had just left. */
  wake(now: Ticks, next: Next): void {
    const packet = this.#swapped
    if (packet === undefined || now < this.#aloneAt) return
    this.#swapped = undefined
    this.#world.alone(packet, SWAP_NS)
    const at = Math.max(this.#swappedAt, now + this.#delay)
    if (this.keepsOrder) this.#lastAt = Math.max(this.#lastAt, at)
    next(packet, at)
  }

  /** A cut: the one that was to be swapped is gone as well. */
  clear(): void {
    if (this.#swapped !== undefined) this.#world.free(this.#swapped)
    this.#swapped = undefined
    this.#lastAt = 0
  }

  #go(packet: Packet, at: Ticks, next: Next): void {
    next(packet, at)
    const swapped = this.#swapped
    if (swapped === undefined) return
    this.#swapped = undefined
    next(swapped, Math.max(this.#swappedAt, at + 1))
  }

  /** What the link makes twice by chance. */
  #repeat(packet: Packet, at: Ticks, ordinal: number, next: Next): void {
    const { streams, chance, name, weather } = this.#parts
    const { duplication } = this.#travel
    if (duplication === undefined || weather.calm || !streams.duplication.chance(duplication.ratio)) return
    chance?.duplicated(name, ordinal, duplication.afterNs)
    next(this.#world.duplicate(packet), at + toTicks(duplication.afterNs, this.#world.tickNs))
  }

  private get keepsOrder(): boolean {
    return this.#travel.jitter?.reorders !== true && this.#travel.trace === undefined
  }

  /** What jitter can take away: no more than leaves the least time. */
  private get leastJitter(): Ticks {
    return Math.min(0, Math.ceil(LEAST_NS / this.#world.tickNs) - this.#delay)
  }

  #jitterTicks(ordinal: number): Ticks {
    const { chance, name, weather, lateNs } = this.#parts
    const { jitter, trace } = this.#travel
    if ((jitter === undefined && trace === undefined) || weather.calm) return 0
    const { tickNs } = this.#world
    const ticks = Math.max(this.leastJitter, Math.round(Math.min(MOST_NS, this.#extra() + lateNs()) / tickNs))
    chance?.late(name, ordinal, ticks * tickNs)
    return ticks
  }

  /** For how long the packet is held back by chance, so that those behind overtake it. */
  #heldTicks(ordinal: number): Ticks {
    const { reordering } = this.#travel
    if (this.#held === undefined || reordering === undefined) return 0
    this.#since++
    if (this.#since < (reordering.gap ?? 1) || this.#held.next() >= reordering.ratio) return 0
    this.#since = 0
    const { tickNs } = this.#world
    const ticks = toTicks(reordering.byNs, tickNs)
    // As it was rounded: on the tape it is added to what rules of the run's own delay.
    this.#parts.chance?.delayed(this.#parts.name, ordinal, ticks * tickNs)
    return ticks
  }
}

/** Draws what jitter adds, ns. */
function extraOf(jitter: Jitter | undefined, stream: RandomStream): () => number {
  if (jitter === undefined) return () => 0
  if ('mostNs' in jitter) return () => stream.next() * jitter.mostNs
  return delayDraws(jitter.law, jitter.correlation ?? 0, stream)
}
