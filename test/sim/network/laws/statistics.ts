// Is a sample of the law that it claims? Judged by its mean and its spread over seeds 1 to 20, against what the claim says of both.

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
 * Each seed's sample is accepted under the claim, and refused under one that is off by 5 % either way: of `scale` times the mean's
 * parameter. `sample` draws for a seed; `claim` says what its values' mean and deviation are if the parameter is `factor` times what it is.
 */
export function expectLaw(sample: (seed: number) => readonly number[], claim: (factor: number) => Claim): void {
  for (const seed of SEEDS) {
    const values = sample(seed)
    expect(offBy(values, claim(1)), `seed ${seed}: its own law`).toBeLessThan(LIMIT)
    expect(offBy(values, claim(1.05)), `seed ${seed}: a law 5 % above`).toBeGreaterThan(LIMIT)
    expect(offBy(values, claim(0.95)), `seed ${seed}: a law 5 % below`).toBeGreaterThan(LIMIT)
  }
}

/** `count` draws. */
export function times<T>(count: number, draw: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => draw(n))
}
