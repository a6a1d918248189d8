// Background load: over seeds 1 to 20 it sends as much as it says, with the gaps that it claims.

import { expect, test } from 'vitest'
import { Network } from '../../../sim/network/network.ts'
import { type LoadOptions, load } from '../../../stack/programs/load.ts'
import { sink } from '../../../stack/programs/sink.ts'
import { expectLaw } from '../../sim/network/laws/statistics.ts'

const OPTIONS: LoadOptions = {
  ...{
    to: '192.0.2.2',
    rateBps: 1e6,
    packetBytes: 125,
    pattern: 'constant',
    onMs: 10,
    offMs: 30,
    dscp: 8,
    active: true,
  },
}

/** The times at which packets are sent, ms, in so many seconds. */
function sent(seed: number, seconds: number, options: Partial<LoadOptions> = {}): number[] {
  const times: number[] = []
  const network = new Network({
    ...{ seed: String(seed), level: 'everything' },
    sinks: [(record) => record.kind === 'sent' && times.push(record.at / 1e6)],
    classify: () => ({ name: 'load', media: true }),
  })
  network.host('a', { interfaces: [{ address: '192.0.2.1/24' }] })
  network.host('b', { interfaces: [{ address: '192.0.2.2/24' }] })
  network.link({ between: ['a', 'b'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.seal()
  network.ask(0, 'b', () => sink.start(network.hostOf('b'), { port: 9 }))
  network.ask(0, 'a', () => load.start(network.hostOf('a'), { ...OPTIONS, ...options }))
  network.run(seconds * 1e9)
  expect(network.recorder.totals().losses).toEqual({})
  return times
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, n) => at - times[n]!)

test('constant: a packet of 125 bytes each millisecond, at 1 Mbit/s', () => {
  expect(sent(1, 0.01)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(sent(1, 1, { rateBps: 3e6 })).toHaveLength(3000)
})

test('Poisson: gaps of that mean, and of that deviation', () => {
  expectLaw(
    'load poisson: gaps',
    (seed) => gaps(sent(seed, 20, { pattern: 'poisson' })),
    (factor) => ({ mean: factor, deviation: 1 }),
  )
})

test('on–off: a quarter of the time at the full rate, the rest not at all', () => {
  expectLaw(
    'load on-off: share of the time',
    (seed) => {
      // Blocks of 400 ms are ten times as long as a burst and a pause together.
      const blocks = Array.from({ length: 75 }, () => 0)
      for (const at of sent(seed, 30, { pattern: 'on-off' })) blocks[Math.min(74, Math.floor(at / 400))]! += 1 / 400
      return [blocks.reduce((sum, one) => sum + one, 0) / 75]
    },
    // Of an alternation of exponential times, the share of the time that it is on strays by √(2 · on² · off² / (on + off)³ / time).
    (factor) => ({
      mean: 0.25 * factor,
      deviation: factor === 1 ? Math.sqrt((2 * 100 * 900) / 64_000 / 30_000) : 1e-9,
    }),
  )
})

test('it begins and ends when it is told, and only then', () => {
  const network = new Network({
    seed: '1',
    level: 'everything',
    sinks: [],
    classify: () => ({ name: 'x', media: true }),
  })
  network.host('a', { interfaces: [{ address: '192.0.2.1/24' }] })
  network.seal()
  let program: ReturnType<typeof load.start> | undefined
  network.ask(0, 'a', () => {
    program = load.start(network.hostOf('a'), { ...OPTIONS, active: false })
  })
  for (const [at, verb] of [
    [10, 'begin load'],
    [15, 'begin load'],
    [20, 'end load'],
  ] as const) {
    network.ask(at * 1e6, 'a', () => expect(program!.do(verb, {})).toBeUndefined())
  }
  network.ask(30e6, 'a', () => expect(program!.do('dance', {})).toMatchObject({ expected: 'begin load or end load' }))
  network.run()
  expect(network.recorder.totals().losses).toEqual({ 'no route': 9 }) // at 11 to 19 ms
})
