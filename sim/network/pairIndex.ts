// Rows that are known by two integers each and numbered as they come: found by open addressing in one array of integers, so that neither a
// string nor a boxed number is made.

import { grown } from '../../platform/growth.ts'
import { hashOfPair } from '../../platform/pairHash.ts'

const FIRST_SLOTS = 16

/** Pairs of integers and their numbers, from 0 on. All operations are O(1); no pair is ever taken out. */
export class PairIndex {
  /** The keys of the rows, side by side: row n's from 2 n on. */
  #keys: Int32Array = new Int32Array(FIRST_SLOTS)
  /** Where a row's hash falls, or the first free place after that: its number + 1. At most half are taken. */
  #slots = new Int32Array(FIRST_SLOTS)
  #count = 0

  /** Rows so far: the number of the next one. */
  get count(): number {
    return this.#count
  }

  /** The row's first key. */
  a(row: number): number {
    return this.#keys[row * 2]!
  }

  /** The row's second key. */
  b(row: number): number {
    return this.#keys[row * 2 + 1]!
  }

  /** The row of these keys, or -1. */
  find(a: number, b: number): number {
    return this.#slots[this.#place(a, b)]! - 1
  }

  /** The number of a new row, one more than the last: these keys have none yet. */
  add(a: number, b: number): number {
    if (this.#count * 2 === this.#slots.length) this.#grow()
    const row = this.#count++
    this.#keys[row * 2] = a
    this.#keys[row * 2 + 1] = b
    this.#slots[this.#place(a, b)] = row + 1
    return row
  }

  /** Where these keys' row stands, or would. */
  #place(a: number, b: number): number {
    const [slots, keys] = [this.#slots, this.#keys]
    const mask = slots.length - 1
    for (let place = hashOfPair(a, b) & mask; ; place = (place + 1) & mask) {
      const row = slots[place]! - 1
      if (row < 0 || (keys[row * 2] === a && keys[row * 2 + 1] === b)) return place
    }
  }

  #grow(): void {
    this.#keys = grown(this.#keys, 0)
    const keys = this.#keys
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let row = 0; row < this.#count; row++) {
      this.#slots[this.#place(keys[row * 2]!, keys[row * 2 + 1]!)] = row + 1
    }
  }
}
