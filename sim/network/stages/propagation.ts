// The way through the air: delay, jitter, what the fault tape adds, and copies.

import type { RandomStream } from '../../../platform/random.ts'
import type { ChanceLog } from '../../faults/freeze.ts'
import type { Verdict } from '../../faults/tape.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { Duplication, Jitter } from '../medium.ts'
import type { Packet } from '../packet.ts'
import { type Next, type Stage, type StageWorld, toTicks } from './stage.ts'

/** How a direction's packets travel. */
export interface PropagationParts {
  /** The direction's, for the log of chance's decisions. */
  readonly name: string
  readonly delay: Ticks
  readonly jitter: Jitter | undefined
  /** True where a packet may overtake another, with or without chance. */
  readonly reorders: boolean
  /** Jitter's. */
  readonly stream: RandomStream | undefined
  readonly duplication: Duplication | undefined
  /** Duplication's. */
  readonly copies: RandomStream | undefined
  readonly chance: ChanceLog | undefined
  /** What the tape says of the packet that comes: asked by the medium, used here. */
  verdict(): Readonly<Verdict> | undefined
}

/** The last stage: what it passes on arrives. */
export class Propagation implements Stage {
  readonly #world: StageWorld
  readonly #parts: PropagationParts
  /** The latest arrival so far of those that keep their order. */
  #lastAt: Ticks = 0
  /** One that will go behind the next, and when it would have arrived. */
  #swapped: Packet | undefined
  #swappedAt: Ticks = 0

  constructor(world: StageWorld, parts: PropagationParts) {
    this.#world = world
    this.#parts = parts
  }

  push(packet: Packet, leftAt: Ticks, next: Next): void {
    const verdict = this.#parts.verdict()
    const { tickNs } = this.#world
    const ordinal = this.#world.ordinalOf(packet)
    let at = leftAt + this.#parts.delay + this.#jitterTicks(ordinal) + toTicks(verdict?.jitterNs ?? 0, tickNs)
    if (!this.#parts.reorders) {
      at = Math.max(at, this.#lastAt)
      this.#lastAt = at
    }
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
    const { duplication, copies, chance, name } = this.#parts
    if (duplication === undefined || copies === undefined || !copies.chance(duplication.ratio)) return
    chance?.duplicated(name, ordinal, duplication.afterNs)
    next(this.#world.duplicate(packet), at + toTicks(duplication.afterNs, this.#world.tickNs))
  }

  #jitterTicks(ordinal: number): Ticks {
    const { jitter, stream, chance, name } = this.#parts
    if (jitter === undefined || stream === undefined) return 0
    const { tickNs } = this.#world
    const ticks = Math.round((stream.next() * jitter.mostNs) / tickNs)
    chance?.late(name, ordinal, ticks * tickNs)
    return ticks
  }
}
