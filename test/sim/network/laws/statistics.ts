// Is a sample of the law that it claims? Judged by its mean and its spread over seeds 1 to 20, against what the claim says of both; or by
// the interval that twenty runs give for a mean. Each judgement has a name, which begins with what it judges: test/house/judged.test.ts reads them.

import { expect } from 'vitest'
import { type RandomStream, RandomStreams } from '../../../../platform/random.ts'

/** What is claimed of each of a sample's independent values. */
export interface Claim {
  readonly mean: number
  readonly deviation: number
}

const SEEDS = Array.from({ length: 20 }, (_, n) => n + 1)
/** Of 40 judgements in a test, one in 10⁵ goes wrong by chance beyond so many standard errors. */
const LIMIT = 4.9
/** Student's t for 19 degrees of freedom, 99.9 %. */
const STUDENT = 3.883

/** The named stream of a seed. */
export function streamOf(seed: number, name = 'law'): RandomStream {
  return new RandomStreams(String(seed)).take(name)
}

/** By how many standard errors a sample's mean is off. */
function offBy(sample: readonly number[], { mean, deviation }: Claim): number {
  const sum = sample.reduce((total, one) => total + one, 0)
  return Math.abs(sum / sample.length - mean) / (deviation / Math.sqrt(sample.length))
}

/**
 * Each seed's sample is accepted under the claim, and refused under one that is off by 5 % either way. `what` names what is judged: its kind,
 * and after a colon what of it. `sample` draws for a seed; `claim` says what its values' mean and deviation are if the parameter is `factor`
 * times what it is.
 */
export function expectLaw(
  what: string,
  sample: (seed: number) => readonly number[],
  claim: (factor: number) => Claim,
): void {
  for (const seed of SEEDS) {
    const values = sample(seed)
    expect(offBy(values, claim(1)), `${what}, seed ${seed}: its own law`).toBeLessThan(LIMIT)
    expect(offBy(values, claim(1.05)), `${what}, seed ${seed}: a law 5 % above`).toBeGreaterThan(LIMIT)
    expect(offBy(values, claim(0.95)), `${what}, seed ${seed}: a law 5 % below`).toBeGreaterThan(LIMIT)
  }
}

/**
 * What is measured has a mean whose interval of confidence over the seeds is at most ± 5 %; the closed form lies in it, and a form that is 5 %
 * off does not. `what` as in {@link expectLaw}.
 */
export function expectClosedForm(what: string, measure: (seed: number) => number, form: number): void {
  const values = SEEDS.map(measure)
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  const variance = values.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / (values.length - 1)
  const half = STUDENT * Math.sqrt(variance / values.length)
  expect(half / form, `${what}: the interval`).toBeLessThan(0.05)
  expect(Math.abs(mean - form), `${what}: its own form`).toBeLessThan(half)
  expect(Math.abs(mean - form * 1.05), `${what}: a form 5 % above`).toBeGreaterThan(half)
  expect(Math.abs(mean - form * 0.95), `${what}: a form 5 % below`).toBeGreaterThan(half)
}

/** `count` draws. */
export function times<T>(count: number, draw: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => draw(n))
}
