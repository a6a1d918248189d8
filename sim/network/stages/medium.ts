// The medium: where chance and the fault tape decide what becomes of a packet whose last bit has gone out.

import type { ChanceLog } from '../../faults/freeze.ts'
import type { Verdict } from '../../faults/tape.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { LossModel } from '../medium.ts'
import type { Packet } from '../packet.ts'
import type { Next, Stage, StageWorld } from './stage.ts'

/** Loses packets by chance, and loses and corrupts what the tape says. What it loses has used the air. */
export class Medium implements Stage {
  readonly #world: StageWorld
  readonly #name: string
  /** How it loses what the queue takes from now on. */
  loss: LossModel | undefined
  readonly #chance: ChanceLog | undefined
  readonly #lost = new Set<Packet>()
  /** What the tape says of the packet that goes on now: the stages after it use the rest. */
  verdict: Readonly<Verdict> | undefined

  /** `name` is the direction's, for the log of chance's decisions. */
  constructor(world: StageWorld, name: string, loss: LossModel | undefined, chance: ChanceLog | undefined) {
    this.#world = world
    this.#name = name
    this.loss = loss
    this.#chance = chance
  }

  /** Draws the chance of a packet that the queue has taken: at once, so that a cut of what waits changes nobody else's draws. */
  decide(packet: Packet): void {
    if (this.loss === undefined) return
    if (this.loss.lost()) this.#lost.add(packet)
    else this.#lost.delete(packet)
  }

  push(packet: Packet, at: Ticks, next: Next): void {
    const verdict = this.#world.judge('medium', packet)
    this.verdict = verdict
    if (this.#lost.delete(packet)) {
      this.#chance?.lost(this.#name, this.#world.ordinalOf(packet), 'lost on the medium')
      this.#world.lose(packet, at, 'lost on the medium')
      return
    }
    if (verdict?.drop !== undefined) {
      this.#world.lose(packet, at, verdict.drop)
      return
    }
    if (verdict !== undefined && verdict.corruptBit >= 0) this.#world.corrupt(packet, verdict.corruptBit)
    next(packet, at)
  }

  clear(): void {
    this.#lost.clear()
  }
}
