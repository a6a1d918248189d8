// Rates that send something before the run is over.

import { printQuantity } from '../../platform/units.ts'
import { quantity } from '../yaml/shape.ts'

/** The least rate, bit/s: a packet of usual size takes two minutes. */
export const LEAST_BPS = 100

/** A rate of at least 100 bps. */
export const positiveRate = quantity('rate').check((context) => {
  if (context.value >= LEAST_BPS) return
  const message =
    context.value === 0
      ? 'a rate above 0; a link that sends nothing is cut'
      : `a rate of at least ${LEAST_BPS} bps, not ${printQuantity('rate', context.value)}`
  context.issues.push({ code: 'custom', message, input: context.value })
})
