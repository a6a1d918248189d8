// A transmitter puts packets on the wire, one after another, at the link's rate; the last bit's time is rounded up to a tick.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { StageWorld } from './stage.ts'

/** Asked by the stage that keeps its queue. */
export class Transmitter {
  readonly #world: StageWorld
  readonly #rate: number
  /** When the last bit of the last packet has gone out. */
  freeAt: Ticks = 0

  /** `rate`: bits per second × ns per tick, so that bits × 10⁹ / rate is ticks. */
  constructor(world: StageWorld, rate: number) {
    this.#world = world
    this.#rate = rate
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
