// The way in: what the fault tape takes before anything waits.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { Next, Stage, StageWorld } from './stage.ts'

/** Asks the fault tape about every packet that is handed to the direction. */
export class Ingress implements Stage {
  readonly #world: StageWorld

  constructor(world: StageWorld) {
    this.#world = world
  }

  push(packet: Packet, at: Ticks, next: Next): void {
    const why = this.#world.judge('ingress', packet)?.drop
    if (why === undefined) next(packet, at)
    else this.#world.drop(packet, why)
  }

  clear(): void {}
}
