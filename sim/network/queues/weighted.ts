// Weighted shares by DSCP: deficit round robin (Shreedhar and Varghese), where each class in turn sends bytes by its weight.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { QueueLimit } from '../queue.ts'
import { type Discipline, type DisciplineWorld, NOBODY } from './discipline.ts'
import { Line } from './line.ts'

/** Classes by DSCP; what none names is in one more, of weight `rest`. */
export interface WeightedOptions {
  readonly discipline: 'weighted'
  readonly classes: readonly {
    /** Code points, 0–63. */
    readonly dscp: readonly number[]
    /** Above 0. */
    readonly weight: number
  }[]
  /** The weight of all other packets, above 0. */
  readonly rest: number
  /** What each class has room for; absent: no limit. */
  readonly limit?: QueueLimit
}

/** What the class of the least weight may send in its turn: a packet of any usual size. */
const LEAST_QUANTUM = 1514

interface Share {
  readonly line: Line
  readonly quantum: number
  deficit: number
}

/** Idle classes lend their share to the others; each busy one gets at least its own. */
export class Weighted implements Discipline {
  readonly #world: DisciplineWorld
  readonly #limit: QueueLimit | undefined
  readonly #shares: readonly Share[]
  readonly #shareOf = new Int32Array(64)
  /** Those that have packets, in the order of their turns. */
  #active: Share[] = []
  #count = 0

  constructor(world: DisciplineWorld, { classes, rest, limit }: WeightedOptions) {
    this.#world = world
    this.#limit = limit
    const weights = [...classes.map(({ weight }) => weight), rest]
    const least = Math.min(...weights)
    this.#shares = weights.map((weight) => {
      return { line: new Line(), quantum: Math.round((LEAST_QUANTUM * weight) / least), deficit: 0 }
    })
    this.#shareOf.fill(classes.length)
    classes.forEach(({ dscp }, share) => {
      for (const one of dscp) this.#shareOf[one] = share
    })
  }

  get count(): number {
    return this.#count
  }

  enqueue(packet: Packet, now: Ticks, goes: boolean): boolean {
    const share = this.#shares[this.#shareOf[this.#world.dscpOf(packet)]!]!
    const bytes = this.#world.bytesOf(packet)
    if (!goes && !share.line.hasRoom(bytes, this.#limit)) {
      this.#world.drop(packet, 'queue full')
      return false
    }
    if (share.line.count === 0) {
      share.deficit = share.quantum
      this.#active.push(share)
    }
    share.line.push(packet, bytes, now)
    this.#count++
    return true
  }

  dequeue(): Packet {
    for (;;) {
      const share = this.#active[0]
      if (share === undefined) return NOBODY
      const bytes = share.line.firstBytes
      if (bytes > share.deficit) {
        share.deficit += share.quantum
        this.#active.push(this.#active.shift()!)
        continue
      }
      share.deficit -= bytes
      this.#count--
      const packet = share.line.shift()
      if (share.line.count === 0) this.#active.shift()
      return packet
    }
  }

  ahead(packet: Packet): number {
    const own = this.#shares[this.#shareOf[this.#world.dscpOf(packet)]!]!
    let bytes = -this.#world.bytesOf(packet)
    for (const { line, quantum } of this.#active) {
      bytes += Math.min(line.bytes, (own.line.bytes * quantum) / own.quantum)
    }
    return bytes
  }

  clear(): readonly Packet[] {
    this.#active = []
    this.#count = 0
    return this.#shares.flatMap(({ line }) => line.clear())
  }
}
