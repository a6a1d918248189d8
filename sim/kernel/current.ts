// The events of the span that is current: a sorted list of few, or a heap of many. One of both is empty.

import { I_NEXT, I_PREVIOUS, NO_SLOT, SLOT_BITS } from './event.ts'
import { EventHeap } from './heap.ts'
import type { EventStore } from './store.ts'

// Folded into the code, as imports are not.
const NEXT = I_NEXT
const PREVIOUS = I_PREVIOUS
const NONE = NO_SLOT
const SLOT = SLOT_BITS
/** How many events are walked past to find another one's place in the list. */
const WALK_MAX = 32

/** What is left of the span that is current, and what came late for it. */
export class CurrentSpan {
  /** The first of the sorted ones, which are linked by `next`. Who takes it puts its next one here. */
  first = NONE
  /** The others, if they are many. */
  declare readonly crowd: EventHeap
  declare private readonly store: EventStore

  constructor(store: EventStore) {
    this.store = store
    this.crowd = new EventHeap(store)
  }

  /** The earliest event; {@link NO_SLOT} if none is left. */
  get earliest(): number {
    return this.first === NONE ? this.crowd.first : this.first
  }

  /** Begins with events that are linked by `next`, `head` and those behind it, if any; nothing may be left of the span before. */
  begin(head: number): void {
    const { integers } = this.store
    let next = integers[(head << 4) | NEXT]! & SLOT
    integers[(head << 4) | NEXT] = NONE
    this.first = head
    for (let slot = next; slot !== NONE; slot = next) {
      next = integers[(slot << 4) | NEXT]! & SLOT
      this.add(slot)
    }
  }

  /** O(1) if few are before it, else O(log n). */
  add(slot: number): void {
    if (this.crowd.size === 0) this.insert(slot)
    else this.crowd.add(slot)
  }

  /** Takes out any event that it holds. */
  remove(slot: number): void {
    const { integers } = this.store
    if (this.crowd.size !== 0) {
      this.crowd.remove(slot)
      return
    }
    const next = integers[(slot << 4) | NEXT]!
    const previous = integers[(slot << 4) | PREVIOUS]!
    if (slot === this.first) this.first = next
    else integers[(previous << 4) | NEXT] = next
    integers[(next << 4) | PREVIOUS] = previous
  }

  /** Gives up all events, linked by `next` from the one that it gives. */
  end(): number {
    const { integers } = this.store
    let head = this.first
    while (this.crowd.size > 0) {
      const slot = this.crowd.takeLast()
      integers[(slot << 4) | NEXT] = head
      head = slot
    }
    this.first = NONE
    return head
  }

  /** Puts an event into the sorted list; where that takes too many steps, all become a crowd. */
  private insert(slot: number): void {
    const { integers } = this.store
    let previous = NONE
    let next = this.first
    for (let steps = 0; next !== NONE && this.store.isBefore(next, slot); steps++) {
      if (steps === WALK_MAX) {
        this.gather(slot)
        return
      }
      previous = next
      next = integers[(next << 4) | NEXT]!
    }
    integers[(slot << 4) | NEXT] = next
    integers[(slot << 4) | PREVIOUS] = previous
    integers[(next << 4) | PREVIOUS] = slot
    if (previous === NONE) this.first = slot
    else integers[(previous << 4) | NEXT] = slot
  }

  /** Makes a crowd of the sorted list and one more event. */
  private gather(slot: number): void {
    const { integers } = this.store
    this.crowd.add(slot)
    for (let each = this.first; each !== NONE; each = integers[(each << 4) | NEXT]!) this.crowd.add(each)
    this.first = NONE
  }
}
