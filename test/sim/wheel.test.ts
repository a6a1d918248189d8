// The queue and what it is made of: slots and ids, the heap, and the wheel, which must give what the heap gives.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type RandomStream, RandomStreams } from '../../platform/random.ts'
import { DELIVERY, EventStore, NO_SLOT } from '../../sim/kernel/event.ts'
import { EventHeap } from '../../sim/kernel/heap.ts'
import { TimingWheel } from '../../sim/kernel/wheel.ts'
import { runs } from './runs.ts'

function add(store: EventStore, at: number, sequence = 0): number {
  return store.add(at, DELIVERY, 0, 0, sequence, 0, 0, 0)
}

describe('the store', () => {
  test('grows by doubling and keeps what it has', () => {
    const store = new EventStore(2)
    const slots = [5, 6, 7, 8, 9].map((at) => add(store, at))
    expect(slots).toEqual([1, 2, 3, 4, 5])
    expect(slots.map((slot) => store.doubles[slot * 8])).toEqual([5, 6, 7, 8, 9])
    expect(store.capacity).toBe(8)
  })

  test('uses slots again, the last one first, under new ids', () => {
    const store = new EventStore(4)
    const [x, y] = [add(store, 1), add(store, 2)]
    const ids = [store.idOf(x), store.idOf(y)]
    store.remove(x)
    store.remove(y)
    expect([add(store, 3), add(store, 4), add(store, 5)]).toEqual([y, x, 3])
    expect(ids.map((id) => store.slotOf(id))).toEqual([NO_SLOT, NO_SLOT])
    expect(store.slotOf(store.idOf(x))).toBe(x)
    expect(new Set([...ids, store.idOf(x), store.idOf(y)]).size).toBe(4)
    expect(store.capacity).toBe(4)
  })

  test('gives a slot up when its generations are used up', () => {
    const store = new EventStore(2, 1)
    const ids: number[] = []
    const slots = [0, 1].map(() => {
      const slot = add(store, 1)
      ids.push(store.idOf(slot))
      store.remove(slot)
      return slot
    })
    expect(slots).toEqual([1, 1])
    expect(add(store, 1)).toBe(2)
    expect(ids.map((id) => store.slotOf(id))).toEqual([NO_SLOT, NO_SLOT])
  })
})

/** Takes everything out of the heap. */
function drain(store: EventStore, heap: EventHeap): number[] {
  const times: number[] = []
  for (let slot = heap.first; slot !== NO_SLOT; slot = heap.first) {
    times.push(store.doubles[slot * 8]!)
    heap.remove(slot)
  }
  return times
}

describe('the heap', () => {
  law.prop([fc.array(fc.nat(100), { maxLength: 300, size: 'max' }), fc.array(fc.nat(), { maxLength: 50 })])(
    'sorts, whichever events are taken out before',
    (times, out) => {
      const store = new EventStore()
      const heap = new EventHeap(store)
      const held = times.map((at, i) => add(store, at, i))
      for (const slot of held) heap.add(slot)
      for (const which of out.slice(0, times.length)) heap.remove(held.splice(which % held.length, 1)[0]!)
      expect(heap.size).toBe(held.length)
      expect(drain(store, heap)).toEqual(held.map((slot) => store.doubles[slot * 8]!).sort((x, y) => x - y))
      expect([heap.first, heap.size]).toEqual([NO_SLOT, 0])
    },
  )
})

/** The wheel and the heap side by side: every event is in both, and whatever the one gives the other must give. */
class Pair {
  readonly #store = new EventStore()
  readonly #other = new EventStore()
  readonly #wheel = new TimingWheel(this.#store)
  readonly #heap = new EventHeap(this.#other)
  readonly #held: number[] = []
  readonly #places: number[] = []
  #sequence = 0
  now = 0

  get held(): number {
    return this.#held.length
  }

  add(delay: number): void {
    const at = this.now + delay
    const slot = add(this.#store, at, this.#sequence)
    add(this.#other, at, this.#sequence++)
    this.#wheel.add(slot)
    this.#heap.add(slot)
    this.#places[slot] = this.#held.push(slot) - 1
  }

  cancel(which: number): void {
    if (this.held === 0) return
    const slot = this.#held[which % this.held]!
    this.#wheel.remove(slot)
    this.#drop(slot)
  }

  #drop(slot: number): void {
    const last = this.#held.pop()!
    const place = this.#places[slot]!
    if (last !== slot) this.#held[place] = last
    this.#places[last] = place
    this.#heap.remove(slot)
    this.#store.remove(slot)
    this.#other.remove(slot)
  }

  /** False if nothing was due by `until`. */
  take(until: number): boolean {
    const least = this.#heap.first
    const due = least !== NO_SLOT && this.#other.doubles[least * 8]! <= until ? least : NO_SLOT
    if (this.#wheel.first(until) !== due) expect(this.#wheel.first(until)).toBe(due)
    this.#wheel.until[0] = until
    const taken = this.#wheel.take()
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

interface Phase {
  readonly steps: number
  /** Ticks between events, about. */
  readonly scale: number
  /** What the phase does beside taking and adding: more, fewer, bursts of equal times, short slices, timers cancelled. */
  readonly habit: 'hold' | 'grow' | 'shrink' | 'burst' | 'slice' | 'cancel'
}

function play(pair: Pair, { steps, scale, habit }: Phase, random: RandomStream): void {
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
      case 'cancel':
        pair.add(delay())
        pair.cancel(random.below(0x100000))
        if (random.chance(0.1)) pair.take(Number.POSITIVE_INFINITY)
    }
  }
}

describe('the wheel', () => {
  const phase = fc.record({
    steps: fc.constantFrom(100, 1500, 4000),
    scale: fc.constantFrom(2, 1000, 1e6, 1e9, 1e13),
    habit: fc.constantFrom<Phase['habit']>('hold', 'grow', 'shrink', 'burst', 'slice', 'cancel'),
  })
  law.prop([fc.array(phase, { minLength: 2, maxLength: 6 }), fc.string()], { numRuns: runs(40) })(
    'gives what the heap gives, through phases of every scale and habit',
    (phases, seed) => {
      const pair = new Pair()
      const random = new RandomStreams(seed).take('phases')
      for (const one of phases) play(pair, one, random)
      while (pair.take(Number.POSITIVE_INFINITY));
      expect(pair.held).toBe(0)
    },
  )
})
