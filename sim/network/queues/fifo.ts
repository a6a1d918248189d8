// First come, first out, for transmitters whose time cannot be told in advance.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { QueueLimit } from '../queue.ts'
import type { Discipline, DisciplineWorld } from './discipline.ts'
import { Line } from './line.ts'

/** One line, and no room for one too many. */
export class Fifo implements Discipline {
  readonly #world: DisciplineWorld
  readonly #limit: QueueLimit | undefined
  readonly #line = new Line()

  constructor(world: DisciplineWorld, limit: QueueLimit | undefined) {
    this.#world = world
    this.#limit = limit
  }

  get count(): number {
    return this.#line.count
  }

  enqueue(packet: Packet, now: Ticks, goes: boolean): boolean {
    const bytes = this.#world.bytesOf(packet)
    if (!goes && !this.#line.hasRoom(bytes, this.#limit)) {
      this.#world.drop(packet, 'queue full')
      return false
    }
    this.#line.push(packet, bytes, now)
    return true
  }

  dequeue(): Packet {
    return this.#line.shift()
  }

  ahead(packet: Packet): number {
    return this.#line.bytes - this.#world.bytesOf(packet)
  }

  clear(): readonly Packet[] {
    return this.#line.clear()
  }
}
