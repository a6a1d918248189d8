// Where pending events live: one 64-byte record each in a single typed buffer, so that an event is one cache line and no object.
// Slots are used again; an id names a slot and its generation, so a stale id never reaches a stranger's event.

import { bug } from '../../platform/assert.ts'

/** Simulated time in ticks since the run's start: an integer, 0 to 2⁵³ − 1. A tick is 1 ns unless the kernel was told otherwise. */
export type Ticks = number
/** A node's place among all names in code unit order, 0 and up. */
export type Rank = number
/** A registered sort of event, from `kernel.on`. */
export type EventKind = number
/** A pending event's handle: 0 or more, never given out twice in a run. */
export type EventId = number

/** Which events of one instant come first: faults, then the scenario, then deliveries, then timers. */
export type OrderClass = 0 | 1 | 2 | 3
export const FAULT = 0
export const SCENARIO = 1
export const DELIVERY = 2
export const TIMER = 3

// The record: 8 doubles (D) or, in the same bytes, 16 integers (I) from the slot's start. Queues read and write it directly.
export const D_AT = 0
export const D_SEQUENCE = 1
/** Order class × 2²⁸ + destination: the second and third key in one comparison. */
export const I_CLASS = 4
export const I_SOURCE = 5
export const I_KIND = 6
export const I_A = 7
export const I_B = 8
const GENERATION = 9
/** Where its queue keeps it. */
export const I_PLACE = 10
/** Its neighbours in its queue's list; a free slot's next is the next free one. */
export const I_NEXT = 11
export const I_PREVIOUS = 12
/** Its position in a heap. */
export const I_POSITION = 13

/** No slot: record 0 belongs to no event, so that what a list writes to a neighbour that is not there does no harm. */
export const NO_SLOT = 0

// Own constants for what is exported: the engine folds those into the code, but loads and checks exported ones at each use.
const NONE = NO_SLOT
const AT = D_AT
const SEQUENCE = D_SEQUENCE
const CLASS = I_CLASS
const SOURCE = I_SOURCE
const KIND = I_KIND
const A = I_A
const B = I_B
const NEXT = I_NEXT
const SLOT_MASK = 0x3ffffff
const SLOTS_MAX = 0x4000000
const CLASS_UNIT = 0x10000000
const LAST_GENERATION = 0x7ffffff

/** The pending events' records. A slot's doubles start at `slot << 3`, its integers at `slot << 4`. */
export class EventStore {
  /** Both are new objects whenever the store has grown: never keep them across an `add`. */
  doubles: Float64Array
  integers: Int32Array
  #capacity: number
  #free = NONE
  #unused = 1
  readonly #lastGeneration: number

  /** `capacity`: slots at first, 2 or more, doubled whenever they run out. `lastGeneration`: how often a slot is used again, 0 to 2²⁷ − 1. */
  constructor(capacity = 64, lastGeneration = LAST_GENERATION) {
    this.#capacity = capacity
    this.#lastGeneration = lastGeneration
    this.doubles = new Float64Array(capacity * 8)
    this.integers = new Int32Array(this.doubles.buffer)
  }

  /** Slots that exist, used or free. */
  get capacity(): number {
    return this.#capacity
  }

  /** Takes a slot and writes the event into it. The caller has checked the ranges. */
  add(
    at: Ticks,
    order: OrderClass,
    destination: Rank,
    source: Rank,
    sequence: number,
    kind: EventKind,
    a: number,
    b: number,
  ): number {
    let slot = this.#free
    if (slot !== NONE) this.#free = this.integers[(slot << 4) | NEXT]!
    else {
      if (this.#unused === this.#capacity) this.#grow()
      slot = this.#unused++
    }
    const { doubles, integers } = this
    const base = slot << 4
    doubles[(slot << 3) | AT] = at
    doubles[(slot << 3) | SEQUENCE] = sequence
    integers[base | CLASS] = order * CLASS_UNIT + destination
    integers[base | SOURCE] = source
    integers[base | KIND] = kind
    integers[base | A] = a
    integers[base | B] = b
    return slot
  }

  /** Gives a slot back whose event had an id: that is dead from now on. */
  remove(slot: number): void {
    const generation = this.integers[(slot << 4) | GENERATION]!
    this.integers[(slot << 4) | GENERATION] = generation + 1
    // A slot whose generations are used up is not given out again.
    if (generation < this.#lastGeneration) this.release(slot)
  }

  /** Gives a slot back whose event never had an id. */
  release(slot: number): void {
    this.integers[(slot << 4) | NEXT] = this.#free
    this.#free = slot
  }

  /** The total order (time; class; destination; source; sequence): is `x` before `y`? Equal events are before neither. */
  isBefore(x: number, y: number): boolean {
    const xAt = this.doubles[(x << 3) | AT]!
    const yAt = this.doubles[(y << 3) | AT]!
    return xAt === yAt ? this.#isBeforeAtOnce(x, y) : xAt < yAt
  }

  #isBeforeAtOnce(x: number, y: number): boolean {
    const { doubles, integers } = this
    const xClass = integers[(x << 4) | CLASS]!
    const yClass = integers[(y << 4) | CLASS]!
    if (xClass !== yClass) return xClass < yClass
    const xSource = integers[(x << 4) | SOURCE]!
    const ySource = integers[(y << 4) | SOURCE]!
    if (xSource !== ySource) return xSource < ySource
    return doubles[(x << 3) | SEQUENCE]! < doubles[(y << 3) | SEQUENCE]!
  }

  /** The id of the event in `slot`. */
  idOf(slot: number): EventId {
    return this.integers[(slot << 4) | GENERATION]! * SLOTS_MAX + slot
  }

  /** The slot of a pending event; {@link NO_SLOT} for an id that is dead or never was. */
  slotOf(id: EventId): number {
    const slot = id & SLOT_MASK
    if (slot >= this.#unused) return NONE
    return this.integers[(slot << 4) | GENERATION]! === (id - slot) / SLOTS_MAX ? slot : NONE
  }

  #grow(): void {
    if (this.#capacity >= SLOTS_MAX) bug(`${this.#capacity} events are pending, and more than 2^26 cannot be`)
    this.#capacity *= 2
    const doubles = new Float64Array(this.#capacity * 8)
    doubles.set(this.doubles)
    this.doubles = doubles
    this.integers = new Int32Array(doubles.buffer)
  }
}

/** Class and destination as one number that orders by both, as a record has it. */
export function classKey(order: OrderClass, destination: Rank): number {
  return order * CLASS_UNIT + destination
}
