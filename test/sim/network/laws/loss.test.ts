// Models of loss over seeds 1 to 20: the share that each claims, and its bursts; a claim that is off by 5 % is refused.

import { describe, expect, test } from 'vitest'
import { type Loss, lossModel } from '../../../../sim/network/medium.ts'
import { expectLaw, streamOf, times } from './statistics.ts'

const fates = (loss: Loss, count: number) => {
  return (seed: number): number[] => {
    const model = lossModel(loss, streamOf(seed))
    return times(count, () => (model.lost() ? 1 : 0))
  }
}

const share = (ratio: number) => (factor: number) => ({
  mean: ratio * factor,
  deviation: Math.sqrt(ratio * factor * (1 - ratio * factor)),
})

const BLOCK = 1000

/** The shares of blocks of neighbours, whose dependence then does no harm; how far they stray is taken from one seed's. */
function expectShare(what: string, loss: Loss, share: number, count: number): void {
  const sample = (seed: number): number[] => {
    const model = lossModel(loss, streamOf(seed))
    return times(count / BLOCK, () => {
      let lost = 0
      for (let n = 0; n < BLOCK; n++) if (model.lost()) lost++
      return lost / BLOCK
    })
  }
  const squares = sample(1).map((one) => (one - share) * (one - share))
  const deviation = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length)
  expectLaw(what, sample, (factor) => ({ mean: share * factor, deviation }))
}

describe('the share that is lost', () => {
  test('random', () => expectShare('loss random: share', { model: 'random', ratio: 0.3 }, 0.3, 200_000))
  test('in bursts', () => {
    const loss = { model: 'gilbert-elliott', meanRatio: 0.5, burstPackets: 2 } as const
    expectShare('loss gilbert-elliott: share', loss, 0.5, 200_000)
  })
  test('in two states that each lose some', () => {
    const loss = { model: 'states', toBad: 0.3, toGood: 0.3, badRatio: 0.8, goodRatio: 0.1 } as const
    expectShare('loss states: share', loss, 0.5 * 0.8 + 0.5 * 0.1, 200_000)
  })
  test('in four states', () => {
    const [p13, p31, p32, p23, p14] = [0.3, 0.4, 0.3, 0.6, 0.1]
    // Long-run shares of the states: 2 is left for 3 as often as 3 for 2, and so on; 3's packets are lost unless it is left for 2.
    const [one, three] = [1, p13 / p31]
    const [two, four] = [(three * p32) / p23, p14]
    const total = one + two + three + four
    const lost = one * (p13 + p14) + two * p23 + three * (1 - p32)
    expectShare('loss four-states: share', { model: 'four-states', p13, p31, p32, p23, p14 }, lost / total, 200_000)
  })
})

test('lost neighbours: of those that follow a loss in a burst of 4 in the mean, 3 in 4 are lost', () => {
  const follow = (seed: number): number[] => {
    const values = fates({ model: 'gilbert-elliott', meanRatio: 0.3, burstPackets: 4 }, 60_000)(seed)
    return values.filter((_, n) => values[n - 1] === 1)
  }
  expectLaw('loss gilbert-elliott: neighbours', follow, (factor) => ({
    mean: 0.75 * factor,
    deviation: Math.sqrt(0.1875),
  }))
})

test('in a window its model’s share, outside of it none', () => {
  const [fromNs, untilNs] = [2000, 12_000]
  const windows = [{ fromNs, untilNs, loss: { model: 'random', ratio: 0.7 } as const }]
  const sample = (seed: number): number[] => {
    const model = lossModel({ model: 'windows', windows }, streamOf(seed))
    return times(14_000, (now) => (model.lost(now) ? 1 : 0))
  }
  expectLaw('loss windows: share within', (seed) => sample(seed).slice(fromNs, untilNs), share(0.7))
  const outside = [...sample(1).slice(0, fromNs), ...sample(1).slice(untilNs)]
  expect(outside.includes(1)).toBe(false)
})

test('windows: each by its own model, and nothing outside them', () => {
  const loss: Loss = {
    model: 'windows',
    windows: [
      { fromNs: 10, untilNs: 20, loss: { model: 'random', ratio: 1 } },
      { fromNs: 20, untilNs: 30, loss: { model: 'random', ratio: 0.5 } },
    ],
  }
  const model = lossModel(loss, streamOf(1))
  expect([0, 9, 10, 19].map((now) => model.lost(now))).toEqual([false, false, true, true])
  const half = times(1000, () => (model.lost(25) ? 1 : 0)) as number[]
  expect(half.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(440)
  expect([30, 1e9].map((now) => model.lost(now))).toEqual([false, false])
})
