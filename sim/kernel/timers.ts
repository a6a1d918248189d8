// The pending timers: what each will call, and by which id it can be taken back. A timer goes by the record of its event, which is used again
// when it has ended; an id has a generation as well, so a stale one never reaches a stranger.

import type { Callback } from '../../platform/bell.ts'
import { I_NEXT, NO_SLOT } from './event.ts'
import type { EventStore } from './store.ts'

/** A timer's handle: 1 or more, never given out twice in a run. */
export type TimerId = number

// Folded into the code, as imports are not.
const NONE = NO_SLOT
const NEXT = I_NEXT
// A timer's id is generation × 2¹⁵ + slot × 2 or, for slots from 2¹⁴ on, generation × 2²⁷ + slot × 2 + 1: few timers have ids above 2³¹,
// each of which is an object to the engine.
const FEW_SLOTS = 0x4000
const FEW_BITS = 15
const FEW = 0x8000
const MANY = 0x8000000
const FEW_GENERATIONS = 0x10000
const SLOTS_MAX = 0x4000000
const LAST_GENERATION = 0x3ffffff

/** All pending timers of a run. */
export class Timers {
  private readonly store: EventStore
  /** By slot: what to call; undefined where no timer is. */
  private readonly callbacks: (Callback | undefined)[] = []
  /** By slot: how many timers it has been. */
  private generations = new Int32Array(0)
  private lastGeneration = 0
  /** The first record that is a timer's and free; its `next` is the next one. */
  private free = NONE

  /** `lastGeneration`: how often a record may be a timer's again, 0 to 2²⁶ − 1 (the default). */
  constructor(store: EventStore, lastGeneration = LAST_GENERATION) {
    this.store = store
    this.lastGeneration = lastGeneration
  }

  /**
   * A record for a timer's event: the one that ended last, so that a timer which is set anew when it fires has what it had. A timer's record
   * is never another event's again: there are as many as there were timers at once.
   */
  take(): number {
    const slot = this.free
    if (slot === NONE) return this.store.take()
    this.free = this.store.integers[(slot << 4) | NEXT]!
    return slot
  }

  /** Makes an event's record a timer's. */
  begin(slot: number, callback: Callback): TimerId {
    if (slot >= this.callbacks.length) this.grow()
    this.callbacks[slot] = callback
    return idOf(slot, this.generations[slot]!)
  }

  /** The record of a pending timer's event; {@link NO_SLOT} for an id that is dead or never was. */
  slotOf(id: TimerId): number {
    const slot = (id >> 1) & ((id & 1) === 0 ? FEW_SLOTS - 1 : SLOTS_MAX - 1)
    if (this.callbacks[slot] === undefined) return NONE
    return idOf(slot, this.generations[slot]!) === id ? slot : NONE
  }

  /** Gives a pending timer another callback, made of the one that it has, unless the making ends the timer. */
  change(id: TimerId, made: (callback: Callback) => Callback): void {
    const slot = this.slotOf(id)
    const callback = made(this.callbacks[slot]!)
    if (this.slotOf(id) !== NONE) this.callbacks[slot] = callback
  }

  /** Ends a timer, whose id is dead from now on, keeps its record for others, and gives what it was to call. */
  end(slot: number): Callback {
    const callback = this.callbacks[slot]!
    this.callbacks[slot] = undefined
    const generation = this.generations[slot]!
    this.generations[slot] = generation + 1
    // A record whose generations are used up is not given out again.
    if (generation < this.lastGeneration) {
      this.store.integers[(slot << 4) | NEXT] = this.free
      this.free = slot
    }
    return callback
  }

  /** The ids of all pending timers. For rare events: it looks at the whole table. */
  pending(): TimerId[] {
    return this.callbacks.flatMap((callback, slot) =>
      callback === undefined ? [] : [idOf(slot, this.generations[slot]!)],
    )
  }

  /** Makes room for a timer in every record that there is. */
  private grow(): void {
    const { capacity } = this.store
    while (this.callbacks.length < capacity) this.callbacks.push(undefined)
    const generations = new Int32Array(capacity)
    generations.set(this.generations)
    this.generations = generations
  }
}

function idOf(slot: number, generation: number): TimerId {
  if (slot >= FEW_SLOTS) return generation * MANY + slot * 2 + 1
  return generation < FEW_GENERATIONS ? (generation << FEW_BITS) | (slot << 1) : generation * FEW + slot * 2
}
