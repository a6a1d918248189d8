// Laws of delay: each has the mean, the spread and the shape that it claims, over seeds 1 to 20, and a claim that is off by 5 % is refused.

import { describe, expect, test } from 'vitest'
import { type DelayLaw, delayDraws, quantile } from '../../../../sim/network/laws/delay.ts'
import { expectLaw, streamOf, times } from './statistics.ts'

const MS = 1e6
const draws = (law: DelayLaw, count: number, correlation = 0) => {
  return (seed: number): number[] => times(count, delayDraws(law, correlation, streamOf(seed)))
}

describe('the mean of what is added', () => {
  test('right-skewed', () => {
    const law = { law: 'right-skewed', meanNs: 4 * MS, deviationNs: 3 * MS } as const
    expectLaw('delay law right-skewed: mean', draws(law, 20_000), (factor) => ({
      mean: 4 * MS * factor,
      deviation: 3 * MS,
    }))
  })
  test('measured', () => {
    const valuesNs = [1, 2, 2, 3, 10].map((ms) => ms * MS)
    expectLaw('delay law measured: mean', draws({ law: 'measured', valuesNs }, 30_000), (factor) => ({
      mean: 3.6 * MS * factor,
      deviation: 3.262 * MS,
    }))
  })
})

/** The squares of a law's values, whose mean is its variance. The fourth moment says how far that mean may stray. */
describe('the spread of what is added', () => {
  const deviation = 5 * MS
  const squares = (law: DelayLaw) => (seed: number) => draws(law, 20_000)(seed).map((ns) => ns * ns)
  const variance = (kurtosis: number) => (factor: number) => {
    const mean = deviation * deviation * factor * factor
    return { mean, deviation: mean * Math.sqrt(kurtosis - 1) }
  }
  test('uniform', () => {
    expectLaw(
      'delay law uniform: variance',
      squares({ law: 'uniform', spreadNs: deviation * Math.sqrt(3) }),
      variance(1.8),
    )
  })
  test('normal', () => {
    expectLaw('delay law normal: variance', squares({ law: 'normal', deviationNs: deviation }), variance(3))
  })
  test('right-skewed', () => {
    // Its logarithm about that of its median, squared: ln(1 + (deviation / mean)²).
    const law = { law: 'right-skewed', meanNs: 4 * MS, deviationNs: 3 * MS } as const
    const middle = Math.log(4 * MS) - Math.log(1 + 9 / 16) / 2
    expectLaw(
      'delay law right-skewed: variance of the logarithm',
      (seed) => draws(law, 20_000)(seed).map((ns) => (Math.log(ns) - middle) * (Math.log(ns) - middle)),
      (factor) => {
        const mean = Math.log(1 + (9 / 16) * factor * factor)
        return { mean, deviation: mean * Math.SQRT2 }
      },
    )
  })

  /** The squares of heavy tails have no law to speak of: how far values lie from 0 has, if those beyond 3 deviations count as 3. */
  const far = (value: number): number => Math.min(Math.abs(value), 3)
  const claims = (law: 'pareto' | 'pareto-normal') => {
    const claim = (factor: number) => {
      const value = quantile({ law, deviationNs: factor })
      const all = times(20_000, (n) => far(value((n + 0.5) / 20_000)))
      const mean = all.reduce((sum, one) => sum + one, 0) / all.length
      return { mean, deviation: Math.sqrt(all.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / all.length) }
    }
    const known = new Map([1, 1.05, 0.95].map((factor) => [factor, claim(factor)]))
    return (factor: number) => known.get(factor)!
  }
  const distances = (law: 'pareto' | 'pareto-normal') => (seed: number) =>
    draws({ law, deviationNs: 1 }, 60_000)(seed).map(far)
  test('pareto', () => expectLaw('delay law pareto: distances', distances('pareto'), claims('pareto')))
  test('pareto-normal', () => {
    expectLaw('delay law pareto-normal: distances', distances('pareto-normal'), claims('pareto-normal'))
  })
})

test('laws are centred: half of what they add is above their median, and means are 0 where they say so', () => {
  for (const law of ['normal', 'pareto'] as const) {
    const sum = draws({ law, deviationNs: 1 }, 100_000)(1).reduce((total, one) => total + one, 0)
    expect(Math.abs(sum / 100_000)).toBeLessThan(0.02)
  }
  expect(quantile({ law: 'pareto', deviationNs: 1 })(1e-16)).toBeCloseTo(-0.57735, 5)
  expect(quantile({ law: 'right-skewed', meanNs: 4, deviationNs: 0 })(0.3)).toBeCloseTo(4, 12)
  expect(quantile({ law: 'right-skewed', meanNs: 0, deviationNs: 3 })(0.3)).toBe(0)
})
