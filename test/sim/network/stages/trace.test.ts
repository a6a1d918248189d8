// A link that is driven by a trace: one row is one packet's, its loss and its delay, whatever else takes packets before and behind it.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../../sim/network/direction.ts'
import type { TraceRow } from '../../../../sim/network/laws/trace.ts'
import { type LinkRunOptions, runLink, told } from '../queues/bench.ts'

/** `0 5 x 11`: what the rows say, ms or lost. */
const rows = (words: string): readonly TraceRow[] =>
  words.split(' ').map((word) => (word === 'x' ? 'lost' : Number(word) * 1e6))

const MEDIUM = 'lost on the medium'

/** What becomes of packets that are handed to the link every 100 ms, ms after that. */
function fates(count: number, link: Partial<Direction>, options: LinkRunOptions = {}): readonly string[] {
  const packets = Array.from({ length: count }, (_, n) => ({ atMs: 100 * n, bytes: 100 }))
  const run = runLink({ delayNs: 10e6, ...link }, packets, options)
  return told(run).map((fate, n) => (Number.isNaN(Number(fate)) ? fate : `${Number(fate) - 100 * n}`))
}

/** All that enters the medium from the time on is lost. */
const allLost = { model: 'random', ratio: 1 } as const
const noneLost = { model: 'random', ratio: 0 } as const

describe('a row is one packet’s', () => {
  const trace = rows('1 x 3 4 5 x 7')

  test('packet by packet, and from the last on all over again', () => {
    expect(fates(9, { trace })).toEqual(['11', MEDIUM, '13', '14', '15', MEDIUM, '17', '11', MEDIUM])
  })

  test('where another model loses some as well', () => {
    const changes = [
      { atMs: 250, change: { loss: allLost } },
      { atMs: 450, change: { loss: noneLost } },
    ]
    expect(fates(9, { trace }, { changes })).toEqual(['11', MEDIUM, '13', MEDIUM, MEDIUM, MEDIUM, '17', '11', MEDIUM])
  })

  test('where faults drop some on the medium', () => {
    const faults = [{ where: 'a--b from a', match: { nth: 3 }, action: { drop: true } } as const]
    const found = fates(5, { trace }, { faults })
    expect([found[0], found[1], found[3], found[4]]).toEqual(['11', MEDIUM, '14', '15'])
    expect(found[2]).toContain('fault')
  })

  test('where a cut takes what waits, the next that enter the medium have the next rows', () => {
    const packets = [0, 1, 2, 500, 600].map((atMs) => ({ atMs, bytes: 1000 }))
    const link: Direction = { delayNs: 300e6, rateBps: 80_000, trace: rows('0 x 2 3') }
    const run = runLink(link, packets, { cutMs: [50, 100] })
    // 1000 bytes take 100 ms: the first alone had left for the medium when the cut came.
    expect(told(run)).toEqual(['link cut', 'link cut', 'link cut', MEDIUM, '1002'])
  })

  test('that goes through a queue which chooses: by the order on the medium', () => {
    const packets = [0, 1, 2].map((atMs, n) => ({ atMs, bytes: 1000, dscp: n === 2 ? 46 : 0 }))
    const queue = { discipline: 'priority', bands: [[46]] } as const
    const link: Direction = { delayNs: 1e6, rateBps: 800_000, trace: rows('1 2 3'), queue }
    expect(told(runLink(link, packets))).toEqual(['12', '34', '23'])
  })
})

test('packets overtake each other as they did there, and what jitter adds comes on top', () => {
  const packets = [0, 1, 2].map((atMs) => ({ atMs, bytes: 100 }))
  const link: Direction = { delayNs: 10e6, trace: rows('9 0 5'), jitter: { law: { law: 'measured', valuesNs: [2e6] } } }
  expect(told(runLink(link, packets))).toEqual(['21', '13', '19'])
})

test('in a calm no row is used', () => {
  expect(fates(3, { trace: rows('1 x 3') }, { calm: true })).toEqual(['10', '10', '10'])
})

test('the n-th packet that enters has the n-th row: whatever else loses some', () => {
  const row = fc.oneof(
    fc.constant<TraceRow>('lost'),
    fc.integer({ min: 0, max: 50 }).map((ms) => ms * 1e6),
  )
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      (trace, ratio) => {
        const found = fates(20, { trace, loss: { model: 'random', ratio } })
        found.forEach((fate, n) => {
          const wanted = trace[n % trace.length]!
          if (fate !== MEDIUM) expect(fate).toBe(wanted === 'lost' ? MEDIUM : `${10 + wanted / 1e6}`)
        })
      },
    ),
    { numRuns: 30 },
  )
})
