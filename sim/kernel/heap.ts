// A 4-ary heap of event slots. Each event knows its position, so that a cancelled one leaves at once.

import { I_PLACE, NO_SLOT } from './event.ts'
import type { EventStore } from './store.ts'

const PLACE = I_PLACE // folded into the code, as an import is not

/** The events that it holds, the earliest first. Grows by doubling. */
export class EventHeap {
  declare private readonly store: EventStore
  #slots = new Int32Array(64)
  #size = 0

  constructor(store: EventStore) {
    this.store = store
  }

  get size(): number {
    return this.#size
  }

  /** The earliest event's slot; {@link NO_SLOT} if there is none. */
  get first(): number {
    return this.#size === 0 ? NO_SLOT : this.#slots[0]!
  }

  /** O(log n). */
  add(slot: number): void {
    if (this.#size === this.#slots.length) {
      const slots = new Int32Array(this.#size * 2)
      slots.set(this.#slots)
      this.#slots = slots
    }
    this.#rise(this.#size++, slot)
  }

  /** Takes out any event that it holds. O(log n). */
  remove(slot: number): void {
    const position = this.store.integers[(slot << 4) | PLACE]!
    const last = this.#slots[--this.#size]!
    if (last === slot) return
    if (this.store.isBefore(last, slot)) this.#rise(position, last)
    else this.#sink(position, last)
  }

  /** Takes out the event that costs least to take; there must be one. O(1). */
  takeLast(): number {
    return this.#slots[--this.#size]!
  }

  #put(position: number, slot: number): void {
    this.#slots[position] = slot
    this.store.integers[(slot << 4) | PLACE] = position
  }

  #rise(start: number, slot: number): void {
    let position = start
    while (position > 0) {
      const parent = (position - 1) >> 2
      const above = this.#slots[parent]!
      if (!this.store.isBefore(slot, above)) break
      this.#put(position, above)
      position = parent
    }
    this.#put(position, slot)
  }

  #sink(start: number, slot: number): void {
    const size = this.#size
    let position = start
    for (let child = position * 4 + 1; child < size; child = position * 4 + 1) {
      const leastAt = this.#leastOf(child, Math.min(child + 4, size))
      const least = this.#slots[leastAt]!
      if (!this.store.isBefore(least, slot)) break
      this.#put(position, least)
      position = leastAt
    }
    this.#put(position, slot)
  }

  #leastOf(start: number, end: number): number {
    let leastAt = start
    for (let at = start + 1; at < end; at++) {
      if (this.store.isBefore(this.#slots[at]!, this.#slots[leastAt]!)) leastAt = at
    }
    return leastAt
  }
}
