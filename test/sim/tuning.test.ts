// Stories of the wheel's speed: it fits its spans to the pace of events, and the comparisons of two events that this saves are counted.

import { describe, expect, test } from 'vitest'
import { RandomStreams } from '../../platform/random.ts'
import { N_UNTIL } from '../../sim/kernel/clock.ts'
import { NO_SLOT } from '../../sim/kernel/event.ts'
import { TimingWheel } from '../../sim/kernel/wheel.ts'
import { add } from './slot.ts'

/** A wheel with events in it, which counts how often two events are compared: less than once for each, where they find their spans nearly empty. */
class Held {
  readonly #wheel = new TimingWheel()
  readonly #store = this.#wheel.store
  #comparisons = 0
  #now = 0
  #sequence = 0

  constructor() {
    const isBefore = this.#store.isBefore.bind(this.#store)
    this.#store.isBefore = (x, y) => {
      this.#comparisons++
      return isBefore(x, y)
    }
    this.#wheel.clock[N_UNTIL] = Number.POSITIVE_INFINITY
  }

  /** Gives the comparisons that this takes: none, for those that are not due in the current span. */
  add(count: number, delay: () => number): number {
    const before = this.#comparisons
    for (let i = 0; i < count; i++) this.#wheel.add(add(this.#store, this.#now + delay(), this.#sequence++))
    return this.#comparisons - before
  }

  /** Nothing is due in so many ticks. */
  wait(ticks: number): void {
    this.#now += ticks
    this.#wheel.clock[N_UNTIL] = this.#now
    expect(this.#wheel.take()).toBe(NO_SLOT)
    this.#wheel.clock[N_UNTIL] = Number.POSITIVE_INFINITY
  }

  /** Takes the first event and adds another, `steps` times. Comparisons per step. */
  hold(steps: number, delay: () => number): number {
    const before = this.#comparisons
    for (let step = 0; step < steps; step++) {
      const slot = this.#wheel.take()
      if (slot === NO_SLOT) expect.unreachable('an event is due')
      this.#now = this.#store.doubles[slot * 8]!
      this.#store.release(slot)
      this.add(1, delay)
    }
    return (this.#comparisons - before) / steps
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
    expect(held.hold(2000, delay)).toBeLessThan(1)
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
