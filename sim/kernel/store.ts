// The records of pending events. What is under way at the same time stands side by side: a voice's packets come to each hop in the order in which
// they were sent, and the processor fetches by itself what is next in memory. So records are given out in groups of neighbours, and a group is
// given out again when all of it is free: used again one by one, last in, first out, they were in no order after some seconds.

import { bug } from '../../platform/assert.ts'
import { integersOf, onLines } from '../../platform/rows.ts'
import { D_AT, D_SEQUENCE, I_CLASS, I_SOURCE, type Rank, type Ticks } from './event.ts'

// Own constants for what is exported: the engine folds those into the code, but loads and checks exported ones at each use.
const AT = D_AT
const SEQUENCE = D_SEQUENCE
const CLASS = I_CLASS
const SOURCE = I_SOURCE
const SLOTS_MAX = 0x4000000
/** A record is one line of the cache, and begins where one does. */
const RECORD_DOUBLES = 8
/** A group has 16 records: what its free ones are told by is a small integer. */
const GROUP_BITS = 4
const GROUP_MASK = (1 << GROUP_BITS) - 1
const ALL = 0xffff
/** Counts of groups in the ring go on from 0 after this. */
const LAST_COUNT = 0x3fffffff

/** The pending events' records. A slot's doubles start at `slot << 3`, its integers at `slot << 4`. */
export class EventStore {
  /** Both are new objects whenever the store has grown: never keep them across a `take`. */
  doubles = onLines(0)
  integers = integersOf(this.doubles)
  private slots = 0
  /** From here on no record was ever given out. */
  private unused = 1
  /** The first slot of the group that is being given out, and a bit for each record of it that is still to be. */
  private group = 0
  private bits = 0
  /** By group: a bit for each record that is free, and not among those that are being given out. */
  private freed = new Int32Array(0)
  /** The groups that are free, the first one first: a ring. */
  private ready = new Int32Array(0)
  private firstReady = 0
  private nextReady = 0
  /** The group up to which the groups that are free in part were looked for; behind the last where none are. */
  private swept = 0

  /** `capacity`: slots at first, a power of two, 2 or more, doubled whenever they run out. */
  constructor(capacity = 64) {
    this.layOut(capacity)
    this.swept = this.freed.length
  }

  /** Slots that exist, used or free. */
  get capacity(): number {
    return this.slots
  }

  /** A free slot: whoever takes it writes its time, keys, kind and numbers. Slots taken one after the other are neighbours, most often. */
  take(): number {
    const bits = this.bits
    if (bits === 0) return this.takeOfNext()
    const bit = bits & -bits
    this.bits = bits ^ bit
    return this.group + 31 - Math.clz32(bit)
  }

  /** Writes when a held record's event comes, to whom and from whom: `key` is {@link Kernel.keyOf} the two. */
  address(slot: number, at: Ticks, key: number, source: Rank): void {
    this.doubles[(slot << 3) | AT] = at
    this.integers[(slot << 4) | CLASS] = key
    this.integers[(slot << 4) | SOURCE] = source
  }

  /** Gives a slot back. */
  release(slot: number): void {
    const { freed } = this
    const group = slot >> GROUP_BITS
    const bits = freed[group]! | (1 << (slot & GROUP_MASK))
    freed[group] = bits
    if (bits === ALL) this.queue(group)
  }

  /** The total order (time; class; destination; source; sequence): is `x` before `y`? Equal events are before neither. */
  isBefore(x: number, y: number): boolean {
    const xAt = this.doubles[(x << 3) | AT]!
    const yAt = this.doubles[(y << 3) | AT]!
    return xAt === yAt ? this.isBeforeAtOnce(x, y) : xAt < yAt
  }

  private isBeforeAtOnce(x: number, y: number): boolean {
    const { doubles, integers } = this
    const xClass = integers[(x << 4) | CLASS]!
    const yClass = integers[(y << 4) | CLASS]!
    if (xClass !== yClass) return xClass < yClass
    const xSource = integers[(x << 4) | SOURCE]!
    const ySource = integers[(y << 4) | SOURCE]!
    if (xSource !== ySource) return xSource < ySource
    return doubles[(x << 3) | SEQUENCE]! < doubles[(y << 3) | SEQUENCE]!
  }

  private queue(group: number): void {
    const { ready } = this
    ready[this.nextReady & (ready.length - 1)] = group
    this.nextReady = (this.nextReady + 1) & LAST_COUNT
  }

  private takeOfNext(): number {
    const group = this.nextGroup()
    if (group >= 0) {
      this.group = group << GROUP_BITS
      this.bits = this.freed[group]!
      this.freed[group] = 0
    } else {
      if (this.unused === this.slots) this.grow()
      const end = Math.min((this.unused | GROUP_MASK) + 1, this.slots)
      this.group = this.unused & ~GROUP_MASK
      this.bits = (ALL << (this.unused & GROUP_MASK)) & (ALL >> (this.group + GROUP_MASK + 1 - end))
      this.unused = end
    }
    return this.take()
  }

  /** A group with free records; -1 where new ones are to be used. */
  private nextGroup(): number {
    const { ready, freed } = this
    if (this.firstReady !== this.nextReady) {
      const group = ready[this.firstReady & (ready.length - 1)]!
      this.firstReady = (this.firstReady + 1) & LAST_COUNT
      return group
    }
    if (this.unused < this.slots) return -1
    const enough = this.slots < SLOTS_MAX ? this.slots >> 2 : 1
    if (this.swept === freed.length && this.countFree() >= enough) this.swept = 0
    while (this.swept < freed.length) {
      const group = this.swept++
      if (freed[group] !== 0) return group
    }
    return -1
  }

  /** Looks at all groups, after which either a quarter of all records are given out or there are twice as many. */
  private countFree(): number {
    let count = 0
    for (const bits of this.freed) for (let rest = bits; rest !== 0; rest &= rest - 1) count++
    return count
  }

  private grow(): void {
    if (this.slots >= SLOTS_MAX) bug(`${this.slots} events are pending, and more than 2^26 cannot be`)
    this.layOut(this.slots * 2)
    this.swept = this.freed.length
  }

  private layOut(slots: number): void {
    this.slots = slots
    const doubles = onLines(slots * RECORD_DOUBLES)
    doubles.set(this.doubles)
    this.doubles = doubles
    this.integers = integersOf(doubles)
    const groups = Math.max(1, slots >> GROUP_BITS)
    const freed = new Int32Array(groups)
    freed.set(this.freed)
    this.freed = freed
    // No group is ready when there are more: the ring begins anew.
    this.ready = new Int32Array(groups)
    this.firstReady = 0
    this.nextReady = 0
  }
}
