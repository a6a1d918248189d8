// How a link's delay varies, as a topology writes it: `5 ms`, or a law with its numbers.

import { z } from 'zod'
import { failure } from '../../platform/result.ts'
import { parseQuantity } from '../../platform/units.ts'
import type { DelayLaw } from '../../sim/network/laws/delay.ts'
import type { Jitter as SimulatedJitter } from '../../sim/network/medium.ts'
import { checked, shape } from '../yaml/shape.ts'
import { ratio } from './ratio.ts'
import { linkTime } from './time.ts'

const duration = linkTime

const MANNER = {
  /** How much each draw resembles the one before it. */
  correlation: ratio.default(0),
  /** True where packets may overtake each other. */
  reorders: z.boolean().default(false),
}

/** Delays in ms, one after the other: what a column of a CSV file is, pasted as a block of text. */
const column = checked('delays in ms, such as 1.5, 2, 2.25', (text) => {
  const numbers = numbersIn(text)
  return typeof numbers === 'string' ? numbers : undefined
})

const law = z.discriminatedUnion('law', [
  shape({ law: z.literal('uniform'), spread: duration, ...MANNER }),
  shape({ law: z.literal('normal'), deviation: duration, ...MANNER }),
  shape({ law: z.literal('pareto'), deviation: duration, ...MANNER }),
  shape({ law: z.literal('pareto-normal'), deviation: duration, ...MANNER }),
  /** Log-normal, and `delay` is the least: mean and deviation of what comes on top of it. */
  shape({ law: z.literal('right-skewed'), mean: duration, deviation: duration, ...MANNER }),
  /** Each packet takes one of these on top of `delay`, each as likely as another. */
  shape({ law: z.literal('measured'), values: z.union([z.array(duration).min(1), column]), ...MANNER }),
])

/** Beyond `delay`: `5 ms` at most, evenly, in order; `{ most: 5 ms, reorders: true }`; or a law around `delay`. */
export const jitter = z.union([duration, shape({ most: duration, reorders: z.boolean().default(false) }), law])

type Written = z.output<typeof jitter>

/** The jitter as the simulator takes it. */
export function jitterOf(written: Written): SimulatedJitter {
  if (typeof written === 'number') return { mostNs: written }
  if (!('law' in written)) return { mostNs: written.most, reorders: written.reorders }
  const { correlation, reorders } = written
  return { law: lawOf(written), correlation, reorders }
}

/** By how much a packet may be early, ns: what the laws can take away from a link's delay. */
export function earliestNs(written: Written | undefined): number {
  if (typeof written !== 'object' || !('law' in written)) return 0
  switch (written.law) {
    case 'uniform':
      return written.spread
    case 'pareto':
      return written.deviation
    case 'normal':
    case 'pareto-normal':
      return Number.POSITIVE_INFINITY
    default:
      return 0
  }
}

function lawOf(written: Extract<Written, { law: string }>): DelayLaw {
  switch (written.law) {
    case 'uniform':
      return { law: 'uniform', spreadNs: written.spread }
    case 'right-skewed':
      return { law: 'right-skewed', meanNs: written.mean, deviationNs: written.deviation }
    case 'measured': {
      const { values } = written
      return { law: 'measured', valuesNs: typeof values === 'string' ? (numbersIn(values) as number[]) : values }
    }
    default:
      return { law: written.law, deviationNs: written.deviation }
  }
}

/** The delays in a text, ns; or what is wrong with it. */
function numbersIn(text: string): readonly number[] | string {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '')
  if (words.length === 0) return failure('', 'delays in ms, such as 1.5, 2, 2.25, not an empty text').issue.expected
  const numbers: number[] = []
  for (const word of words) {
    const read = parseQuantity('duration', `${word} ms`)
    if (!read.ok || read.value < 0 || read.value > 86_400e9) return `delays in ms, such as 1.5, 2, 2.25, not "${word}"`
    numbers.push(read.value)
  }
  return numbers
}
