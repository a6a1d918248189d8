// netem lines at work: what each word does to packets, in its order, and with the laws that it claims.

import { describe, expect, test } from 'vitest'
import { ChanceLog } from '../../../../sim/faults/freeze.ts'
import { valuesOf } from '../../../../sim/network/netem/tables.ts'
import { readNetem } from '../../../../topologies/links/netem.ts'
import { type Handed, type LinkRunOptions, runLink, told } from '../queues/bench.ts'

const packets = (count: number, everyMs: number, bytes = 100): Handed[] =>
  Array.from({ length: count }, (_, n) => ({ atMs: n * everyMs, bytes }))

function run(line: string, handed: readonly Handed[], options: LinkRunOptions = {}) {
  const netem = readNetem(line)
  if ('expected' in netem) throw new Error(netem.expected)
  return runLink({ delayNs: 1000, netem }, handed, options)
}

/** When packets left the netem, ms, or why not: the link itself takes a microsecond. */
const left = (line: string, handed: readonly Handed[], options?: LinkRunOptions): string[] =>
  run(line, handed, options).fates.map(({ arrivedMs, lost }) => {
    return lost ?? arrivedMs.map((ms) => String(Math.round((ms - 0.001) * 1e6) / 1e6)).join(' and ')
  })

describe('delay', () => {
  test('a hundred packets sent together come together', () => {
    expect(new Set(left('delay 100ms', packets(100, 0)))).toEqual(new Set(['100']))
  })
  test('jitter lets packets overtake', () => {
    const times = left('delay 10ms 9ms', packets(50, 1)).map(Number)
    expect(times.some((time, n) => time < (times[n - 1] ?? 0))).toBe(true)
    expect(times.every((time, n) => time - n >= 1 && time - n <= 19)).toBe(true)
  })
  test('below zero is now', () => {
    expect(left('delay 1ms 100ms', packets(40, 1000)).some((time, n) => Number(time) === n * 1000)).toBe(true)
  })
})

describe('rate', () => {
  test('packets follow one another, and their own time counts towards the delay of the next', () => {
    expect(left('rate 1mbit', packets(3, 0, 125))).toEqual(['1', '2', '3'])
    expect(left('delay 10ms rate 1mbit', packets(3, 0, 125))).toEqual(['11', '12', '13'])
  })
  test('overheads and cells: 125 bytes and 10 more fill 3 cells of 48 in 53', () => {
    expect(left('rate 1272kbit 10 48 5', packets(2, 0, 125))).toEqual(['1', '2'])
    expect(left('rate 1mbit -25', packets(1, 0, 125))).toEqual(['0.8'])
  })
})

describe('limit', () => {
  test('keeps no more than it says', () => {
    expect(left('limit 2 delay 10ms', packets(3, 0))).toEqual(['10', '10', 'queue full'])
  })
  test('is 1000 if it is not said', () => {
    expect(left('delay 10ms', packets(1001, 0)).filter((one) => one === 'queue full')).toHaveLength(1)
  })
})

describe('reorder', () => {
  test('every fifth goes ahead', () => {
    expect(left('delay 10ms reorder 100% gap 5', packets(10, 1))).toEqual(
      [10, 11, 12, 13, 4, 15, 16, 17, 18, 9].map(String),
    )
  })
})

describe('slots', () => {
  test('packets leave together, as many as a slot takes', () => {
    const times = left('slot 20ms 20ms packets 2', packets(6, 1))
    expect(times[0]).toBe('0')
    const counts = new Map<string, number>()
    for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1)
    expect(Math.max(...counts.values())).toBe(2)
    expect([...counts.keys()].length).toBeGreaterThanOrEqual(3)
  })
  test('a slot is used up by its bytes', () => {
    const all = left('slot 10ms bytes 200', packets(5, 0))
    expect(all).toEqual(['0', '0', '10', '10', '20'])
  })
  test('distributed', () => {
    const all = new Set(left('slot distribution normal 10ms 1ms packets 1', packets(50, 0)))
    expect(all.size).toBe(50)
  })
})

describe('loss, copies and corruption', () => {
  test('all, or none', () => {
    expect(left('loss 100%', packets(2, 1))).toEqual(['lost at ingress', 'lost at ingress'])
    expect(left('loss 0% duplicate 0% corrupt 0%', packets(2, 1))).toEqual(['0', '1'])
  })
  test('a packet that is lost and made twice is there once', () => {
    expect(left('loss 100% duplicate 100%', packets(2, 1))).toEqual(['0', '1'])
  })
  test('a copy goes its own way through the netem', () => {
    expect(left('duplicate 100% rate 1mbit', packets(1, 0, 125))).toEqual(['1 and 2'])
  })
  test('what is corrupted, a checksum shows: the IP header’s at once, the rest’s at the end', () => {
    const { records } = run('corrupt 100%', packets(400, 1, 100))
    const whys = records.flatMap((one) => (one.kind === 'lost' ? [one.why] : []))
    expect(whys).toHaveLength(400)
    const header = whys.filter((why) => why === 'IP header corrupted').length
    // 20 of 100 bytes are the IP header's.
    expect(header).toBeGreaterThan(50)
    expect(header).toBeLessThan(110)
    expect(whys.filter((why) => why === 'corrupted')).toHaveLength(400 - header)
  })
})

test.each([
  'delay 20ms 10ms 25% loss gemodel 5% 30% 70% 1% duplicate 10% corrupt 5% reorder 20% 50% gap 3 rate 5mbit',
  'delay 5ms 3ms distribution paretonormal loss state 10% 30% 20% 40% 2% limit 20',
  'slot 5ms 15ms packets 3 bytes 1500 delay 2ms 1ms loss 3% 50%',
  'slot distribution pareto 5ms 2ms packets 2 duplicate 30% 20%',
])('frozen, %s is the same run', (line) => {
  const chance = new ChanceLog()
  const handed = packets(300, 1, 400)
  const chancy = run(line, handed, { chance })
  const frozen = run(line, handed, { calm: true, faults: chance.tape() })
  expect(frozen.network.digests()).toEqual(chancy.network.digests())
  expect(frozen.network.unmatchedFaults()).toEqual([])
  expect(told(run(line, handed))).toEqual(told(chancy))
  expect(told(run(line, handed, { calm: true }))).not.toEqual(told(chancy))
})

describe('its tables', () => {
  test('are ordered, and as wide as they say', () => {
    for (const name of ['normal', 'pareto', 'paretonormal'] as const) {
      const values = valuesOf(name)
      expect(values).toHaveLength(4096)
      expect([...values].sort((x, y) => x - y)).toEqual(values)
    }
    const normal = valuesOf('normal')
    const square = normal.reduce((sum, one) => sum + (one / 8192) * (one / 8192), 0) / 4096
    expect(square).toBeCloseTo(1, 2)
    expect(valuesOf('pareto')[0]).toBe(Math.round(-8192 * (2 / 3)))
    expect(Math.max(...valuesOf('pareto'))).toBe(32767)
  })
})
