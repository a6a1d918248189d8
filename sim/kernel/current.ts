// The events of the span that is current: a sorted list of few, or a heap of many. One of both is empty.

import type { Foresight } from './carrier.ts'
import { I_KIND, I_NEXT, I_PREVIOUS, NO_SLOT, SLOT_BITS } from './event.ts'
import { EventHeap } from './heap.ts'
import type { EventStore } from './store.ts'

// Folded into the code, as imports are not.
const NEXT = I_NEXT
const PREVIOUS = I_PREVIOUS
const KIND = I_KIND
const NONE = NO_SLOT
const SLOT = SLOT_BITS
/** How many events are walked past to find another one's place in the list. */
const WALK_MAX = 32
/** So many events at least are looked ahead at together, and so many at most: for fewer it is not worth it, and more would push each other out of the cache. */
const AHEAD_MIN = 4
const AHEAD_MAX = 32

/** What is left of the span that is current, and what came late for it. */
export class CurrentSpan {
  /** The first of the sorted ones, which are linked by `next`. Who takes it puts its next one here. */
  first = NONE
  /** The others, if they are many. */
  declare readonly crowd: EventHeap
  /** The last event that was looked ahead at: who takes it says so by {@link CurrentSpan.lookAhead}. {@link NO_SLOT} where there is none. */
  watched = NONE
  /** How many events had something to look at. Nobody needs it: but what nobody keeps the engine does not look at. */
  foreseen = 0
  declare private readonly store: EventStore
  private foresight: Foresight | undefined

  constructor(store: EventStore) {
    this.store = store
    this.crowd = new EventHeap(store)
  }

  /** Who knows what the events that are carried will need. */
  foreseenBy(foresight: Foresight): void {
    this.foresight = foresight
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
    let count = 1
    for (let slot = next; slot !== NONE; slot = next) {
      next = integers[(slot << 4) | NEXT]! & SLOT
      this.add(slot)
      count++
    }
    this.watched = NONE
    if (count >= AHEAD_MIN && this.foresight?.isForesightNeeded() === true) this.lookAhead(this.first)
  }

  /**
   * Looks at what the sorted events from `slot` on will need, one right after the other: the processor waits for the memory of all of them at
   * once, and not for each when its turn comes.
   */
  lookAhead(slot: number): void {
    const { integers } = this.store
    let last = NONE
    let found = 0
    for (let each = slot, left = AHEAD_MAX; each !== NONE && left > 0; left--) {
      if (integers[(each << 4) | KIND]! < 0 && this.foresight!.foresee(each)) found++
      last = each
      each = integers[(each << 4) | NEXT]!
    }
    this.foreseen = (this.foreseen + found) | 0
    this.watched = last
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
