// A transmitter puts packets on the wire, one after another, at the link's rate; the last bit's time is rounded up to a tick.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { StageWorld } from './stage.ts'

/** Asked by the stage that keeps its queue. */
export class Transmitter {
  readonly #world: StageWorld
  #rate: number
  /** When the last bit of the last packet has gone out. */
  freeAt: Ticks = 0

  /** `rateBps`: bits per second; Infinity: packets take no time. */
  constructor(world: StageWorld, rateBps: number) {
    this.#world = world
    this.#rate = rateBps * world.tickNs
  }

  /** Another rate, from the next packet on. */
  set rateBps(rateBps: number) {
    this.#rate = rateBps * this.#world.tickNs
  }

  /** Starts a packet at `at`, when it is free; gives when its last bit has gone out. */
  send(packet: Packet, at: Ticks): Ticks {
    this.freeAt = at + this.duration(packet)
    return this.freeAt
  }

  /** How long a packet keeps it. */
  duration(packet: Packet): Ticks {
    return Math.ceil((this.#world.bytesOf(packet) * 8e9) / this.#rate)
  }
}
