// Laws of the queue: the heap sorts, and the wheel gives what the heap gives.

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { RandomStreams } from '../../platform/random.ts'
import { NO_SLOT } from '../../sim/kernel/event.ts'
import { EventHeap } from '../../sim/kernel/heap.ts'
import { EventStore } from '../../sim/kernel/store.ts'
import { Pair, type Phase, play } from './pair.ts'
import { runs } from './runs.ts'
import { add } from './slot.ts'

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
  test.prop([fc.array(fc.nat(100), { maxLength: 300, size: 'max' }), fc.array(fc.nat(), { maxLength: 50 })])(
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

describe('the wheel', () => {
  const phase = fc.record({
    steps: fc.constantFrom(100, 1200, 2500),
    scale: fc.constantFrom(2, 1000, 1e6, 1e9, 1e13),
    habit: fc.constantFrom<Phase['habit']>('hold', 'grow', 'shrink', 'burst', 'slice', 'cancel', 'thin'),
  })
  test.prop([fc.array(phase, { minLength: 2, maxLength: 6 }), fc.string()], { numRuns: runs(25) })(
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
