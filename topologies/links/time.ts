// Times that a link or a run may have: beyond them a run's clock would end.

import type { z } from 'zod'
import { printQuantity } from '../../platform/units.ts'
import { quantity } from '../yaml/shape.ts'

const LONGEST_NS = 86_400e9
/** Fifty days, ns: a run’s clock ends somewhat later. */
export const LATEST_NS = 50 * LONGEST_NS

/** How long something may take on a link: up to a day. */
export const linkTime = bounded(LONGEST_NS)

/** When something may happen in a run: up to fifty days from its start, or from the event that it waits for: two of them fit into a run’s clock. */
export const runTime = bounded(LATEST_NS)

/** How long something is held back on a link: not no time at all. */
export const lastingLinkTime = bounded(LONGEST_NS, 1)

/** How long something is remembered or waited for: not no time at all. */
export const lasting = quantity('duration').check(({ value, issues }) => {
  if (value === 0) issues.push({ code: 'custom', message: 'a time above zero', input: value })
})

/** For how long somebody may ask to be registered: zero would be to ask to be forgotten (RFC 3261 §10.2.2). */
export const expiration = bounded(LATEST_NS, 1e9)

/** A duration from `least` to `most`, ns. */
export function bounded(most: number, least = 0): z.ZodType<number, string> {
  return quantity('duration').check((context) => {
    if (context.value >= least && context.value <= most) return
    const range =
      context.value > most
        ? `a duration of at most ${printQuantity('duration', most)}`
        : `a duration of at least ${printQuantity('duration', least)}`
    const message = `${range}, not ${printQuantity('duration', context.value)}`
    context.issues.push({ code: 'custom', message, input: context.value })
  })
}
