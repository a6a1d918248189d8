// CoDel (RFC 8289): packets that have waited too long for too long are dropped at the head, ever more often until the wait is short.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { QueueLimit } from '../queue.ts'
import { type Discipline, type DisciplineWorld, NOBODY } from './discipline.ts'
import { Line } from './line.ts'

/** What CoDel goes by. */
export interface CoDelTimes {
  /** The wait that is acceptable, ns; 5 ms by RFC 8289 §4.2. */
  readonly targetNs: number
  /** For how long it may be longer, ns: about a round trip; 100 ms by RFC 8289 §4.3. */
  readonly intervalNs: number
}

export interface CoDelOptions extends CoDelTimes {
  readonly discipline: 'codel'
  /** What it has room for; absent: no limit. */
  readonly limit?: QueueLimit
}

/** How much longer than the interval an old drop rate is remembered (RFC 8289 §5.5). */
const REMEMBERED_INTERVALS = 16

/** One line under CoDel's control; RFC 8289 §5 in its own words. */
export class ControlledLine {
  readonly line = new Line()
  readonly #world: DisciplineWorld
  readonly #target: Ticks
  readonly #interval: Ticks
  #largest = 0
  /** When waits will have been too long for an interval; 0: they are not. */
  #firstAboveAt: Ticks = 0
  #dropping = false
  #dropNext: Ticks = 0
  #count = 0
  #lastCount = 0
  /** Whether the packet last taken has waited too long for too long. */
  #late = false

  constructor(world: DisciplineWorld, { targetNs, intervalNs }: CoDelTimes) {
    this.#world = world
    this.#target = targetNs / world.tickNs
    this.#interval = intervalNs / world.tickNs
  }

  push(packet: Packet, bytes: number, now: Ticks): void {
    this.#largest = Math.max(this.#largest, bytes)
    this.line.push(packet, bytes, now)
  }

  /** The next to go, {@link NOBODY} if none is left; those that CoDel is against are dropped on the way. */
  shift(now: Ticks): Packet {
    let packet = this.#take(now)
    if (this.#dropping) {
      if (!this.#late) this.#dropping = false
      while (this.#dropping && now >= this.#dropNext) {
        this.#world.drop(packet, 'active queue management')
        this.#count++
        packet = this.#take(now)
        if (this.#late) this.#dropNext = this.#after(this.#dropNext)
        else this.#dropping = false
      }
    } else if (this.#late) {
      this.#world.drop(packet, 'active queue management')
      packet = this.#take(now)
      this.#dropping = true
      const delta = this.#count - this.#lastCount
      const recent = now - this.#dropNext < REMEMBERED_INTERVALS * this.#interval
      this.#count = delta > 1 && recent ? delta : 1
      this.#dropNext = this.#after(now)
      this.#lastCount = this.#count
    }
    return packet
  }

  #take(now: Ticks): Packet {
    const since = this.line.firstSince
    const packet = this.line.shift()
    this.#late = false
    if (packet === NOBODY) {
      this.#firstAboveAt = 0
      return packet
    }
    if (now - since < this.#target || this.line.bytes <= this.#largest) this.#firstAboveAt = 0
    else if (this.#firstAboveAt === 0) this.#firstAboveAt = now + this.#interval
    else this.#late = now >= this.#firstAboveAt
    return packet
  }

  /** The control law. */
  #after(time: Ticks): Ticks {
    return time + this.#interval / Math.sqrt(this.#count)
  }
}

/** CoDel with one line. */
export class CoDel implements Discipline {
  readonly #world: DisciplineWorld
  readonly #limit: QueueLimit | undefined
  readonly #controlled: ControlledLine

  constructor(world: DisciplineWorld, options: CoDelOptions) {
    this.#world = world
    this.#limit = options.limit
    this.#controlled = new ControlledLine(world, options)
  }

  get count(): number {
    return this.#controlled.line.count
  }

  enqueue(packet: Packet, now: Ticks, goes: boolean): boolean {
    const bytes = this.#world.bytesOf(packet)
    if (!goes && !this.#controlled.line.hasRoom(bytes, this.#limit)) {
      this.#world.drop(packet, 'queue full')
      return false
    }
    this.#controlled.push(packet, bytes, now)
    return true
  }

  dequeue(now: Ticks): Packet {
    return this.#controlled.shift(now)
  }

  ahead(packet: Packet): number {
    return this.#controlled.line.bytes - this.#world.bytesOf(packet)
  }

  clear(): readonly Packet[] {
    return this.#controlled.line.clear()
  }
}
