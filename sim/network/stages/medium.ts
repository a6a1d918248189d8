// The medium: where chance and the fault tape decide what becomes of a packet whose last bit has gone out.

import type { RandomStream } from '../../../platform/random.ts'
import type { ChanceLog } from '../../faults/freeze.ts'
import type { Verdict } from '../../faults/tape.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { TraceRows } from '../laws/trace.ts'
import type { Corruption, LossModel } from '../medium.ts'
import type { Packet } from '../packet.ts'
import type { Next, Stage, StageWorld } from './stage.ts'

/** What a medium is made of. */
export interface MediumParts {
  /** The direction's, for the log of chance's decisions. */
  readonly name: string
  readonly chance: ChanceLog | undefined
  /** Corruption's. */
  readonly bits: RandomStream
}

/** Loses and corrupts packets, by chance and as the tape says. What it loses has used the air. */
export class Medium implements Stage {
  readonly #world: StageWorld
  readonly #parts: MediumParts
  /** How it loses what the queue takes from now on. */
  loss: LossModel | undefined
  /** How it corrupts what comes from now on. */
  corruption: Corruption | undefined
  /** What a measured way does to what comes from now on. */
  trace: TraceRows | undefined
  readonly #lost = new Set<Packet>()
  /** What the tape says of the packet that goes on now: the stages after it use the rest. */
  verdict: Readonly<Verdict> | undefined
  /** How late the trace's row makes the packet that goes on now, ns. */
  lateNs = 0

  constructor(world: StageWorld, parts: MediumParts) {
    this.#world = world
    this.#parts = parts
  }

  /** Draws the chance of a packet that the queue has taken: at once, so that a cut of what waits changes nobody else's draws. */
  decide(packet: Packet): void {
    if (this.loss === undefined) return
    if (this.loss.lost(this.#world.now * this.#world.tickNs)) this.#lost.add(packet)
    else this.#lost.delete(packet)
  }

  push(packet: Packet, at: Ticks, next: Next): void {
    const verdict = this.#world.judge('medium', packet)
    this.verdict = verdict
    const row = this.trace === undefined ? 0 : this.trace.next()
    this.lateNs = row === 'lost' ? 0 : row
    if (this.#lost.delete(packet) || row === 'lost') {
      this.#parts.chance?.lost(this.#parts.name, this.#world.ordinalOf(packet), 'lost on the medium')
      this.#world.lose(packet, at, 'lost on the medium')
      return
    }
    if (verdict?.drop !== undefined) {
      this.#world.lose(packet, at, verdict.drop)
      return
    }
    if (verdict !== undefined) for (const one of verdict.corruptions) this.#world.corrupt(packet, one)
    if (this.corruption !== undefined) this.#corrupt(packet, this.corruption)
    next(packet, at)
  }

  clear(): void {
    this.#lost.clear()
  }

  #corrupt(packet: Packet, { ratio }: Corruption): void {
    const { bits, chance, name } = this.#parts
    if (!bits.chance(ratio)) return
    const place = this.#world.placeOf(packet, bits.below(this.#world.lengthOf(packet) * 8))
    chance?.corrupted(name, this.#world.ordinalOf(packet), place)
    this.#world.corrupt(packet, place)
  }
}
