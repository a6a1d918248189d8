// Queues of one line, shapers and policers against closed forms.

import { describe, expect, test } from 'vitest'
import { DropTail } from '../../../../sim/network/queue.ts'
import { Fifo } from '../../../../sim/network/queues/fifo.ts'
import { DropTailStage } from '../../../../sim/network/stages/dropTail.ts'
import { Policer } from '../../../../sim/network/stages/policer.ts'
import { Scheduler } from '../../../../sim/network/stages/scheduler.ts'
import { RateTransmitter, Shaper } from '../../../../sim/network/stages/transmitter.ts'
import { expectClosedForm, streamOf } from '../laws/statistics.ts'
import { StageBench } from './bench.ts'

/** 1000 bytes take a millisecond. */
const RATE = 8e6
const BYTES = 1000
const SERVICE = 1e6
/** Gaps of Poisson arrivals, ticks. */
function poisson(seed: number, meanTicks: number): () => number {
  const stream = streamOf(seed, 'arrivals')
  return () => -Math.log(1 - stream.double()) * meanTicks
}

const waits = (bench: StageBench, service: number): number => {
  const sum = bench.arrivals.reduce((total, at, n) => total + bench.left[n]! - at - service, 0)
  return sum / bench.arrivals.length
}

describe('M/D/1: the mean wait is ρ / (2 (1 − ρ)) services', () => {
  const load = 0.5
  const form = (load / (2 * (1 - load))) * SERVICE
  test('before a transmitter', () => {
    expectClosedForm(
      'RateTransmitter: wait of M/D/1',
      (seed) => {
        const bench = new StageBench()
        const stage = new DropTailStage(bench, new RateTransmitter(bench, RATE), undefined, bench.wakeAt, () => {})
        bench.run(stage, 30_000, poisson(seed, SERVICE / load), () => BYTES)
        return waits(bench, SERVICE)
      },
      form,
    )
  })
  test('before a shaper that lets one packet go at a time', () => {
    expectClosedForm(
      'Shaper: wait of M/D/1',
      (seed) => {
        const bench = new StageBench()
        const wire = new RateTransmitter(bench, Number.POSITIVE_INFINITY)
        const shaper = new Shaper(bench, wire, { rateBps: RATE, burstBytes: BYTES })
        const stage = new Scheduler(bench, shaper, new Fifo(bench, undefined), bench.wakeAt, () => {})
        bench.run(stage, 30_000, poisson(seed, SERVICE / load), () => BYTES)
        return waits(bench, 0)
      },
      form,
    )
  })
})

describe('M/M/1/K: the share that finds no room is (1 − ρ) ρᴷ / (1 − ρᴷ⁺¹)', () => {
  const [load, room, count] = [0.9, 4, 20_000]
  const power = (n: number): number => (n === 0 ? 1 : load * power(n - 1))
  const form = ((1 - load) * power(room)) / (1 - power(room + 1))
  /** A byte is a tick. */
  const sizes = (seed: number) => {
    const stream = streamOf(seed, 'sizes')
    return () => Math.max(1, Math.round(-Math.log(1 - stream.double()) * SERVICE))
  }
  test('as a stage', () => {
    expectClosedForm(
      'DropTailStage: loss of M/M/1/K',
      (seed) => {
        const bench = new StageBench()
        const transmitter = new RateTransmitter(bench, 8e9)
        const stage = new DropTailStage(bench, transmitter, { packets: room - 1 }, bench.wakeAt, () => {})
        bench.run(stage, count, poisson(seed, SERVICE / load), sizes(seed))
        return bench.dropped.length / count
      },
      form,
    )
  })
  test('before a transmitter that chooses', () => {
    expectClosedForm(
      'Fifo: loss of M/M/1/K',
      (seed) => {
        const bench = new StageBench()
        const fifo = new Fifo(bench, { packets: room - 1 })
        bench.run(
          new Scheduler(bench, new RateTransmitter(bench, 8e9), fifo, bench.wakeAt, () => {}),
          count,
          poisson(seed, SERVICE / load),
          sizes(seed),
        )
        return bench.dropped.length / count
      },
      form,
    )
  })
  test('without an event of its own, as fused links have it', () => {
    expectClosedForm(
      'DropTail: loss of M/M/1/K',
      (seed) => {
        const queue = new DropTail({ packets: room - 1 })
        const [gap, size] = [poisson(seed, SERVICE / load), sizes(seed)]
        let [now, freeAt, full] = [0, 0, 0]
        for (let n = 0; n < count; n++) {
          now += gap()
          const bytes = size()
          if (freeAt <= now || queue.accept(now, freeAt, 1)) freeAt = Math.max(freeAt, now) + bytes
          else full++
        }
        return full / count
      },
      form,
    )
  })
})

describe('a token bucket', () => {
  test('of one packet drops the share a / (1 + a) of Poisson arrivals, a being their load: Erlang’s formula for one line', () => {
    const load = 0.8
    expectClosedForm(
      'Policer: loss of one packet’s bucket',
      (seed) => {
        const bench = new StageBench()
        const policer = new Policer(bench, { rateBps: RATE, burstBytes: BYTES })
        bench.run(policer, 10_000, poisson(seed, SERVICE / load), () => BYTES)
        return bench.dropped.length / 10_000
      },
      load / (1 + load),
    )
  })

  test('lets a burst go, and then its rate: of 100 packets at once 10 pass; of a steady double rate, half', () => {
    const burst = new StageBench()
    burst.run(
      new Policer(burst, { rateBps: RATE, burstBytes: 10 * BYTES }),
      100,
      () => 0,
      () => BYTES,
    )
    expect(burst.dropped).toHaveLength(90)
    const steady = new StageBench()
    steady.run(
      new Policer(steady, { rateBps: RATE, burstBytes: BYTES }),
      10_000,
      () => SERVICE / 2,
      () => BYTES,
    )
    expect(steady.dropped).toHaveLength(5000)
  })

  test('shapes a burst: ten at once, then one a millisecond', () => {
    const bench = new StageBench()
    const wire = new RateTransmitter(bench, Number.POSITIVE_INFINITY)
    const shaper = new Shaper(bench, wire, { rateBps: RATE, burstBytes: 10 * BYTES })
    bench.run(
      new Scheduler(bench, shaper, new Fifo(bench, undefined), bench.wakeAt, () => {}),
      13,
      () => 0,
      () => BYTES,
    )
    expect(bench.left.map((at) => at / SERVICE)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
  })
})

test('before a transmitter that needs no wake, a scheduler gives what a drop-tail line gives', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const leave = (make: (bench: StageBench) => DropTailStage | Scheduler): number[] => {
      const bench = new StageBench()
      const sizes = streamOf(seed, 'sizes')
      bench.run(make(bench), 2000, poisson(seed, SERVICE / 0.9), () => 40 + sizes.below(1400))
      return bench.left
    }
    const limit = { bytes: 4000 }
    const line = leave((b) => new DropTailStage(b, new RateTransmitter(b, RATE), limit, b.wakeAt, () => {}))
    const fifo = leave((b) => new Scheduler(b, new RateTransmitter(b, RATE), new Fifo(b, limit), b.wakeAt, () => {}))
    expect(fifo).toEqual(line)
  }
})
