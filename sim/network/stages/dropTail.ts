// First come, first sent: packets in line for the transmitter, and no room for one too many.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { QueueLimit } from '../queue.ts'
import type { Next, Stage, StageWorld } from './stage.ts'
import type { RateTransmitter } from './transmitter.ts'

/** The queue and the transmitter that it feeds. */
export class DropTailStage implements Stage {
  readonly #world: StageWorld
  readonly #transmitter: RateTransmitter
  readonly #limit: QueueLimit | undefined
  readonly #wakeAt: (at: Ticks) => void
  readonly #accepted: (packet: Packet) => void
  readonly #line: Packet[] = []
  #bytes = 0
  /** When the transmitter will have sent all that stands in line. */
  #clearAt: Ticks = 0

  /** `accepted` is told of each packet that the queue takes, at once. */
  constructor(
    world: StageWorld,
    transmitter: RateTransmitter,
    limit: QueueLimit | undefined,
    wakeAt: (at: Ticks) => void,
    accepted: (packet: Packet) => void,
  ) {
    this.#world = world
    this.#transmitter = transmitter
    this.#limit = limit
    this.#wakeAt = wakeAt
    this.#accepted = accepted
  }

  push(packet: Packet, at: Ticks, next: Next): void {
    this.wake(at, next)
    if (this.#line.length === 0 && this.#transmitter.freeAt <= at) {
      this.#accepted(packet)
      next(packet, this.#transmitter.send(packet, at))
      return
    }
    const bytes = this.#world.bytesOf(packet)
    if (!this.#hasRoom(bytes)) {
      this.#world.drop(packet, 'queue full')
      return
    }
    this.#accepted(packet)
    if (this.#line.length === 0) {
      this.#clearAt = this.#transmitter.freeAt
      this.#wakeAt(this.#clearAt)
    }
    this.#world.queued(packet, this.#clearAt - at)
    this.#clearAt += this.#transmitter.duration(packet)
    this.#line.push(packet)
    this.#bytes += bytes
  }

  /** Hands the transmitter what it has become free for. */
  wake(now: Ticks, next: Next): void {
    if (this.#line.length === 0 || this.#transmitter.freeAt > now) return
    const packet = this.#line.shift()!
    this.#bytes -= this.#world.bytesOf(packet)
    const freeAt = this.#transmitter.send(packet, this.#transmitter.freeAt)
    next(packet, freeAt)
    if (this.#line.length > 0) this.#wakeAt(freeAt)
  }

  clear(): void {
    for (const packet of this.#line) this.#world.free(packet)
    this.#line.length = 0
    this.#bytes = 0
    this.#transmitter.clear()
  }

  #hasRoom(bytes: number): boolean {
    if (this.#limit === undefined) return true
    if ('packets' in this.#limit) return this.#line.length < this.#limit.packets
    return this.#bytes + bytes <= this.#limit.bytes
  }
}
