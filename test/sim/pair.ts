// The wheel and the heap side by side, lived through phases of different habits: what the one gives, the other must give.

import { expect } from 'vitest'
import type { RandomStream } from '../../platform/random.ts'
import { N_UNTIL } from '../../sim/kernel/clock.ts'
import { I_KIND, NO_SLOT, REMOVABLE_KIND } from '../../sim/kernel/event.ts'
import { EventHeap } from '../../sim/kernel/heap.ts'
import { EventStore } from '../../sim/kernel/store.ts'
import { TimingWheel } from '../../sim/kernel/wheel.ts'
import { add, take } from './slot.ts'

const FIXED = 1

/** The wheel and the heap side by side: every event is in both, and whatever the one gives the other must give. */
export class Pair {
  readonly #wheel = new TimingWheel()
  readonly #store = this.#wheel.store
  readonly #other = new EventStore()
  readonly #heap = new EventHeap(this.#other)
  readonly #held: number[] = []
  readonly #places: number[] = []
  #sequence = 0
  #takes = 0
  now = 0

  get held(): number {
    return this.#held.length
  }

  add(delay: number): void {
    const at = this.now + delay
    const kind = this.#sequence % 3 === 0 ? FIXED : REMOVABLE_KIND
    const slot = add(this.#store, at, this.#sequence, kind)
    add(this.#other, at, this.#sequence++, kind)
    this.#wheel.add(slot)
    this.#heap.add(slot)
    this.#places[slot] = this.#held.push(slot) - 1
  }

  cancel(which: number): void {
    if (this.held > 0) this.#cancelSlot(this.#held[which % this.held]!)
  }

  /** Cancels one of the events that come next, within so many ticks of the first. */
  cancelNear(which: number, ticks: number): void {
    const { doubles } = this.#other
    const end = doubles[this.#heap.first * 8]! + ticks
    const near = this.#held.filter((slot) => doubles[slot * 8]! < end)
    if (near.length > 0) this.#cancelSlot(near[which % near.length]!)
  }

  /** One in three cannot be taken back. */
  #cancelSlot(slot: number): void {
    if (this.#store.integers[slot * 16 + I_KIND] === FIXED) return
    this.#wheel.remove(slot)
    this.#drop(slot)
  }

  #drop(slot: number): void {
    const last = this.#held.pop()!
    const place = this.#places[slot]!
    if (last !== slot) this.#held[place] = last
    this.#places[last] = place
    this.#heap.remove(slot)
    this.#store.release(slot)
    this.#other.release(slot)
  }

  /** False if nothing was due by `until`. */
  take(until: number): boolean {
    const least = this.#heap.first
    const due = least !== NO_SLOT && this.#other.doubles[least * 8]! <= until ? least : NO_SLOT
    this.#wheel.clock[N_UNTIL] = until
    // Not each time, since what was looked at is taken in another way.
    if (this.#takes++ % 2 === 0 && this.#wheel.first() !== due) expect(this.#wheel.first()).toBe(due)
    const taken = take(this.#wheel)
    if (taken !== due) expect(taken).toBe(due)
    if (this.#wheel.count !== this.held - (due === NO_SLOT ? 0 : 1)) expect.unreachable('count')
    if (due === NO_SLOT) {
      if (until < Number.POSITIVE_INFINITY) this.now = until
      return false
    }
    this.now = this.#other.doubles[due * 8]!
    this.#drop(due)
    return true
  }
}

export interface Phase {
  readonly steps: number
  /** Ticks between events, about. */
  readonly scale: number
  /** What the phase does beside taking and adding: more, fewer, bursts of equal times, short slices, timers cancelled. */
  readonly habit: 'hold' | 'grow' | 'shrink' | 'burst' | 'slice' | 'cancel' | 'thin'
}

export function play(pair: Pair, { steps, scale, habit }: Phase, random: RandomStream): void {
  const delay = (): number => Math.floor(random.next() * random.next() * scale)
  for (let step = 0; step < steps; step++) {
    switch (habit) {
      case 'hold':
        pair.take(Number.POSITIVE_INFINITY)
        pair.add(delay())
        break
      case 'grow':
        pair.add(delay())
        break
      case 'shrink':
        pair.take(Number.POSITIVE_INFINITY)
        break
      case 'burst': {
        const at = delay()
        for (let i = random.below(80); i > 0; i--) pair.add(at)
        for (let i = random.below(80); i > 0; i--) pair.take(Number.POSITIVE_INFINITY)
        break
      }
      case 'slice':
        pair.take(pair.now + Math.floor(delay() / 10))
        if (random.chance(0.3)) pair.add(delay())
        break
      case 'thin':
        pair.take(Number.POSITIVE_INFINITY)
        for (let i = random.below(4); i > 0; i--) pair.cancelNear(random.below(0x100000), 1000)
        break
      case 'cancel':
        pair.add(delay())
        pair.cancel(random.below(0x100000))
        if (random.chance(0.1)) pair.take(Number.POSITIVE_INFINITY)
    }
  }
}
