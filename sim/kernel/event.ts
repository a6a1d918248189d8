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

// The record, as 8 doubles (D) or 16 integers (I) from the slot's start; the last 16 bytes are spare.
const D_AT = 0
const D_SEQUENCE = 1
const I_CLASS = 4 // order class × 2²⁸ + destination: the second and third key in one comparison
const I_SOURCE = 5
const I_KIND = 6
const I_A = 7
const I_B = 8
const I_GENERATION = 9
const I_PLACE = 10 // where its queue keeps it
const I_NEXT = 11 // in its queue's list, or in the list of free slots
const I_PREVIOUS = 12

const SLOT_BITS = 26
const SLOT_MASK = 0x3ffffff
const SLOTS_MAX = 0x4000000
const CLASS_UNIT = 0x10000000
const LAST_GENERATION = 0x7ffffff
const NONE = -1

/** The pending events' records. Queues hold slots, and order them by {@link EventStore.isBefore}. */
export class EventStore {
  #doubles: Float64Array
  #integers: Int32Array
  #capacity: number
  #free = NONE
  #unused = 0
  readonly #lastGeneration: number

  /** `capacity`: slots at first (doubled whenever they run out). `lastGeneration`: a slot is given up after so many uses, 0 to 2²⁷ − 1. */
  constructor(capacity = 64, lastGeneration = LAST_GENERATION) {
    this.#capacity = capacity
    this.#lastGeneration = lastGeneration
    this.#doubles = new Float64Array(capacity * 8)
    this.#integers = new Int32Array(this.#doubles.buffer)
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
    if (slot !== NONE) this.#free = this.#integers[slot * 16 + I_NEXT]!
    else {
      if (this.#unused === this.#capacity) this.#grow()
      slot = this.#unused++
    }
    const doubles = this.#doubles
    const integers = this.#integers
    doubles[slot * 8 + D_AT] = at
    doubles[slot * 8 + D_SEQUENCE] = sequence
    const base = slot * 16
    integers[base + I_CLASS] = order * CLASS_UNIT + destination
    integers[base + I_SOURCE] = source
    integers[base + I_KIND] = kind
    integers[base + I_A] = a
    integers[base + I_B] = b
    return slot
  }

  /** Gives a slot back: its id is dead from now on. */
  remove(slot: number): void {
    const integers = this.#integers
    const base = slot * 16
    const generation = integers[base + I_GENERATION]!
    integers[base + I_GENERATION] = generation + 1
    if (generation >= this.#lastGeneration) return
    integers[base + I_NEXT] = this.#free
    this.#free = slot
  }

  /** The total order (time; class; destination; source; sequence): is `x` before `y`? Equal events are before neither. */
  isBefore(x: number, y: number): boolean {
    const doubles = this.#doubles
    const xAt = doubles[x * 8 + D_AT]!
    const yAt = doubles[y * 8 + D_AT]!
    if (xAt !== yAt) return xAt < yAt
    return this.#isBeforeAtOnce(x, y)
  }

  #isBeforeAtOnce(x: number, y: number): boolean {
    const integers = this.#integers
    const xClass = integers[x * 16 + I_CLASS]!
    const yClass = integers[y * 16 + I_CLASS]!
    if (xClass !== yClass) return xClass < yClass
    const xSource = integers[x * 16 + I_SOURCE]!
    const ySource = integers[y * 16 + I_SOURCE]!
    if (xSource !== ySource) return xSource < ySource
    return this.#doubles[x * 8 + D_SEQUENCE]! < this.#doubles[y * 8 + D_SEQUENCE]!
  }

  at(slot: number): Ticks {
    return this.#doubles[slot * 8 + D_AT]!
  }

  sequence(slot: number): number {
    return this.#doubles[slot * 8 + D_SEQUENCE]!
  }

  /** Class and destination as one number that orders by both; see {@link classKey}. */
  classKey(slot: number): number {
    return this.#integers[slot * 16 + I_CLASS]!
  }

  source(slot: number): Rank {
    return this.#integers[slot * 16 + I_SOURCE]!
  }

  kind(slot: number): EventKind {
    return this.#integers[slot * 16 + I_KIND]!
  }

  a(slot: number): number {
    return this.#integers[slot * 16 + I_A]!
  }

  b(slot: number): number {
    return this.#integers[slot * 16 + I_B]!
  }

  place(slot: number): number {
    return this.#integers[slot * 16 + I_PLACE]!
  }

  setPlace(slot: number, place: number): void {
    this.#integers[slot * 16 + I_PLACE] = place
  }

  next(slot: number): number {
    return this.#integers[slot * 16 + I_NEXT]!
  }

  setNext(slot: number, next: number): void {
    this.#integers[slot * 16 + I_NEXT] = next
  }

  previous(slot: number): number {
    return this.#integers[slot * 16 + I_PREVIOUS]!
  }

  setPrevious(slot: number, previous: number): void {
    this.#integers[slot * 16 + I_PREVIOUS] = previous
  }

  /** The id of the event in `slot`. */
  idOf(slot: number): EventId {
    return this.#integers[slot * 16 + I_GENERATION]! * SLOTS_MAX + slot
  }

  /** The slot of a pending event; −1 for an id that is dead or never was. */
  slotOf(id: EventId): number {
    const slot = id & SLOT_MASK
    if (slot >= this.#unused) return NONE
    return this.#integers[slot * 16 + I_GENERATION]! === (id - slot) / SLOTS_MAX ? slot : NONE
  }

  #grow(): void {
    if (this.#capacity >= SLOTS_MAX) bug(`more than 2^${SLOT_BITS} events are pending`)
    const doubles = new Float64Array(this.#capacity * 16)
    doubles.set(this.#doubles)
    this.#doubles = doubles
    this.#integers = new Int32Array(doubles.buffer)
    this.#capacity *= 2
  }
}

/** Class and destination as one number that orders by both. */
export function classKey(order: OrderClass, destination: Rank): number {
  return order * CLASS_UNIT + destination
}
