// Where pending events live: one 64-byte record each in a single typed buffer, so that an event is one cache line and no object.
// Slots are used again; events that can be taken back are known by other names, see `timers.ts`.

import { bug } from '../../platform/assert.ts'
import { integersOf, onLines } from '../../platform/rows.ts'

/** Simulated time in ticks since the run's start: an integer, 0 to 2⁵³ − 1. A tick is 1 ns unless the kernel was told otherwise. */
export type Ticks = number
/** A node's place among all names in code unit order, 0 and up. */
export type Rank = number
/** A registered sort of event, from `kernel.on`. */
export type EventKind = number

/** The kind of those events, the timers, that can be taken back. */
export const REMOVABLE_KIND: EventKind = 0

/** Which events of one instant come first: faults, then the scenario, then deliveries, then timers. */
export type OrderClass = 0 | 1 | 2 | 3
export const FAULT = 0
export const SCENARIO = 1
export const DELIVERY = 2
export const TIMER = 3

// The record: 8 doubles (D) or, in the same bytes, 16 integers (I) from the slot's start. Who plans, queues and handles events reads and
// writes it directly. What is waited for when an event's turn comes stands in the first 16 bytes, which are never parted by lines of the cache.
export const D_AT = 0
/** Its neighbour in its queue's list; a free slot's next is the next free one. */
export const I_NEXT = 2
export const I_KIND = 3
export const I_A = 4
export const I_B = 5
/** Order class, {@link CLASS_SHIFT} bits up, and destination: the second and third key in one comparison. */
export const I_CLASS = 6
export const CLASS_SHIFT = 28
export const I_SOURCE = 7
export const D_SEQUENCE = 4
/** Where its queue keeps it: its unsorted list, if it can be taken back; or its position in a heap. */
export const I_PLACE = 10
/** Its other neighbour, if it can be taken back or is in a sorted list. */
export const I_PREVIOUS = 11
/** Four integers of who holds the record, for whatever is itself an event as long as it is under way: see {@link Kernel.carry}. 0 in a new record. */
export const I_CARGO = 12

/**
 * Set in a slot as lists of unsorted events have it, their heads and each event's next, where that event can be taken back: only such a one
 * has to know its other neighbour, so that putting an event before one that cannot touches nothing of it.
 */
export const REMOVABLE_MARK = 0x40000000
/** What is left of such a slot without its mark. */
export const SLOT_BITS = REMOVABLE_MARK - 1

/** No slot: record 0 belongs to no event, so that what a list writes to a neighbour that is not there does no harm. */
export const NO_SLOT = 0

// Own constants for what is exported: the engine folds those into the code, but loads and checks exported ones at each use.
const NONE = NO_SLOT
const AT = D_AT
const SEQUENCE = D_SEQUENCE
const CLASS = I_CLASS
const SOURCE = I_SOURCE
const NEXT = I_NEXT
const SLOTS_MAX = 0x4000000
/** A record is one line of the cache, and begins where one does. */
const RECORD_DOUBLES = 8
const SHIFT = CLASS_SHIFT

/** The pending events' records. A slot's doubles start at `slot << 3`, its integers at `slot << 4`. */
export class EventStore {
  /** Both are new objects whenever the store has grown: never keep them across a `take`. */
  doubles = onLines(0)
  integers = integersOf(this.doubles)
  private slots = 0
  private free = NONE
  private unused = 1

  /** `capacity`: slots at first, 2 or more, doubled whenever they run out. */
  constructor(capacity = 64) {
    this.slots = capacity
    this.doubles = onLines(capacity * RECORD_DOUBLES)
    this.integers = integersOf(this.doubles)
  }

  /** Slots that exist, used or free. */
  get capacity(): number {
    return this.slots
  }

  /** A free slot: whoever takes it writes its time, keys, kind and numbers. The one that was released last comes first. */
  take(): number {
    const slot = this.free
    if (slot === NONE) return this.takeNew()
    this.free = this.integers[(slot << 4) | NEXT]!
    return slot
  }

  /** Writes when a held record's event comes, to whom and from whom: `key` is {@link Kernel.keyOf} the two. */
  address(slot: number, at: Ticks, key: number, source: Rank): void {
    this.doubles[(slot << 3) | AT] = at
    this.integers[(slot << 4) | CLASS] = key
    this.integers[(slot << 4) | SOURCE] = source
  }

  /** Gives a slot back. */
  release(slot: number): void {
    this.integers[(slot << 4) | NEXT] = this.free
    this.free = slot
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

  private takeNew(): number {
    if (this.unused === this.slots) this.grow()
    return this.unused++
  }

  private grow(): void {
    if (this.slots >= SLOTS_MAX) bug(`${this.slots} events are pending, and more than 2^26 cannot be`)
    this.slots *= 2
    const doubles = onLines(this.slots * RECORD_DOUBLES)
    doubles.set(this.doubles)
    this.doubles = doubles
    this.integers = integersOf(doubles)
  }
}

/** Class and destination as one number that orders by both, as a record has it. */
export function classKey(order: OrderClass, destination: Rank): number {
  return (order << SHIFT) | destination
}
