// A queue discipline and the transmitter that it feeds: whoever is next goes when the transmitter is ready, and not before.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import { type Discipline, NOBODY } from '../queues/discipline.ts'
import type { Next, Stage, StageWorld } from './stage.ts'
import type { Transmitter } from './transmitter.ts'

/** The stage for every discipline whose order, and every transmitter whose time, is not known when packets come. */
export class Scheduler implements Stage {
  readonly #world: StageWorld
  readonly #transmitter: Transmitter
  readonly #discipline: Discipline
  readonly #wakeAt: (at: Ticks) => void
  readonly #accepted: (packet: Packet) => void
  /** The one that goes next: chosen when the transmitter was free, but not ready yet. */
  #head: Packet = NOBODY
  #wakesAt: Ticks = -1

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
    const isFirst = this.#discipline.count === 0 && this.#head === NOBODY
    const goes = isFirst && transmitter.freeAt <= at && transmitter.startAt(packet, at) <= at
    if (!this.#discipline.enqueue(packet, at, goes)) return
    this.#accepted(packet)
    if (isFirst) {
      this.wake(at, next)
      if (this.#discipline.count === 0 && this.#head !== packet) return
    }
    const world = this.#world
    world.queued(packet, world.tellsWaits ? transmitter.waitFor(packet, this.#ahead(packet), at) : 0)
  }

  /** Bytes that go before a packet that has just come. */
  #ahead(packet: Packet): number {
    if (this.#head === packet) return 0
    return this.#discipline.ahead(packet) + (this.#head === NOBODY ? 0 : this.#world.bytesOf(this.#head))
  }

  /** Hands the transmitter what it has become ready for. */
  wake(now: Ticks, next: Next): void {
    const transmitter = this.#transmitter
    while (this.#head !== NOBODY || this.#discipline.count > 0) {
      const isFree = transmitter.freeAt <= now
      if (isFree && this.#head === NOBODY) this.#head = this.#discipline.dequeue(now)
      if (isFree && this.#head === NOBODY) return
      const startAt = isFree ? transmitter.startAt(this.#head, now) : transmitter.freeAt
      if (startAt > now) {
        this.#expect(startAt, now)
        return
      }
      const packet = this.#head
      this.#head = NOBODY
      const freeAt = transmitter.send(packet, now)
      next(packet, freeAt)
    }
  }

  clear(): void {
    for (const packet of this.#discipline.clear()) this.#world.free(packet)
    if (this.#head !== NOBODY) this.#world.free(this.#head)
    this.#head = NOBODY
    this.#transmitter.clear()
  }

  #expect(at: Ticks, now: Ticks): void {
    if (this.#wakesAt > now && this.#wakesAt <= at) return
    this.#wakesAt = at
    this.#wakeAt(at)
  }
}
