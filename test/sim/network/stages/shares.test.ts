// Stages of chance, with direct pushes over seeds 1 to 20: each does what it claims to the share of packets that it claims, and a claim
// that is off by 5 % is refused. And what needs no chance: packets that are together stay together.

import { expect, test } from 'vitest'
import { type Duplication, type Jitter, lossModel, type Reordering } from '../../../../sim/network/medium.ts'
import { Medium } from '../../../../sim/network/stages/medium.ts'
import { Propagation } from '../../../../sim/network/stages/propagation.ts'
import { expectLaw, streamOf, times } from '../laws/statistics.ts'
import { runLink, told } from '../queues/bench.ts'
import { StageBench } from './bench.ts'

const MS = 1e6

interface Travel {
  readonly jitter?: Jitter
  readonly duplication?: Duplication
  readonly reordering?: Reordering
}

/** Pushes so many packets through the air, a microsecond apart, and a way of 5 ms. */
function travel(seed: number, count: number, how: Travel): StageBench {
  const bench = new StageBench()
  const stream = (name: string) => streamOf(seed, name)
  const streams = { jitter: stream('j'), duplication: stream('d'), reordering: stream('r') }
  const parts = {
    name: 'x',
    streams,
    chance: undefined,
    weather: { calm: false },
    verdict: () => undefined,
    lateNs: () => 0,
    wakeAt: bench.wakeAt,
  }
  const stage = new Propagation(bench, parts, { delayNs: 5 * MS, ...how })
  return bench.run(
    stage,
    count,
    () => 1000,
    () => 100,
  )
}

const isOne = (hits: readonly number[], count: number): number[] => {
  const ones = new Set(hits)
  return times(count, (n) => (ones.has(n) ? 1 : 0))
}
const share = (ratio: number) => (factor: number) => ({
  mean: ratio * factor,
  deviation: Math.sqrt(ratio * (1 - ratio)),
})

test('corruption', () => {
  expectLaw(
    'Medium: corrupted',
    (seed) => {
      const bench = new StageBench()
      const medium = new Medium(bench, { name: 'x', chance: undefined, bits: streamOf(seed) })
      medium.corruption = { ratio: 0.8 }
      bench.run(
        medium,
        8000,
        () => 1,
        () => 100,
      )
      return isOne(bench.corrupted, 8000)
    },
    share(0.8),
  )
})

test('loss on the medium, decided when the queue takes a packet', () => {
  expectLaw(
    'Medium: lost',
    (seed) => {
      const bench = new StageBench()
      const medium = new Medium(bench, { name: 'x', chance: undefined, bits: streamOf(seed) })
      medium.loss = lossModel({ model: 'random', ratio: 0.8 }, streamOf(seed, 'loss'))
      bench.run(
        {
          push: (packet, at, next) => {
            medium.decide(packet)
            medium.push(packet, at, next)
          },
          clear: () => {},
        },
        8000,
        () => 1,
        () => 100,
      )
      return times(8000, (n) => (bench.left[n] === undefined ? 1 : 0))
    },
    share(0.8),
  )
})

test('duplication', () => {
  const copied = (seed: number) => travel(seed, 8000, { duplication: { ratio: 0.8, afterNs: 0 } }).copied
  expectLaw('Propagation: copied', (seed) => isOne(copied(seed), 8000), share(0.8))
})

test('reordering, and its gap: of every four one at most', () => {
  const held = (seed: number, reordering: Reordering, count: number): number[] => {
    const { left, arrivals } = travel(seed, count, { reordering })
    return times(count, (n) => (left[n]! - arrivals[n]! > 5 * MS ? 1 : 0))
  }
  expectLaw('Propagation: held back', (seed) => held(seed, { ratio: 0.8, byNs: MS }, 8000), share(0.8))
  expect(held(1, { ratio: 1, byNs: MS, gap: 4 }, 12)).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1])
})

test('jitter is even from nothing to its most, whether order is kept or not; kept, packets are later', () => {
  const late = (seed: number, reorders: boolean): number[] => {
    const { left, arrivals } = travel(seed, 12_000, { jitter: { mostNs: 10 * MS, reorders } })
    return left.map((at, n) => (at - arrivals[n]!) / MS - 5)
  }
  expectLaw(
    'Propagation: jitter',
    (seed) => late(seed, true),
    (factor) => ({ mean: 5 * factor, deviation: 10 / Math.sqrt(12) }),
  )
  const kept = late(1, false)
  expect(Math.min(...kept)).toBeGreaterThanOrEqual(0)
  expect(kept.every((one, n) => n === 0 || one + n / 1000 >= kept[n - 1]! + (n - 1) / 1000 - 1e-9)).toBe(true)
})

test('a hundred packets that are sent together over 100 ms arrive together at 100 ms, whatever stages are there', () => {
  const packets = times(100, () => ({ atMs: 0, bytes: 200 }))
  const way = { delayNs: 100 * MS }
  const queue = { discipline: 'priority', bands: [[46]] } as const
  for (const up of [
    way,
    { ...way, queue },
    { ...way, jitter: { mostNs: 0 } },
    { ...way, loss: { model: 'random', ratio: 0 } as const },
  ]) {
    for (const fused of [true, false]) expect(new Set(told(runLink(up, packets, { fused })))).toEqual(new Set(['100']))
  }
})
