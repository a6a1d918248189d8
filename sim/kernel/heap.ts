// A 4-ary heap of event slots. Each event knows its position, so that a cancelled one leaves at once.

import type { EventStore } from './event.ts'

/** The events that it holds, the earliest first. An event's `place` is its position here. */
export class EventHeap {
  readonly #store: EventStore
  #slots = new Int32Array(64)
  #size = 0

  constructor(store: EventStore) {
    this.#store = store
  }

  get size(): number {
    return this.#size
  }

  /** The earliest event's slot; −1 if there is none. */
  get first(): number {
    return this.#size === 0 ? -1 : this.#slots[0]!
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
    const position = this.#store.place(slot)
    const last = this.#slots[--this.#size]!
    if (last === slot) return
    if (this.#store.isBefore(last, slot)) this.#rise(position, last)
    else this.#sink(position, last)
  }

  #rise(position: number, slot: number): void {
    const slots = this.#slots
    const store = this.#store
    while (position > 0) {
      const parent = (position - 1) >> 2
      const above = slots[parent]!
      if (!store.isBefore(slot, above)) break
      slots[position] = above
      store.setPlace(above, position)
      position = parent
    }
    slots[position] = slot
    store.setPlace(slot, position)
  }

  #sink(position: number, slot: number): void {
    const slots = this.#slots
    const store = this.#store
    const size = this.#size
    for (let child = position * 4 + 1; child < size; child = position * 4 + 1) {
      const end = Math.min(child + 4, size)
      let least = slots[child]!
      let leastAt = child
      for (let sibling = child + 1; sibling < end; sibling++) {
        const other = slots[sibling]!
        if (!store.isBefore(other, least)) continue
        least = other
        leastAt = sibling
      }
      if (!store.isBefore(least, slot)) break
      slots[position] = least
      store.setPlace(least, position)
      position = leastAt
    }
    slots[position] = slot
    store.setPlace(slot, position)
  }
}
