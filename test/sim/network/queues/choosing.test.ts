// Queues that choose, and transmitters that a trace drives, under random arrivals: what the theory of each says of waits and shares, over
// seeds 1 to 20.

import { test } from 'vitest'
import { CoDel } from '../../../../sim/network/queues/codel.ts'
import type { Discipline } from '../../../../sim/network/queues/discipline.ts'
import { Fifo } from '../../../../sim/network/queues/fifo.ts'
import { FqCoDel } from '../../../../sim/network/queues/fqCoDel.ts'
import { Priority } from '../../../../sim/network/queues/priority.ts'
import { Weighted } from '../../../../sim/network/queues/weighted.ts'
import { Opportunities } from '../../../../sim/network/stages/opportunities.ts'
import { Scheduler } from '../../../../sim/network/stages/scheduler.ts'
import { RateTransmitter, type Transmitter } from '../../../../sim/network/stages/transmitter.ts'
import { expectClosedForm, expectLaw, streamOf, times } from '../laws/statistics.ts'
import { StageBench } from '../stages/bench.ts'

/** 1000 bytes are a millisecond. */
const RATE = 8e6
const BYTES = 1000
const SERVICE = 1e6

/** Poisson arrivals of so many a service, each of a class by `chance`, of its class's bytes. The times at which they leave are the bench's. */
function under(
  seed: number,
  load: number,
  count: number,
  queue: (bench: StageBench) => Discipline,
  how: Partial<How> = {},
) {
  const { chance = 0, bytes = () => BYTES, transmitter = (bench) => new RateTransmitter(bench, RATE) } = how
  const bench = new StageBench()
  const [gaps, draws] = [streamOf(seed, 'gaps'), streamOf(seed, 'classes')]
  const classes = times(count, () => (draws.chance(chance) ? 1 : 0))
  bench.dscpOf = (packet) => classes[packet]!
  bench.flowOf = (packet) => classes[packet]!
  const stage = new Scheduler(bench, transmitter(bench), queue(bench), bench.wakeAt, () => {})
  const gap = (): number => (-Math.log(1 - gaps.double()) * SERVICE) / load
  bench.run(stage, count, gap, (packet) => bytes(classes[packet]!))
  return { bench, classes }
}

interface How {
  /** Of being of class 1. */
  readonly chance: number
  readonly bytes: (of: number) => number
  readonly transmitter: (bench: StageBench) => Transmitter
}
type Outcome = ReturnType<typeof under>

/** The mean time from coming to leaving of a class's packets, in services. */
function stay({ bench, classes }: Outcome, of: number): number {
  const all = bench.arrivals.flatMap((at, n) => (classes[n] === of ? [(bench.left[n]! - at) / SERVICE] : []))
  return all.reduce((sum, one) => sum + one, 0) / all.length
}

/** Of the bytes that left while packets still came, the share of class 1. */
function share({ bench, classes }: Outcome): number {
  const end = bench.arrivals[bench.arrivals.length - 1]!
  const sent = [0, 0]
  for (const [n, at] of bench.left.entries()) if (at < end) sent[classes[n]!]! += bench.bytesOf(n)
  return sent[1]! / (sent[0]! + sent[1]!)
}

test('a line behind a transmitter that chooses: M/D/1', () => {
  const load = 0.6
  const measure = (seed: number): number =>
    stay(
      under(seed, load, 40_000, (bench) => new Fifo(bench, undefined)),
      0,
    ) - 1
  expectClosedForm('Scheduler: wait of M/D/1', measure, load / (2 * (1 - load)))
})

test('strict priority: Cobham’s waits, R / (1 − ρ₁) before and R / ((1 − ρ₁) (1 − ρ)) behind, R being ρ / 2 of a service', () => {
  const [load, chance] = [0.6, 0.4]
  const before = load * chance
  const options = { discipline: 'priority', bands: [[1]] } as const
  const runs = times(20, (n) => under(n + 1, load, 40_000, (bench) => new Priority(bench, options), { chance }))
  const wait = (of: number) => (seed: number) => stay(runs[seed - 1]!, of) - 1
  expectClosedForm('Priority: wait of the first band', wait(1), load / 2 / (1 - before))
  expectClosedForm('Priority: wait of the last band', wait(0), load / 2 / ((1 - before) * (1 - load)))
})

test('weighted shares: of classes that both want more, each gets its weight in bytes, whatever the length of its packets', () => {
  const options = { discipline: 'weighted', classes: [{ dscp: [1], weight: 3 }], rest: 2 } as const
  const how = { chance: 0.7, bytes: (of: number) => (of === 1 ? 600 : 1500) }
  const measure = (seed: number): number => share(under(seed, 3, 8000, (bench) => new Weighted(bench, options), how))
  expectClosedForm('Weighted: share', measure, 0.6)
})

test('FQ-CoDel: of flows that all want more, each gets as many bytes as the other, whatever the length of its packets', () => {
  const patient = { targetNs: 1e12, intervalNs: 1e12, flows: 1024, quantumBytes: 1514, limitPackets: 1e6 }
  const options = { discipline: 'fq-codel', ...patient } as const
  const how = { chance: 0.6, bytes: (of: number) => (of === 1 ? 500 : 1300) }
  const measure = (seed: number): number => share(under(seed, 3, 8000, (bench) => new FqCoDel(bench, options), how))
  expectClosedForm('FqCoDel: share', measure, 0.5)
})

test('CoDel: under lasting overload the n-th drop follows the one before it after 100 ms / √n', () => {
  const options = { discipline: 'codel', targetNs: 5e6, intervalNs: 100e6 } as const
  const sample = (seed: number): number[] => {
    const { bench } = under(seed, 1.8, 2500, (one) => new CoDel(one, options))
    const drops = bench.dropped.slice(0, 31).map(({ at }) => at / 1e6)
    return drops.slice(1).map((at, n) => (at - drops[n]!) * Math.sqrt(n + 1))
  }
  // A drop waits for the end of the packet that is being sent, of 1 ms: at most √30 of what is measured.
  expectLaw('CoDel: between drops', sample, (factor) => ({ mean: 100 * factor, deviation: 3 }))
})

test('delivery opportunities, one a millisecond: half of one, and M/D/1’s wait', () => {
  const load = 0.6
  const how = {
    bytes: () => 1504,
    transmitter: (bench: StageBench) => new Opportunities(bench, { timesMs: times(10, (n) => n + 1) }),
  }
  const measure = (seed: number): number =>
    stay(
      under(seed, load, 40_000, (b) => new Fifo(b, undefined), how),
      0,
    )
  expectClosedForm('Opportunities: wait of M/D/1 in slots', measure, 0.5 + load / (2 * (1 - load)))
})
