// Draws that resemble the last, as netem has them: their spread, how much they resemble, and what correlated loss then really loses,
// each against a calculation that draws nothing; over seeds 1 to 20, and a claim that is off by 5 % is refused.

import { describe, expect, test } from 'vitest'
import { Correlated } from '../../../../sim/network/laws/correlated.ts'
import { lossModel } from '../../../../sim/network/medium.ts'
import { resemblingDraws } from './resembling.ts'
import { expectLaw, streamOf, times } from './statistics.ts'

const BLOCK = 1000

/** What `count` blocks of 1000 draws give each: the mean of `of` over a draw, about the middle, and the one before it. */
function blocksOf(c: number, count: number, of: (one: number, last: number) => number): (seed: number) => number[] {
  return (seed) => {
    const source = new Correlated(streamOf(seed), c)
    let last = source.next() - 0.5
    return times(count, () => {
      let sum = 0
      for (let n = 0; n < BLOCK; n++) {
        const one = source.next() - 0.5
        sum += of(one, last)
        last = one
      }
      return sum / BLOCK
    })
  }
}

describe.each([0.5, 0.8])('draws that resemble the last by %f', (c) => {
  const variance = (1 - c) / (1 + c) / 12
  test('have the variance (1 − c) / (1 + c) of what it was', () => {
    const blocks = blocksOf(c, 400, (one) => one * one)
    const deviation = spread(blocks(1), variance)
    expectLaw('Correlated: variance', blocks, (factor) => ({ mean: variance * factor, deviation }))
  })
  test('are each c times the last in the mean, and the rest is new', () => {
    const blocks = blocksOf(c, 400, (one, last) => (one * last) / variance)
    const deviation = spread(blocks(1), c)
    expectLaw('Correlated: neighbours', blocks, (factor) => ({ mean: c * factor, deviation }))
  })
})

describe.each([
  [0.35, 0.5],
  [0.4, 0.25],
  [0.6, 0.8],
])('correlated loss of %f, resembling by %f', (ratio, correlation) => {
  const chain = resemblingDraws(correlation)
  /** Blocks of packets: which share was lost; and of those that follow a lost one. */
  const blocks = (seed: number): { readonly shares: number[]; readonly again: number[] } => {
    const model = lossModel({ model: 'random', ratio, correlation }, streamOf(seed))
    const [shares, again]: [number[], number[]] = [[], []]
    let [last, after, both] = [false, 0, 0]
    for (let block = 0; block < 300; block++) {
      let count = 0
      for (let n = 0; n < BLOCK; n++) {
        const lost = model.lost()
        if (last) {
          after++
          if (lost) both++
          if (after === BLOCK) {
            again.push(both / after)
            after = 0
            both = 0
          }
        }
        if (lost) count++
        last = lost
      }
      shares.push(count / BLOCK)
    }
    return { shares, again }
  }
  const known = new Map(times(20, (n) => [n + 1, blocks(n + 1)] as const))
  const share = chain.below(ratio)
  test(`loses ${(share * 100).toFixed(1)} % in the long run, and not what a ratio that is 5 % off would lose`, () => {
    const shares = (seed: number): number[] => known.get(seed)!.shares
    const deviation = spread(shares(1), share)
    expectLaw('loss random: share with a correlation', shares, (factor) => ({ mean: share * factor, deviation }))
    const others = new Map([1, 1.05, 0.95].map((factor) => [factor, chain.below(ratio * factor)]))
    expectLaw('loss random: ratio with a correlation', shares, (factor) => ({ mean: others.get(factor)!, deviation }))
  })
  const again = chain.belowAgain(ratio)
  test(`loses ${(again * 100).toFixed(1)} % of those that follow a lost one`, () => {
    const followers = (seed: number): number[] => known.get(seed)!.again
    const deviation = spread(followers(1), again)
    expectLaw('loss random: neighbours with a correlation', followers, (factor) => ({
      mean: again * factor,
      deviation,
    }))
  })
})

test('the calculation knows what is known: for c = 1/2 draws are sums of halves, of variance 1/36; c near 0 are even draws', () => {
  const { below, belowAgain } = resemblingDraws(0.5)
  expect(below(0.5)).toBeCloseTo(0.5, 6)
  expect(below(0.3) + below(0.7)).toBeCloseTo(1, 6)
  const square = mean(times(2000, (n) => (n / 2000) * (below((n + 1) / 2000) - below(n / 2000)) * 2000 * (n / 2000)))
  expect(square - 0.25).toBeCloseTo(1 / 36, 3)
  expect(belowAgain(0.999)).toBeCloseTo(1, 3)
  const even = resemblingDraws(0.001)
  expect(even.below(0.3)).toBeCloseTo(0.3, 3)
  expect(even.belowAgain(0.3)).toBeCloseTo(0.3, 2)
})

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length
}

/** How far values stray from `middle`. */
function spread(values: readonly number[], middle: number): number {
  return Math.sqrt(mean(values.map((one) => (one - middle) * (one - middle))))
}
