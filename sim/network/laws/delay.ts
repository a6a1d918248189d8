// Laws of delay: what is added to a link's delay, packet by packet.

import { exp, ln } from '../../../platform/math/exponential.ts'
import { inverseNormal } from '../../../platform/math/normal.ts'
import type { RandomStream } from '../../../platform/random.ts'
import { Correlated } from './correlated.ts'

/** What comes on top of a link's delay. `deviationNs` is the standard deviation, ns, 0 or more. */
export type DelayLaw =
  /** Evenly from −`spreadNs` to `spreadNs`. */
  | { readonly law: 'uniform'; readonly spreadNs: number }
  | { readonly law: 'normal'; readonly deviationNs: number }
  /** Mean 0, and never below −0.577 deviations: index 3, so that the tail above falls with the third power. */
  | { readonly law: 'pareto'; readonly deviationNs: number }
  /** A quarter of the one and three quarters of the other, of the same draw, as netem mixes them; the deviation is that of both. */
  | { readonly law: 'pareto-normal'; readonly deviationNs: number }
  /** Log-normal above the link's delay, which is then its minimum: mean and deviation of what comes on top. */
  | { readonly law: 'right-skewed'; readonly meanNs: number; readonly deviationNs: number }
  /** One of these values, each as likely as another. */
  | { readonly law: 'measured'; readonly valuesNs: readonly number[] }

/** The index of the Pareto law, as netem has it. */
const INDEX = 3
/** Its mean, and its standard deviation: 3/2, and the root of 3/4. */
const PARETO_MEAN = INDEX / (INDEX - 1)
const PARETO_DEVIATION = Math.sqrt(INDEX / ((INDEX - 1) * (INDEX - 1) * (INDEX - 2)))
const LEAST_DRAW = 1.1102230246251565e-16 // 2⁻⁵³

/** What a draw from (0, 1) becomes under a law, ns: the greater the draw, the greater the value. */
export function quantile(law: DelayLaw): (draw: number) => number {
  switch (law.law) {
    case 'uniform':
      return (draw) => (2 * draw - 1) * law.spreadNs
    case 'normal':
      return (draw) => inverseNormal(draw) * law.deviationNs
    case 'pareto':
      return (draw) => pareto(draw) * law.deviationNs
    case 'pareto-normal':
      return (draw) => (0.25 * inverseNormal(draw) + 0.75 * pareto(draw)) * law.deviationNs
    case 'right-skewed': {
      if (law.meanNs === 0) return () => 0
      const ratio = law.deviationNs / law.meanNs
      const variance = ln(1 + ratio * ratio)
      const [middle, deviation] = [ln(law.meanNs) - variance / 2, Math.sqrt(variance)]
      return (draw) => exp(middle + deviation * inverseNormal(draw))
    }
    case 'measured':
      return (draw) => law.valuesNs[Math.min(Math.floor(draw * law.valuesNs.length), law.valuesNs.length - 1)]!
  }
}

/** Draws delays under `law`, each draw resembling the last by `correlation` (0 to 1). */
export function delayDraws(law: DelayLaw, correlation: number, stream: RandomStream): () => number {
  const draws = new Correlated(stream, correlation)
  const value = quantile(law)
  return () => value(Math.max(draws.next(), LEAST_DRAW))
}

/** Of mean 0 and deviation 1. */
function pareto(draw: number): number {
  return (exp(-ln(1 - draw) / INDEX) - PARETO_MEAN) / PARETO_DEVIATION
}
