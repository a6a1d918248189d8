// Queues that drop before they are full: RED, CoDel and FQ-CoDel; and transmitters that a trace drives.

import { describe, expect, test } from 'vitest'
import { CoDel } from '../../../../sim/network/queues/codel.ts'
import { FqCoDel } from '../../../../sim/network/queues/fqCoDel.ts'
import { Red, type RedOptions } from '../../../../sim/network/queues/red.ts'
import { Scheduler } from '../../../../sim/network/stages/scheduler.ts'
import { RateTransmitter } from '../../../../sim/network/stages/transmitter.ts'
import { expectLaw, streamOf, times } from '../laws/statistics.ts'
import { StageBench } from '../stages/bench.ts'
import { type Handed, runLink, told } from './bench.ts'

const MS = 1e6

describe('RED', () => {
  /** Keeps `standing` packets in the queue, so that its average is that; weight 1 believes at once. */
  function shed(options: Partial<RedOptions>, standing: number, count: number, seed: number): number[] {
    const bench = new StageBench()
    const all = { discipline: 'red', unit: 'packets', min: 50, max: 150, ratio: 0.2, weight: 1, gentle: true } as const
    const around = {
      name: 'x',
      stream: streamOf(seed),
      weather: { calm: false },
      chance: undefined,
      usualTicks: () => 1,
    }
    const red = new Red(bench, { ...all, ...options }, around)
    const taken = times(standing + count, (n) => {
      const isTaken = red.enqueue(n, 0, false)
      if (isTaken && red.count > standing) red.dequeue(0)
      return isTaken ? 0 : 1
    })
    return taken.slice(standing)
  }
  test('half way between the thresholds the chance is half of the most, and spread evenly: a drop every 5 packets', () => {
    // Between two drops there are 1 to 9 packets, each as likely: evenly spread, the share is twice the chance.
    expectLaw(
      'Red: between drops',
      (seed) => {
        const fates = shed({}, 100, 40_000, seed)
        const ends = fates.flatMap((fate, n) => (fate === 1 ? [n] : []))
        return ends.slice(1).map((end, n) => end - ends[n]!)
      },
      (factor) => ({ mean: 5 * factor, deviation: Math.sqrt(80 / 12) }),
    )
  })
  test('below the lower threshold none is dropped, at twice the upper all are', () => {
    expect(shed({}, 49, 500, 1).includes(1)).toBe(false)
    expect(shed({ min: 1, max: 2, gentle: false }, 3, 500, 1).includes(0)).toBe(false)
    expect(shed({ min: 1, max: 2, ratio: 0, gentle: true }, 4, 500, 1).includes(0)).toBe(false)
  })
  test('drops come early: a queue that is overloaded stays shorter than its room', () => {
    const queue = {
      discipline: 'red',
      unit: 'packets',
      min: 5,
      max: 15,
      ratio: 0.1,
      weight: 0.02,
      gentle: true,
    } as const
    const packets = times(2000, (n) => ({ atMs: n * 0.9, bytes: 125 }))
    const run = runLink({ delayNs: 1000, rateBps: 1e6, queue: { ...queue, limit: { packets: 100 } } }, packets)
    const whys = new Set(told(run).filter((one) => Number.isNaN(Number(one))))
    expect([...whys]).toEqual(['active queue management'])
  })
})

describe('CoDel', () => {
  const OPTIONS = { targetNs: 5 * MS, intervalNs: 100 * MS }
  /** A packet is a millisecond of the transmitter. */
  function overload(load: number, count: number): StageBench {
    const bench = new StageBench()
    const codel = new CoDel(bench, { discipline: 'codel', ...OPTIONS })
    const stage = new Scheduler(bench, new RateTransmitter(bench, 8e6), codel, bench.wakeAt, () => {})
    return bench.run(
      stage,
      count,
      () => MS / load,
      () => 1000,
    )
  }
  test('drops nothing that is in time', () => expect(overload(0.99, 5000).dropped).toEqual([]))
  test('waits for an interval, then drops ever more often: after 100 ms / √n', () => {
    const drops = overload(1.5, 900).dropped.map(({ at }) => at / MS)
    // At 1.5 times the rate the wait passes 5 ms after some 15 ms, and has done so for 100 ms at some 117 ms.
    expect(drops[0]).toBeGreaterThan(112)
    expect(drops[0]).toBeLessThan(122)
    const gaps = drops.slice(1).map((at, n) => at - drops[n]!)
    const law = gaps.map((_, n) => 100 / Math.sqrt(n + 1))
    let [is, should] = [0, 0]
    for (const [n, gap] of gaps.entries()) {
      is += gap
      should += law[n]!
      expect(Math.abs(is - should)).toBeLessThanOrEqual(1.01)
    }
  })
  test('a transmitter’s own packet is never too much: a slow link drops nothing for its slowness', () => {
    const bench = new StageBench()
    const codel = new CoDel(bench, { discipline: 'codel', ...OPTIONS })
    const stage = new Scheduler(bench, new RateTransmitter(bench, 64_000), codel, bench.wakeAt, () => {})
    // 1000 bytes take 125 ms: each waits for the one before it.
    expect(
      bench.run(
        stage,
        200,
        () => 125 * MS,
        () => 1000,
      ).dropped,
    ).toEqual([])
  })
})

describe('FQ-CoDel', () => {
  const queue = {
    discipline: 'fq-codel',
    targetNs: 5 * MS,
    intervalNs: 100 * MS,
    flows: 1024,
    quantumBytes: 1514,
  } as const
  const bulk = times(3000, (n): Handed => ({ atMs: n * 0.5, bytes: 1250, flow: 1 }))
  const voice = times(70, (n): Handed => ({ atMs: n * 20 + 3.3, bytes: 200, flow: 2 }))
  const link = { delayNs: 1000, rateBps: 10e6 }

  test('a call beside a flood waits for a packet or two, where a plain queue makes it wait for all', () => {
    const late = (up: Parameters<typeof runLink>[0]): number => {
      const { fates } = runLink(up, [...voice, ...bulk])
      return Math.max(...voice.map(({ atMs }, n) => fates[n]!.arrivedMs[0]! - atMs))
    }
    expect(late({ ...link, queue: { ...queue, limitPackets: 10_240 } })).toBeLessThan(2.5)
    expect(late(link)).toBeGreaterThan(100)
  })
  test('where there is no room, the flow that takes most pays', () => {
    const run = runLink({ ...link, queue: { ...queue, limitPackets: 20 } }, [...voice, ...bulk])
    expect(run.fates.slice(0, 70).every(({ lost }) => lost === undefined)).toBe(true)
    expect(told(run)).toContain('queue full')
    expect(run.network.inFlight).toBe(0)
  })
  test('two floods share the link evenly', () => {
    const both = times(4000, (n): Handed => ({ atMs: n * 0.25, bytes: n % 2 === 0 ? 1250 : 625, flow: n % 2 }))
    const { fates } = runLink({ ...link, queue: { ...queue, limitPackets: 10_240 } }, both)
    const bytes = (flow: number): number =>
      both.reduce((sum, packet, n) => {
        return packet.flow === flow && (fates[n]!.arrivedMs[0] ?? 1e9) < 900 ? sum + packet.bytes : sum
      }, 0)
    expect(bytes(0) / bytes(1)).toBeGreaterThan(0.9)
    expect(bytes(0) / bytes(1)).toBeLessThan(1.1)
  })
  test('flows are spread over lines, the same in every run', () => {
    const bench = new StageBench()
    const lines = new FqCoDel(bench, { ...queue, limitPackets: 100 })
    bench.run(
      { push: () => {}, clear: () => {} },
      14,
      () => 0,
      () => 1514,
    )
    for (let n = 0; n < 14; n++) lines.enqueue(n, 0, false)
    // Seven flows of two packets: each flow's first goes before any flow's second.
    const order = times(14, () => lines.dequeue(0))
    expect(order.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(order.slice(7)).toEqual([7, 8, 9, 10, 11, 12, 13])
  })
})

describe('delivery opportunities', () => {
  const up = { delayNs: 1e6, opportunities: { timesMs: [5, 5, 20] } }
  test('packets leave when they may: short ones together, long ones over several, and the trace begins anew', () => {
    const packets = [1504, 700, 700, 200, 1504].map((bytes) => ({ atMs: 0, bytes }))
    // 1504 at 5; 700 and 700 at the second 5, with 104 left for the 200, whose rest goes at 20; then 1504: the rest of 20, and 25.
    expect(told(runLink(up, packets))).toEqual(['6', '6', '6', '21', '26'])
  })
  test('what nobody uses is lost, however long the silence', () => {
    expect(
      told(
        runLink(up, [
          { atMs: 6, bytes: 100 },
          { atMs: 100_001, bytes: 100 },
        ]),
      ),
    ).toEqual(['21', '100006'])
  })
  test('a queue before it has its limits', () => {
    const packets = times(6, () => ({ atMs: 0, bytes: 1504 }))
    expect(told(runLink({ ...up, queue: { packets: 2 } }, packets))).toEqual([
      '6',
      '6',
      '21',
      'queue full',
      'queue full',
      'queue full',
    ])
  })
})
