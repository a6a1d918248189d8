// How wide a wheel's spans are, and how many it has: fitted so that few events share a span, and few have to come down from a coarser wheel.

import type { Ticks } from './event.ts'

/** The least and the most lists of a fine wheel. */
export const SIZE_MIN = 256
const SIZE_MAX = 0x100000

/** Spans half as wide as the mean distance of events, a power of two; the present width where that is near. */
export function fittingWidth(meanGap: Ticks, present: Ticks): Ticks {
  const best = powerOfTwo(Math.max(meanGap / 2, 1))
  return isNear(best, present) ? present : best
}

/** Lists that together reach twice as far as events wait in the mean. */
export function fittingSize(meanGap: Ticks, width: Ticks, count: number): number {
  return powerOfTwo(Math.min(Math.max((2 * count * meanGap) / width, SIZE_MIN), SIZE_MAX))
}

/** Worth no change: from `least` to four times that. */
export function isNear(value: number, least: number): boolean {
  return least <= value && value <= least * 4
}

/** The smallest power of two that is not below `least`. */
function powerOfTwo(least: number): number {
  let power = 1
  while (power < least) power *= 2
  return power
}
