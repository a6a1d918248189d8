// Stories of the wheel's speed: it fits its spans to the pace of events, and the steps that this saves are counted. Where spans are too wide,
// events are compared; where they are too narrow, events wait in coarser wheels, and are moved when they come down.

import { describe, expect, test } from 'vitest'
import { RandomStreams } from '../../platform/random.ts'
import { N_UNTIL } from '../../sim/kernel/clock.ts'
import { I_PLACE, NO_SLOT } from '../../sim/kernel/event.ts'
import { TimingWheel } from '../../sim/kernel/wheel.ts'
import { add, take } from './slot.ts'

/**
 * A wheel with events in it, which counts its steps: each comparison of two events, and each event that is taken from another list than that
 * into which it was put. That is less than one for each event, where they find spans nearly empty, and near enough to wait there.
 */
class Held {
  readonly #wheel = new TimingWheel()
  readonly #store = this.#wheel.store
  /** By slot: the list into which its event was put. */
  readonly #places: number[] = []
  #steps = 0
  #now = 0
  #sequence = 0

  constructor() {
    const isBefore = this.#store.isBefore.bind(this.#store)
    this.#store.isBefore = (x, y) => {
      this.#steps++
      return isBefore(x, y)
    }
    this.#wheel.clock[N_UNTIL] = Number.POSITIVE_INFINITY
  }

  /** Gives the steps that this takes: none, for those that are not due in the current span. */
  add(count: number, delay: () => number): number {
    const before = this.#steps
    for (let i = 0; i < count; i++) {
      const slot = add(this.#store, this.#now + delay(), this.#sequence++)
      this.#wheel.add(slot)
      this.#places[slot] = this.#placeOf(slot)
    }
    return this.#steps - before
  }

  /** Nothing is due in so many ticks. */
  wait(ticks: number): void {
    this.#now += ticks
    this.#wheel.clock[N_UNTIL] = this.#now
    expect(take(this.#wheel)).toBe(NO_SLOT)
    this.#wheel.clock[N_UNTIL] = Number.POSITIVE_INFINITY
  }

  /** Takes the first event and adds another, `times` times. Steps for each. */
  hold(times: number, delay: () => number): number {
    const before = this.#steps
    for (let time = 0; time < times; time++) {
      const slot = take(this.#wheel)
      if (slot === NO_SLOT) expect.unreachable('an event is due')
      if (this.#placeOf(slot) !== this.#places[slot]) this.#steps++
      this.#now = this.#store.doubles[slot * 8]!
      this.#store.release(slot)
      this.add(1, delay)
    }
    return (this.#steps - before) / times
  }

  #placeOf(slot: number): number {
    return this.#store.integers[slot * 16 + I_PLACE]!
  }
}

describe('the wheel tunes itself', () => {
  const random = new RandomStreams('stories').take('tuning')
  test.each([
    [500, 40],
    [500, 1e4],
    [500, 1e7],
    [500, 1e12],
    [50, 40],
    [50, 1e7],
  ])('to %d events that come every %d ticks', (count, gap) => {
    const held = new Held()
    const delay = (): number => Math.floor(random.double() * 2 * count * gap)
    held.add(count, delay)
    held.hold(3000, delay)
    expect(held.hold(2000, delay)).toBeLessThan(0.6)
  })

  test('to another pace, and to more events', () => {
    const held = new Held()
    const slow = (): number => Math.floor(random.double() * 1e12)
    const fast = (): number => 1000 + Math.floor(random.double() * 1e6)
    held.add(100, slow)
    held.hold(3000, slow)
    held.add(2000, fast)
    held.hold(5000, fast)
    expect(held.hold(3000, fast)).toBeLessThan(1)
  })

  test('where no event comes late, too: soon others find spans of their own', () => {
    const held = new Held()
    const far = (): number => 2000 + Math.floor(random.double() * 36_000)
    const near = (): number => 200 + Math.floor(random.double() * 800)
    held.add(250, far)
    held.hold(3000, far)
    expect(held.add(20, near)).toBe(0)
  })

  test('but not to a few: after a long pause, too, events find spans of their own', () => {
    const held = new Held()
    const delay = (): number => Math.floor(random.double() * 1e6)
    held.add(50, delay)
    held.hold(2300, delay)
    held.hold(100, () => 1e4 * delay())
    let next = 0
    expect(held.add(20, () => ++next * 30_000)).toBe(0)
  })

  test('and where it cannot, an event costs what it costs in a heap', () => {
    const held = new Held()
    held.add(5000, () => 5)
    expect(held.hold(5000, () => 1)).toBeLessThan(60)
  })
})

test.each([20_000, 40_000])(
  'a wheel never looks further than it is asked: what comes before the event that is next, in %d ticks, finds its span',
  (far) => {
    const held = new Held()
    held.add(1, () => far)
    held.wait(1)
    let next = 0
    expect(held.add(15, () => ++next * 1024)).toBe(0)
    expect(held.hold(16, () => 1e6)).toBe(0)
  },
)
