// Rows known by two numbers that die at a time of their own: what NATs and firewalls remember. Nobody is told when a row dies: whoever
// meets it compares times, and each new row looks at two old ones, so that dead ones are used again.

import { hashOfPair } from '../../platform/pairHash.ts'
import { integersOf, onLines } from '../../platform/rows.ts'
import type { Ticks } from '../kernel/event.ts'

/** A row's number, good until the row is removed; −1 is none. */
export type Row = number
export const NO_ROW: Row = -1

// A row begins with the time of death as a double, then six integers; that is all of a narrow one.
const KEY_A = 2
const KEY_B = 3
const VALUE = 4
const STATE = 5
const NEXT = 6 // of a free row, the next free one
const USED = 7 // 1 while it is there; the upper bits count its lives
const LOOKS = 2
// A row has so many integers, as a power of two: 32 bytes; or 64 bytes, of which the second half is for whatever the rows' owner keeps there.
const NARROW = 3
const WIDE = 4

/** All operations are O(1). */
export class TimedTable {
  readonly #removed: (row: Row) => void
  readonly #bits: number
  /** Both are new objects whenever the table has grown. For whoever asks several numbers of a row at once; see `nat/mappingRow.ts`. */
  doubles = onLines(0)
  integers = integersOf(this.doubles)
  /**
   * Where a row's hash falls, or the first free place after that: its number + 1, and above that bits of the hash, so that no row is looked at
   * but the right one: of a million rows hardly one is in the cache. At most half are taken.
   */
  #slots = new Int32Array(0)
  #free: Row = NO_ROW
  #size = 0
  #hand = 0
  #count = 0

  /** `removed` is told of each row that goes, while it can still be read. `isWide`: rows of 64 bytes, each of them a line of the cache. */
  constructor(removed: (row: Row) => void = () => {}, isWide = false) {
    this.#removed = removed
    this.#bits = isWide ? WIDE : NARROW
    this.#grow()
  }

  /** Rows that are there, dead ones that nobody has met among them. */
  get count(): number {
    return this.#count
  }

  /** The row of these keys that is alive at `now`. */
  find(a: number, b: number, now: Ticks): Row {
    const [ints, slots] = [this.integers, this.#slots]
    const hash = hashOfPair(a, b)
    const mask = slots.length - 1
    for (let place = hash & mask; slots[place] !== 0; place = (place + 1) & mask) {
      const slot = slots[place]!
      if (((slot ^ hash) & ~mask) !== 0) continue
      const row = (slot & mask) - 1
      const at = row << this.#bits
      if (ints[at | KEY_A] === a && ints[at | KEY_B] === b)
        return now < this.doubles[row << (this.#bits - 1)]! ? row : NO_ROW
    }
    return NO_ROW
  }

  /** A new row; one that has the same keys goes. */
  add(a: number, b: number, value: number, diesAt: Ticks, now: Ticks): Row {
    this.#sweep(now)
    const same = this.find(a, b, -1)
    if (same !== NO_ROW) this.remove(same)
    if (this.#free === NO_ROW) this.#grow()
    const row = this.#free
    const at = row << this.#bits
    const ints = this.integers
    this.#free = ints[at | NEXT]!
    ints[at | KEY_A] = a
    ints[at | KEY_B] = b
    ints[at | VALUE] = value
    ints[at | STATE] = 0
    ints[at | USED] = ints[at | USED]! + 1
    this.#enter(row)
    this.doubles[row << (this.#bits - 1)] = diesAt
    this.#count++
    return row
  }

  remove(row: Row): void {
    this.#removed(row)
    const ints = this.integers
    const at = row << this.#bits
    this.#leave(row)
    ints[at | USED] = ints[at | USED]! + 1
    ints[at | NEXT] = this.#free
    this.#free = row
    this.#count--
  }

  /** Removes all rows that `which` names. */
  clear(which: (row: Row) => boolean = () => true): void {
    for (let row = 0; row < this.#size; row++) if (this.#isUsed(row) && which(row)) this.remove(row)
  }

  isAlive(row: Row, now: Ticks): boolean {
    return now < this.doubles[row << (this.#bits - 1)]!
  }

  diesAt(row: Row): Ticks {
    return this.doubles[row << (this.#bits - 1)]!
  }

  /** Gives a row another time of death. */
  live(row: Row, diesAt: Ticks): void {
    this.doubles[row << (this.#bits - 1)] = diesAt
  }

  a(row: Row): number {
    return this.integers[(row << this.#bits) | KEY_A]!
  }

  b(row: Row): number {
    return this.integers[(row << this.#bits) | KEY_B]!
  }

  value(row: Row): number {
    return this.integers[(row << this.#bits) | VALUE]!
  }

  setValue(row: Row, value: number): void {
    this.integers[(row << this.#bits) | VALUE] = value
  }

  /** A number that a row's owner keeps with it; 0 in a new row. */
  state(row: Row): number {
    return this.integers[(row << this.#bits) | STATE]!
  }

  setState(row: Row, state: number): void {
    this.integers[(row << this.#bits) | STATE] = state
  }

  /** Tells a row's lives apart: another number each time that it is used again. */
  life(row: Row): number {
    return this.integers[(row << this.#bits) | USED]!
  }

  #isUsed(row: Row): boolean {
    return (this.integers[(row << this.#bits) | USED]! & 1) === 1
  }

  /** Each new row pays for a look at two others: dead ones never make up more than about half. */
  #sweep(now: Ticks): void {
    for (let look = 0; look < LOOKS; look++) {
      this.#hand = this.#hand + 1 < this.#size ? this.#hand + 1 : 0
      if (this.#isUsed(this.#hand) && !this.isAlive(this.#hand, now)) this.remove(this.#hand)
    }
  }

  /** Notes where the row is, by its keys. */
  #enter(row: Row): void {
    const slots = this.#slots
    const mask = slots.length - 1
    const hash = this.#hash(row)
    let place = hash & mask
    while (slots[place] !== 0) place = (place + 1) & mask
    slots[place] = (hash & ~mask) | (row + 1)
  }

  /** Forgets where the row is: those behind it that it was in the way of move up. */
  #leave(row: Row): void {
    const slots = this.#slots
    const mask = slots.length - 1
    let free = this.#hash(row) & mask
    while ((slots[free]! & mask) - 1 !== row) free = (free + 1) & mask
    for (let place = (free + 1) & mask; slots[place] !== 0; place = (place + 1) & mask) {
      const home = this.#hash((slots[place]! & mask) - 1) & mask
      if (((place - home) & mask) < ((place - free) & mask)) continue
      slots[free] = slots[place]!
      free = place
    }
    slots[free] = 0
  }

  #hash(row: Row): number {
    return hashOfPair(this.integers[(row << this.#bits) | KEY_A]!, this.integers[(row << this.#bits) | KEY_B]!)
  }

  #grow(): void {
    const from = this.#size
    this.#size = from === 0 ? 16 : from * 2
    const doubles = onLines(this.#size << (this.#bits - 1))
    doubles.set(this.doubles)
    this.doubles = doubles
    this.integers = integersOf(doubles)
    this.#slots = new Int32Array(this.#size * 2)
    for (let row = 0; row < from; row++) this.#enter(row)
    for (let row = this.#size - 1; row >= from; row--) {
      this.integers[(row << this.#bits) | NEXT] = this.#free
      this.#free = row
    }
  }
}
