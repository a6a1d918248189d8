// The records of pending events: which are given out, and when they are used again.

import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { NO_SLOT } from '../../sim/kernel/event.ts'
import { EventStore } from '../../sim/kernel/store.ts'
import { add } from './slot.ts'

const GROUP = 16

test('it grows by doubling and keeps what it has', () => {
  const store = new EventStore(2)
  const slots = [5, 6, 7, 8, 9].map((at) => add(store, at))
  expect(slots).toEqual([1, 2, 3, 4, 5])
  expect(slots.map((slot) => store.doubles[slot * 8])).toEqual([5, 6, 7, 8, 9])
  expect(store.capacity).toBe(8)
})

test('it uses slots again before it grows', () => {
  const store = new EventStore(4)
  const [x, y] = [add(store, 1), add(store, 2)]
  store.release(x)
  store.release(y)
  expect([add(store, 3), add(store, 4), add(store, 5)].sort((a, b) => a - b)).toEqual([x, y, 3])
  expect(store.capacity).toBe(4)
})

test('what is taken one after the other and released in the same order stays in the order of memory, whatever ends early', () => {
  const store = new EventStore()
  const underWay: number[] = []
  const steps: number[] = []
  let last = NO_SLOT
  for (let sent = 0; sent < 20_000; sent++) {
    const slot = store.take()
    steps.push(slot - last)
    last = slot
    underWay.push(slot)
    if (underWay.length > 700) store.release(underWay.shift()!)
    // One in a hundred is lost half-way.
    if (sent % 100 === 99 && underWay.length > 400) store.release(underWay.splice(350, 1)[0]!)
  }
  const neighbours = steps.slice(-2000).filter((step) => step === 1).length
  expect(neighbours).toBeGreaterThan(2000 * (1 - 2 / GROUP))
  expect(store.capacity).toBe(1024)
})

test('groups of which one record stays taken are used for all that, before there are more', () => {
  const store = new EventStore(1024)
  const slots = Array.from({ length: 1023 }, () => store.take())
  for (const slot of slots) if (slot % GROUP !== 3) store.release(slot)
  const again = Array.from({ length: 1023 - 64 }, () => store.take())
  expect(again.some((slot) => slot % GROUP === 3)).toBe(false)
  expect([new Set(again).size, store.capacity]).toEqual([1023 - 64, 1024])
  store.take()
  expect(store.capacity).toBe(2048)
})

test('groups come again in the order in which they became free', () => {
  const store = new EventStore()
  const slots = Array.from({ length: 63 }, () => store.take())
  for (const group of [3, 1, 2]) for (const slot of slots) if (slot >> 4 === group) store.release(slot)
  const again = Array.from({ length: 48 }, () => store.take())
  expect(again.map((slot) => slot >> 4).filter((group, index, all) => group !== all[index - 1])).toEqual([3, 1, 2])
  expect([again[0], again[15], store.capacity]).toEqual([48, 63, 64])
})

test('a quarter of all records is used again before there are more, and less is not', () => {
  for (const [free, capacity] of [
    [16, 64],
    [15, 128],
  ] as const) {
    const store = new EventStore()
    const slots = Array.from({ length: 63 }, () => store.take())
    // Spread over all groups, so that none is free.
    for (let n = 0; n < free; n++) store.release(slots[(n * 37) % 63]!)
    store.take()
    expect(store.capacity).toBe(capacity)
  }
})

test('what is free in part is looked for once, until there is enough again', () => {
  const store = new EventStore()
  const slots = Array.from({ length: 63 }, () => store.take())
  const some = slots.filter((slot) => slot % 3 === 0)
  for (const slot of some) store.release(slot)
  expect(some.map(() => store.take()).sort((a, b) => a - b)).toEqual(some)
  expect(store.capacity).toBe(64)
  expect([store.take(), store.capacity]).toEqual([64, 128])
})

test('what was free in part when it grew is not forgotten', () => {
  const store = new EventStore()
  const slots = Array.from({ length: 63 }, () => store.take())
  for (let n = 0; n < 15; n++) store.release(slots[(n * 37) % 63]!)
  const more = Array.from({ length: 64 }, () => store.take())
  expect(store.capacity).toBe(128)
  for (let n = 0; n < 20; n++) store.release(more[(n * 37) % 64]!)
  for (let n = 0; n < 35; n++) store.take()
  expect(store.capacity).toBe(128)
})

law.prop([fc.array(fc.nat({ max: 99 }), { maxLength: 600 }), fc.integer({ min: 1, max: 99 })])(
  'no slot is given out that is taken, none is 0, and there are at most three times as many as were ever taken at once',
  (draws, takes) => {
    const store = new EventStore(2)
    const taken: number[] = []
    const known = new Set<number>()
    let most = 0
    for (const draw of draws) {
      if (draw < takes || taken.length === 0) {
        const slot = store.take()
        expect(slot).toBeGreaterThan(NO_SLOT)
        expect(slot).toBeLessThan(store.capacity)
        expect(known.has(slot)).toBe(false)
        known.add(slot)
        most = Math.max(most, taken.push(slot))
      } else {
        const [slot] = taken.splice((draw * 7919) % taken.length, 1)
        known.delete(slot!)
        store.release(slot!)
      }
    }
    expect(store.capacity).toBeLessThan(3 * (most + 2))
  },
)
