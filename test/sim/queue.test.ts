// Stories of the queue and what it is made of: slots, the timers' ids, and the wheel through phases written `hold 1500 @ 1000`: what is
// done, how often, and how many ticks there are between events, about.

import { describe, expect, test } from 'vitest'
import { RandomStreams } from '../../platform/random.ts'
import { NO_SLOT } from '../../sim/kernel/event.ts'
import { EventHeap } from '../../sim/kernel/heap.ts'
import { EventStore } from '../../sim/kernel/store.ts'
import { Timers } from '../../sim/kernel/timers.ts'
import { Pair, type Phase, play } from './pair.ts'
import { add } from './slot.ts'

test('no event is before itself, nor before one that is equal', () => {
  const store = new EventStore()
  const [x, y, z] = [add(store, 5, 1), add(store, 5, 1), add(store, 5, 2)]
  expect([store.isBefore(x, x), store.isBefore(x, y), store.isBefore(y, x)]).toEqual([false, false, false])
  expect([store.isBefore(x, z), store.isBefore(z, x)]).toEqual([true, false])
})

describe('the heap', () => {
  test.each([7, 50, 1000])('of %d events gives them in order, whichever are taken out of its midst', (count) => {
    const random = new RandomStreams('stories').take(`heap of ${count}`)
    const store = new EventStore()
    const heap = new EventHeap(store)
    const held: number[] = []
    for (let i = 0; i < count; i++) held.push(add(store, random.below(10 * count), i))
    for (const slot of held) heap.add(slot)
    for (let i = 0; i < count >> 1; i++) heap.remove(held.splice(random.below(held.length), 1)[0]!)
    expectInOrder(store, heap, held)
  })

  test('with a late branch beside an early one takes nothing from the one for the other', () => {
    const store = new EventStore()
    const heap = new EventHeap(store)
    const early: Record<number, number> = { 0: 0, 1: 100, 2: 5, 8: 101, 9: 6, 37: 7 }
    const held = Array.from({ length: 200 }, (_, position) => add(store, early[position] ?? 1000 + position))
    for (const slot of held) heap.add(slot)
    heap.remove(held.splice(8, 1)[0]!)
    expectInOrder(store, heap, held)
  })

  function expectInOrder(store: EventStore, heap: EventHeap, held: readonly number[]): void {
    expect(heap.size).toBe(held.length)
    const times = held.map((slot) => store.doubles[slot * 8]!).sort((x, y) => x - y)
    const given = times.map(() => {
      const { first } = heap
      heap.remove(first)
      return store.doubles[first * 8]!
    })
    expect(given).toEqual(times)
    expect([heap.size, heap.first]).toEqual([0, NO_SLOT])
  }
})

describe('the timers', () => {
  const [x, y] = [() => {}, () => {}]

  test('use records again, the last one first, under new ids', () => {
    const store = new EventStore(2)
    const timers = new Timers(store)
    const ids = [timers.begin(timers.take(), x), timers.begin(timers.take(), y)]
    expect(ids.map((id) => timers.slotOf(id))).toEqual([1, 2])
    expect([1, 2].map((slot) => timers.end(slot))).toEqual([x, y])
    const others = [y, x, x].map((callback) => timers.begin(timers.take(), callback))
    expect(others.map((id) => timers.slotOf(id))).toEqual([2, 1, 3])
    expect(ids.map((id) => timers.slotOf(id))).toEqual([NO_SLOT, NO_SLOT])
    expect(new Set([...ids, ...timers.pending()]).size).toBe(5)
  })

  test('keep the records that were theirs: another event has another', () => {
    const store = new EventStore(2)
    const timers = new Timers(store)
    const slot = timers.take()
    timers.begin(slot, x)
    timers.end(slot)
    expect(store.take()).not.toBe(slot)
    expect(timers.take()).toBe(slot)
  })

  test('know the records of their events among others, and their number grows', () => {
    const store = new EventStore(2)
    const timers = new Timers(store)
    const slots = Array.from({ length: 200 }, () => {
      store.take()
      return store.take()
    })
    const ids = slots.map((slot) => timers.begin(slot, x))
    expect(ids.map((id) => timers.slotOf(id))).toEqual(slots)
    expect(timers.pending()).toEqual(ids)
    timers.change(ids[7]!, () => y)
    expect(slots.slice(6, 9).map((slot) => timers.end(slot))).toEqual([x, y, x])
    expect(timers.pending().length).toBe(197)
  })

  test.each([
    [1, 0x3fff], // the records that have the short ids
    [0x4000, 0x4005],
  ])('never give an id twice, of records %i to %i, however often they are used', (first, last) => {
    const store = new EventStore(2)
    const timers = new Timers(store)
    for (let slot = 1; slot < first; slot++) store.take()
    const slots = Array.from({ length: last - first + 1 }, () => timers.take()).filter(
      (_, i) => i < 2 || i > last - first - 2,
    )
    const ids = new Set<number>()
    for (let generation = 0; generation < 0x10004; generation++) {
      for (const slot of slots) {
        const id = timers.begin(slot, x)
        if (timers.slotOf(id) !== slot) throw new Error(`${id} is not ${slot}`)
        timers.end(slot)
        if (timers.slotOf(id) !== NO_SLOT) throw new Error(`${id} lives on`)
        ids.add(id)
      }
    }
    expect(ids.size).toBe(slots.length * 0x10004)
    expect([...ids].every((id) => Number.isSafeInteger(id) && id >= 1)).toBe(true)
  })

  test('give a record up when its generations are used up', () => {
    const store = new EventStore(2)
    const timers = new Timers(store, 1)
    const ids = [0, 1].map(() => {
      const id = timers.begin(timers.take(), x)
      timers.end(timers.slotOf(id))
      return id
    })
    expect(timers.take()).toBe(2)
    expect(ids.map((id) => timers.slotOf(id))).toEqual([NO_SLOT, NO_SLOT])
    expect([0, 1.5, 7, 1e15].map((id) => timers.slotOf(id))).toEqual([0, 0, 0, 0])
  })
})

describe('the wheel gives what the heap gives', () => {
  const stories = [
    'hold 300 @ 1000000',
    'hold 300 @ 2, hold 300 @ 10000000000000',
    'grow 1500 @ 1000, hold 1500 @ 1000, shrink 1500 @ 1',
    'grow 400 @ 1000000000, cancel 800 @ 1000000000, shrink 400 @ 1',
    'grow 200 @ 10000000000000, slice 600 @ 1000000, slice 600 @ 1000000000000',
    'grow 600 @ 250000, cancel 900 @ 250000, shrink 700 @ 1',
    'grow 900 @ 100000, thin 300 @ 1',
    'grow 300 @ 3000, thin 60 @ 1, grow 300 @ 3000, thin 200 @ 1',
    'burst 40 @ 100, burst 40 @ 100000000',
    'grow 300 @ 2000, slice 900 @ 2000, cancel 500 @ 3',
    'grow 1300 @ 400000, hold 3000 @ 400000',
    'grow 1300 @ 16000, hold 3000 @ 16000',
    'hold 1200 @ 1000000000000, hold 1200 @ 10, hold 1200 @ 1000000',
  ]
  test.each(stories)('%s', (story) => {
    const pair = new Pair()
    const random = new RandomStreams('stories').take(story)
    for (const phase of story.split(', ').map(parsePhase)) play(pair, phase, random)
    while (pair.take(Number.POSITIVE_INFINITY));
    expect(pair.held).toBe(0)
  })
})

test.each([261_119, 262_143, 262_144, 262_145, 67_108_863, 67_108_864, 67_108_865])(
  'an event at the edge of a wheel, %d ticks away, waits its turn',
  (edge) => {
    const pair = new Pair()
    for (const delay of [edge, 5000, edge - 2000, edge + 2000]) pair.add(delay)
    while (pair.take(Number.POSITIVE_INFINITY));
    expect(pair.held).toBe(0)
  },
)

function parsePhase(text: string): Phase {
  const [habit, steps, , scale] = text.split(' ')
  return { habit: habit as Phase['habit'], steps: Number(steps), scale: Number(scale) }
}
