// Laws of delay: each has the mean, the spread and the shape that it claims, over seeds 1 to 20, and a claim that is off by 5 % is refused.

import { describe, expect, test } from 'vitest'
import { Correlated } from '../../../../sim/network/laws/correlated.ts'
import { type DelayLaw, delayDraws, quantile } from '../../../../sim/network/laws/delay.ts'
import { expectLaw, streamOf, times } from './statistics.ts'

const MS = 1e6
const draws = (law: DelayLaw, count: number, correlation = 0) => {
  return (seed: number): number[] => times(count, delayDraws(law, correlation, streamOf(seed)))
}

describe('the mean of what is added', () => {
  test('right-skewed', () => {
    const law = { law: 'right-skewed', meanNs: 4 * MS, deviationNs: 3 * MS } as const
    expectLaw(draws(law, 20_000), (factor) => ({ mean: 4 * MS * factor, deviation: 3 * MS }))
  })
  test('measured', () => {
    const valuesNs = [1, 2, 2, 3, 10].map((ms) => ms * MS)
    expectLaw(draws({ law: 'measured', valuesNs }, 30_000), (factor) => ({
      mean: 3.6 * MS * factor,
      deviation: 3.262 * MS,
    }))
  })
})

/** The squares of a law's values, whose mean is its variance. The fourth moment says how far that mean may stray. */
describe('the spread of what is added', () => {
  test.each<[string, (ns: number) => DelayLaw, number]>([
    ['uniform', (spreadNs) => ({ law: 'uniform', spreadNs: spreadNs * Math.sqrt(3) }), 1.8],
    ['normal', (deviationNs) => ({ law: 'normal', deviationNs }), 3],
  ])('%s', (_, lawOf, kurtosis) => {
    const deviation = 5 * MS
    expectLaw(
      (seed) => draws(lawOf(deviation), 20_000)(seed).map((ns) => ns * ns),
      (factor) => {
        const variance = deviation * deviation * factor * factor
        return { mean: variance, deviation: variance * Math.sqrt(kurtosis - 1) }
      },
    )
  })

  /** The squares of heavy tails have no law to speak of: how far values lie from 0 has, if those beyond 3 deviations count as 3. */
  test.each(['pareto', 'pareto-normal'] as const)('%s', (law) => {
    const far = (value: number): number => Math.min(Math.abs(value), 3)
    const claim = (factor: number) => {
      const value = quantile({ law, deviationNs: factor })
      const all = times(20_000, (n) => far(value((n + 0.5) / 20_000)))
      const mean = all.reduce((sum, one) => sum + one, 0) / all.length
      return { mean, deviation: Math.sqrt(all.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / all.length) }
    }
    const claims = new Map([1, 1.05, 0.95].map((factor) => [factor, claim(factor)]))
    expectLaw(
      (seed) => draws({ law, deviationNs: 1 }, 60_000)(seed).map(far),
      (factor) => claims.get(factor)!,
    )
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

describe('correlated draws', () => {
  /** Products of neighbours about the middle: their mean is the covariance, c times the variance (1 − c) / (1 + c) / 12. */
  test.each([0.5, 0.9])('resemble the last by %f, in netem’s way', (correlation) => {
    const variance = (1 - correlation) / (1 + correlation) / 12
    const moments = (seed: number): [number, number] => {
      const source = new Correlated(streamOf(seed), correlation)
      const values = times(60_000, () => source.next() - 0.5)
      const mean = (of: (value: number, n: number) => number): number =>
        values.reduce((total, value, n) => total + of(value, n), 0) / values.length
      return [mean((value) => value * value), mean((value, n) => value * (values[n + 1] ?? 0))]
    }
    for (let seed = 1; seed <= 20; seed++) {
      const [square, product] = moments(seed)
      expect(Math.abs(square / variance - 1)).toBeLessThan(0.1)
      expect(Math.abs(product / square - correlation)).toBeLessThan(0.05 * correlation)
    }
  })
})
