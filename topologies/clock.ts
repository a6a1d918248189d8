// A host's own clock as a file writes it: how much faster than true time it runs, and what it shows at the start.

import { quantity, shape } from './yaml/shape.ts'

const [SLOWEST, FASTEST] = [-0.999, 1000]

/** How much faster than true time a clock runs: from −99.9 % (a thousand times slower) to 100000 % (about a thousand times faster). */
export const drift = quantity('ratio', true).check((context) => {
  if (context.value >= SLOWEST && context.value <= FASTEST) return
  context.issues.push({ code: 'custom', message: 'a drift from -99.9 % to 100000 %', input: context.value })
})

/** How a host's own clock goes wrong. */
export const clock = shape({
  drift: drift.default(0),
  /** What it shows at the run's start. */
  offset: quantity('duration', true).default(0),
})
