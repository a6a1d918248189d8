// RED (Floyd and Jacobson 1993): the longer the queue has been on average, the more of what comes is dropped, before there is no room.

import { exp, ln } from '../../../platform/math/exponential.ts'
import type { RandomStream } from '../../../platform/random.ts'
import type { ChanceLog } from '../../faults/freeze.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { QueueLimit } from '../queue.ts'
import type { StageWorld } from '../stages/stage.ts'
import type { Weather } from '../weather.ts'
import type { Discipline } from './discipline.ts'
import { Line } from './line.ts'

export interface RedOptions {
  readonly discipline: 'red'
  /** What the thresholds count. */
  readonly unit: 'bytes' | 'packets'
  /** The average below which none is dropped, and that at which as many are as `ratio` says. */
  readonly min: number
  readonly max: number
  /** The chance of a drop at `max`, 0 to 1. */
  readonly ratio: number
  /** What each look at the queue counts in the average, above 0 to 1; 0.002. */
  readonly weight: number
  /** From `max` to twice that the chance grows to 1; else, from `max` on all are dropped. */
  readonly gentle: boolean
  /** What it has room for; absent: no limit. */
  readonly limit?: QueueLimit
}

/** What RED needs beside its stage. */
export interface RedAround {
  /** The direction's, for the log of chance's decisions. */
  readonly name: string
  readonly stream: RandomStream
  readonly weather: Weather
  readonly chance: ChanceLog | undefined
  /** How long a packet of usual size keeps the transmitter: by that an idle queue ages. */
  usualTicks(): Ticks
}

export class Red implements Discipline {
  readonly #world: StageWorld
  readonly #options: RedOptions
  readonly #around: RedAround
  readonly #line = new Line()
  #average = 0
  /** Packets that came since the last drop, while the average was between the thresholds; −1: none yet. */
  #since = -1
  #idleSince: Ticks = 0

  constructor(world: StageWorld, options: RedOptions, around: RedAround) {
    this.#world = world
    this.#options = options
    this.#around = around
  }

  get count(): number {
    return this.#line.count
  }

  enqueue(packet: Packet, now: Ticks, goes: boolean): boolean {
    const taped = this.#world.judge('queue', packet)?.drop
    this.#look(now)
    if (taped !== undefined || this.#sheds(packet)) {
      this.#world.drop(packet, 'active queue management')
      return false
    }
    const bytes = this.#world.bytesOf(packet)
    if (!goes && !this.#line.hasRoom(bytes, this.#options.limit)) {
      this.#since = 0
      this.#world.drop(packet, 'queue full')
      return false
    }
    this.#line.push(packet, bytes, now)
    return true
  }

  dequeue(now: Ticks): Packet {
    const packet = this.#line.shift()
    if (this.#line.count === 0) this.#idleSince = now
    return packet
  }

  ahead(packet: Packet): number {
    return this.#line.bytes - this.#world.bytesOf(packet)
  }

  clear(): readonly Packet[] {
    this.#average = 0
    this.#since = -1
    this.#idleSince = this.#world.now
    return this.#line.clear()
  }

  /** The average moves towards what is there now; an idle queue's as if so many packets had found it empty. */
  #look(now: Ticks): void {
    const { unit, weight } = this.#options
    if (this.#line.count > 0) {
      const is = unit === 'bytes' ? this.#line.bytes : this.#line.count
      this.#average += weight * (is - this.#average)
      return
    }
    const usual = this.#around.usualTicks()
    const missed = usual > 0 ? (now - this.#idleSince) / usual : Number.POSITIVE_INFINITY
    this.#average =
      weight === 1 || missed === Number.POSITIVE_INFINITY ? 0 : this.#average * exp(missed * ln(1 - weight))
  }

  #sheds(packet: Packet): boolean {
    const { min, max, ratio, gentle } = this.#options
    const average = this.#average
    if (average < min) {
      this.#since = -1
      return false
    }
    if (average >= (gentle ? 2 * max : max)) {
      this.#since = 0
      return true
    }
    if (this.#around.weather.calm) return false
    this.#since++
    const chance = average < max ? (ratio * (average - min)) / (max - min) : ratio + (1 - ratio) * (average / max - 1)
    // Drops are spread evenly: the chance grows with every packet that was spared.
    const even = this.#since * chance < 1 ? chance / (1 - this.#since * chance) : 1
    if (!this.#around.stream.chance(even)) return false
    this.#since = 0
    const { name, chance: log } = this.#around
    log?.lost(name, this.#world.ordinalOf(packet), 'active queue management', 'queue')
    return true
  }
}
