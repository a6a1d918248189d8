// A queue discipline and the transmitter that it feeds: whoever is next goes when the transmitter is free, and not before.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import { type Discipline, NOBODY } from '../queues/discipline.ts'
import type { Next, Stage, StageWorld } from './stage.ts'
import type { Transmitter } from './transmitter.ts'

/** The stage for every discipline whose order is not known when packets come. */
export class Scheduler implements Stage {
  readonly #world: StageWorld
  readonly #transmitter: Transmitter
  readonly #discipline: Discipline
  readonly #wakeAt: (at: Ticks) => void
  readonly #accepted: (packet: Packet) => void
  /** What the waiting packets will keep the transmitter for. */
  #backlog: Ticks = 0

  /** `accepted` is told of each packet that the discipline takes, at once. */
  constructor(
    world: StageWorld,
    transmitter: Transmitter,
    discipline: Discipline,
    wakeAt: (at: Ticks) => void,
    accepted: (packet: Packet) => void,
  ) {
    this.#world = world
    this.#transmitter = transmitter
    this.#discipline = discipline
    this.#wakeAt = wakeAt
    this.#accepted = accepted
  }

  push(packet: Packet, at: Ticks, next: Next): void {
    this.wake(at, next)
    const transmitter = this.#transmitter
    const idle = this.#discipline.count === 0 && transmitter.freeAt <= at
    const wasEmpty = this.#discipline.count === 0
    if (!this.#discipline.enqueue(packet, at)) return
    this.#accepted(packet)
    if (idle) {
      this.wake(at, next)
      return
    }
    if (wasEmpty) {
      this.#backlog = 0
      this.#wakeAt(transmitter.freeAt)
    }
    this.#world.queued(packet, transmitter.freeAt - at + this.#backlog)
    this.#backlog += transmitter.duration(packet)
  }

  /** Hands the transmitter what it has become free for. */
  wake(now: Ticks, next: Next): void {
    const transmitter = this.#transmitter
    if (this.#discipline.count === 0 || transmitter.freeAt > now) return
    const packet = this.#discipline.dequeue(now)
    if (packet === NOBODY) return
    const freeAt = transmitter.send(packet, now)
    this.#backlog = Math.max(0, this.#backlog - (freeAt - now))
    next(packet, freeAt)
    if (this.#discipline.count > 0) this.#wakeAt(Math.max(freeAt, now + 1))
  }

  clear(): void {
    for (const packet of this.#discipline.clear()) this.#world.free(packet)
    this.#backlog = 0
    this.#transmitter.freeAt = 0
  }
}
