// The hold model: the queue keeps its size, each event plans the next. The kernel, its five keys, checks and dispatch included, beside npm
// tinyqueue with two keys and nothing else.

import TinyQueue from 'tinyqueue'
import { RandomStreams } from '../platform/random.ts'
import { DELIVERY } from '../sim/kernel/event.ts'
import { Kernel } from '../sim/kernel/kernel.ts'
import { type BenchRow, compare, cpuSeconds } from './row.ts'

const OPERATIONS = 1_000_000
const STEPS_MASK = 0xffff
const MEAN_STEP_TICKS = 1_000_000

/** Holds per CPU second with 10², 10⁴ and 10⁶ events pending; each in a process of its own, as all rows are. */
export const holds: readonly BenchRow[] = [100, 10_000, 1_000_000].map((size) => ({
  name: `hold-${size}`,
  group: 'hold',
  what: `event queue under the hold model with ${size} events, beside tinyqueue`,
  measure: () => [compare(`hold ${size}`, 'operations per CPU second', kernelRate(size), tinyqueueRate(size))],
}))

// Exponential steps, the same for both.
const draws = new RandomStreams('hold').take('steps')
const steps = Float64Array.from(
  { length: STEPS_MASK + 1 },
  () => 1 + Math.floor(-Math.log(1 - draws.next()) * MEAN_STEP_TICKS),
)

function kernelRate(size: number): () => number {
  const kernel = new Kernel()
  kernel.rank(['node'])
  let step = 0
  const kind = kernel.on(() => {
    step = (step + 1) & STEPS_MASK
    kernel.due[0] = kernel.now + steps[step]!
    kernel.scheduleDue(DELIVERY, 0, 0, kernel.nextSequence(0), kind, 0, 0)
  })
  for (let i = 0; i < size; i++) {
    kernel.schedule(1 + i + steps[i & STEPS_MASK]!, DELIVERY, 0, 0, kernel.nextSequence(0), kind, 0, 0)
  }
  return () => OPERATIONS / cpuSeconds(() => kernel.run(Number.POSITIVE_INFINITY, OPERATIONS))
}

interface Held {
  at: number
  sequence: number
}

/** The least that a queue of this kind can do: two keys, and the event taken out is put back. To be made faster only, never slower. */
function tinyqueueRate(size: number): () => number {
  const first = Array.from({ length: size }, (_, i) => ({ at: 1 + i + steps[i & STEPS_MASK]!, sequence: i }))
  const queue = new TinyQueue<Held>(first, (x, y) => x.at - y.at || x.sequence - y.sequence)
  let step = 0
  let sequence = size
  return () =>
    OPERATIONS /
    cpuSeconds(() => {
      for (let i = 0; i < OPERATIONS; i++) {
        const event = queue.pop()!
        step = (step + 1) & STEPS_MASK
        event.at += steps[step]!
        event.sequence = sequence++
        queue.push(event)
      }
    })
}
