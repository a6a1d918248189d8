// netem's chances, delays, rate and slots, one by one, over seeds 1 to 20: each is what its line says, and a claim that is off by 5 % is
// refused.

import { expect, test } from 'vitest'
import { Netem } from '../../../../sim/network/netem/netem.ts'
import { valuesOf } from '../../../../sim/network/netem/tables.ts'
import { readNetem } from '../../../../topologies/links/netem.ts'
import { type Claim, expectClosedForm, expectLaw, streamOf, times } from '../laws/statistics.ts'
import { StageBench } from '../stages/bench.ts'

const MS = 1e6
const MANY = 'limit 1000000'

/** Pushes so many packets of 125 bytes through a netem alone. */
function through(
  seed: number,
  line: string,
  count: number,
  gap: () => number = () => 10 * MS,
  bytes = () => 125,
): StageBench {
  const netem = readNetem(line)
  if ('expected' in netem) throw new Error(netem.expected)
  const bench = new StageBench()
  const stream = (part: string) => streamOf(seed, part)
  const around = { name: 'x', chance: undefined, weather: { calm: false }, stream, wakeAt: bench.wakeAt }
  return bench.run(new Netem(bench, netem, around), count, gap, bytes)
}

/** 1 for each packet that is among `which`, 0 for the others. */
const among = (which: readonly number[], count: number): number[] => {
  const ones = new Set(which)
  return times(count, (n) => (ones.has(n) ? 1 : 0))
}
const share = (ratio: number) => (factor: number) => ({
  mean: ratio * factor,
  deviation: Math.sqrt(ratio * (1 - ratio)),
})
const dropped = (bench: StageBench): number[] => bench.dropped.map(({ packet }) => packet)
/** How long each packet was held, ms. */
const held = ({ arrivals, left }: StageBench): number[] => arrivals.map((at, n) => (left[n]! - at) / MS)

test('loss', () => {
  expectLaw('netem loss: share', (seed) => among(dropped(through(seed, `loss 80% ${MANY}`, 8000)), 8000), share(0.8))
})

test('copies', () => {
  const line = `duplicate 80% ${MANY}`
  expectLaw('netem duplicate: share', (seed) => among(through(seed, line, 8000).copied, 8000), share(0.8))
})

test('corruption', () => {
  const line = `corrupt 80% ${MANY}`
  expectLaw('netem corrupt: share', (seed) => among(through(seed, line, 8000).corrupted, 8000), share(0.8))
})

test('reordering: the share that goes ahead, and of every gap one at most', () => {
  const ahead = (seed: number, line: string, count: number): number[] =>
    held(through(seed, line, count)).map((ms) => (ms < 1 ? 1 : 0))
  expectLaw('netem reorder: share', (seed) => ahead(seed, `delay 1s reorder 80% ${MANY}`, 8000), share(0.8))
  // With a gap of 3, two packets are delayed; then each goes ahead by its chance of 1/2: after two in the mean, so that 1 in 4 does.
  const line = `delay 1s reorder 50% gap 3 ${MANY}`
  const blocks = (seed: number): number[] => {
    const all = ahead(seed, line, 60_000)
    return times(60, (n) => all.slice(n * 1000, n * 1000 + 1000).reduce((sum, one) => sum + one, 0) / 1000)
  }
  // Between two that go ahead there are 2 and more, geometric: a variance of 2, so that of 1000 packets 250 do, give or take √(1000 · 2 / 4³).
  const deviation = Math.sqrt((1000 * 2) / 64) / 1000
  expectLaw('netem reorder: gap', blocks, (factor) => ({ mean: 0.25 * factor, deviation }))
})

test('jitter is even from its most below to its most above', () => {
  // The squares about the delay, whose mean is a third of the square of the most.
  const sample = (seed: number): number[] =>
    held(through(seed, `delay 100ms 20ms ${MANY}`, 20_000)).map((ms) => (ms - 100) * (ms - 100))
  expectLaw('netem delay: jitter', sample, (factor) => {
    const mean = (400 * factor * factor) / 3
    return { mean, deviation: mean * Math.sqrt(0.8) }
  })
  const spread = (seed: number): number[] => held(through(seed, `delay 100ms 90ms ${MANY}`, 8000))
  expectLaw('netem delay: mean', spread, (factor) => ({ mean: 100 * factor, deviation: 90 / Math.sqrt(3) }))
})

test('jitter that resembles the last by half has a third of its variance', () => {
  const blocks = (seed: number): number[] => {
    const all = held(through(seed, `delay 100ms 20ms 50% ${MANY}`, 40_000)).map((ms) => (ms - 100) * (ms - 100))
    return times(400, (n) => all.slice(n * 100, n * 100 + 100).reduce((sum, one) => sum + one, 0) / 100)
  }
  const mean = 400 / 9
  const deviation = Math.sqrt(blocks(1).reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / 400)
  expectLaw('netem correlation: variance', blocks, (factor) => ({ mean: mean * factor, deviation }))
})

/** Mean and deviation of how far a table's values are from 0, in ms, each as likely as another; those beyond 30 ms count as 30. */
function ofTable(name: 'normal' | 'pareto' | 'paretonormal', jitterMs: number): Claim {
  const values = valuesOf(name).map((one) => Math.min((Math.abs(one) / 8192) * jitterMs, 30))
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  const square = values.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / values.length
  return { mean, deviation: Math.sqrt(square) }
}

/** How far delays are from 100 s, ms; all are above 0, however long a table's tail. */
const distances = (name: string) => (seed: number) =>
  held(through(seed, `delay 100s 10ms distribution ${name} ${MANY}`, 30_000)).map((ms) =>
    Math.min(Math.abs(ms - 100_000), 30),
  )
const scaled = (name: 'normal' | 'pareto' | 'paretonormal') => (factor: number) => ofTable(name, 10 * factor)

test('jitter by the table normal', () =>
  expectLaw('netem table normal: distances', distances('normal'), scaled('normal')))
test('jitter by the table pareto', () =>
  expectLaw('netem table pareto: distances', distances('pareto'), scaled('pareto')))
test('jitter by the table paretonormal', () => {
  expectLaw('netem table paretonormal: distances', distances('paretonormal'), scaled('paretonormal'))
})

/** Poisson arrivals, a packet of 125 bytes at 1 Mbit/s being a millisecond. */
const poisson = (seed: number, load: number) => {
  const stream = streamOf(seed, 'gaps')
  return () => (-Math.log(1 - stream.double()) * MS) / load
}

test('a rate is a line with one transmitter: M/D/1', () => {
  const load = 0.5
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length
  const measure = (seed: number): number =>
    mean(held(through(seed, `rate 1mbit ${MANY}`, 30_000, poisson(seed, load)))) - 1
  expectClosedForm('netem rate: wait of M/D/1', measure, load / (2 * (1 - load)))
})

test('a limit counts the one that is being sent: M/M/1/K', () => {
  const [load, room, count] = [0.9, 4, 20_000]
  const power = (n: number): number => (n === 0 ? 1 : load * power(n - 1))
  const measure = (seed: number): number => {
    const sizes = streamOf(seed, 'sizes')
    const bytes = (): number => Math.max(1, Math.round(-Math.log(1 - sizes.double()) * 1e6))
    const bench = through(seed, `rate 8000mbit limit ${room}`, count, poisson(seed, load), bytes)
    return bench.dropped.length / count
  }
  expectClosedForm('netem limit: loss of M/M/1/K', measure, ((1 - load) * power(room)) / (1 - power(room + 1)))
})

/** The times between slots of one packet each, ms. */
const between = (seed: number, line: string): number[] => {
  const { left } = through(seed, `${line} packets 1 ${MANY}`, 8000, () => 0)
  return left.slice(1).map((at, n) => (at - left[n]!) / MS)
}

test('slots', () => {
  expectLaw(
    'netem slot: evenly',
    (seed) => between(seed, 'slot 2ms 18ms'),
    (factor) => ({
      mean: 10 * factor,
      deviation: 16 / Math.sqrt(12),
    }),
  )
  expectLaw(
    'netem slot: by a table',
    (seed) => between(seed, 'slot distribution normal 10ms 3ms'),
    (factor) => ({
      mean: 10 * factor,
      deviation: 3,
    }),
  )
  expect(new Set(between(1, 'slot 5ms 5ms'))).toEqual(new Set([5]))
})
