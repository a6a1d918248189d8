// The hold model: the queue keeps its size, each event plans the next. The kernel beside npm tinyqueue doing the same job as it is
// mostly used: an object per event, the same total order, a handler found by the event's kind.

import TinyQueue from 'tinyqueue'
import { RandomStreams } from '../platform/random.ts'
import { DELIVERY } from '../sim/kernel/event.ts'
import { Kernel } from '../sim/kernel/kernel.ts'
import { type BenchRow, compare, cpuSeconds } from './row.ts'

const OPERATIONS = 1_000_000
const STEPS_MASK = 0xffff
const MEAN_STEP_TICKS = 1_000_000

/** Holds per CPU second with 10², 10⁴ and 10⁶ events pending. */
export const hold: BenchRow = {
  name: 'hold',
  what: 'event queue under the hold model, beside tinyqueue',
  measure: () =>
    [100, 10_000, 1_000_000].map((size) =>
      compare(`hold ${size}`, 'operations per CPU second', kernelRate(size), tinyqueueRate(size)),
    ),
}

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
    kernel.schedule(kernel.now + steps[step]!, DELIVERY, 0, 0, kernel.nextSequence(0), kind, 0, 0)
  })
  for (let i = 0; i < size; i++) {
    kernel.schedule(1 + i + steps[i & STEPS_MASK]!, DELIVERY, 0, 0, kernel.nextSequence(0), kind, 0, 0)
  }
  return () => OPERATIONS / cpuSeconds(() => kernel.run(Number.POSITIVE_INFINITY, OPERATIONS))
}

interface Held {
  readonly at: number
  readonly order: number
  readonly destination: number
  readonly source: number
  readonly sequence: number
  readonly kind: number
}

function compareHeld(x: Held, y: Held): number {
  return (
    x.at - y.at || x.order - y.order || x.destination - y.destination || x.source - y.source || x.sequence - y.sequence
  )
}

function tinyqueueRate(size: number): () => number {
  let sequence = 0
  let step = 0
  let now = 0
  const event = (at: number): Held => ({ at, order: 2, destination: 0, source: 0, sequence: sequence++, kind: 0 })
  const queue = new TinyQueue<Held>(
    Array.from({ length: size }, (_, i) => event(1 + i + steps[i & STEPS_MASK]!)),
    compareHeld,
  )
  const handlers = [
    () => {
      step = (step + 1) & STEPS_MASK
      queue.push(event(now + steps[step]!))
    },
  ]
  return () =>
    OPERATIONS /
    cpuSeconds(() => {
      for (let i = 0; i < OPERATIONS; i++) {
        const { at, kind } = queue.pop()!
        now = at
        handlers[kind]!()
      }
    })
}
