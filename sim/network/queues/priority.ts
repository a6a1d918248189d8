// Strict priority: a band is served when all bands above it are empty. What is being transmitted is not interrupted.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { QueueLimit } from '../queue.ts'
import { type Discipline, type DisciplineWorld, NOBODY } from './discipline.ts'
import { Line } from './line.ts'

/** Bands by DSCP, the first served first; what no band names is in one more, below them all. */
export interface PriorityOptions {
  readonly discipline: 'priority'
  /** Each band's code points, 0–63. */
  readonly bands: readonly (readonly number[])[]
  /** What each band has room for; absent: no limit. */
  readonly limit?: QueueLimit
}

/** One line a band, each with the limit for itself. */
export class Priority implements Discipline {
  readonly #world: DisciplineWorld
  readonly #limit: QueueLimit | undefined
  readonly #bands: readonly Line[]
  readonly #bandOf = new Int32Array(64)
  #count = 0

  constructor(world: DisciplineWorld, { bands, limit }: PriorityOptions) {
    this.#world = world
    this.#limit = limit
    this.#bands = Array.from({ length: bands.length + 1 }, () => new Line())
    this.#bandOf.fill(bands.length)
    bands.forEach((codePoints, band) => {
      for (const dscp of codePoints) this.#bandOf[dscp] = band
    })
  }

  get count(): number {
    return this.#count
  }

  enqueue(packet: Packet, now: Ticks, goes: boolean): boolean {
    const band = this.#bands[this.#bandOf[this.#world.dscpOf(packet)]!]!
    const bytes = this.#world.bytesOf(packet)
    if (!goes && !band.hasRoom(bytes, this.#limit)) {
      this.#world.drop(packet, 'queue full')
      return false
    }
    band.push(packet, bytes, now)
    this.#count++
    return true
  }

  dequeue(): Packet {
    for (const band of this.#bands) {
      if (band.count === 0) continue
      this.#count--
      return band.shift()
    }
    return NOBODY
  }

  ahead(packet: Packet): number {
    const last = this.#bandOf[this.#world.dscpOf(packet)]!
    let bytes = -this.#world.bytesOf(packet)
    for (let band = 0; band <= last; band++) bytes += this.#bands[band]!.bytes
    return bytes
  }

  clear(): readonly Packet[] {
    this.#count = 0
    return this.#bands.flatMap((band) => band.clear())
  }
}
