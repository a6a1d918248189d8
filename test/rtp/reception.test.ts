import { readFileSync } from 'node:fs'
import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { Rows } from '../../platform/rows.ts'
import {
  beginReception,
  RECEPTION_WIDTH,
  type ReceptionReport,
  receivePacket,
  reportReception,
} from '../../stack/rtp/reception.ts'
import { data, testWith } from '../data.ts'

interface Arrival {
  readonly sequence: number
  readonly timestamp: number
  readonly atMs: number
}

const TICK_MS = 1 / 8

function receive(arrivals: readonly Arrival[], msPerTick = TICK_MS): ReceptionReport {
  let nowMs = 0
  const { doubles, integers, start } = new Rows(RECEPTION_WIDTH).take()
  beginReception({ doubles, integers, start }, 7)
  for (const { sequence, timestamp, atMs } of arrivals) {
    nowMs = atMs
    receivePacket(doubles, integers, start, { arrivedMs: nowMs }, sequence, timestamp, { msPerTick })
  }
  return reportReception({ doubles, integers, start })
}

/** `65534 65535 1 0`: one packet each 20 ms, sent on time. */
function play(notation: string): string {
  const sequences = notation.split(' ').map(Number)
  const report = receive(sequences.map((sequence, at) => ({ sequence, timestamp: at * 160, atMs: at * 20 })))
  const { received, expected, lost, duplicates, reordered, strays } = report
  const rest = [lost && `lost ${lost}`, duplicates && `twice ${duplicates}`, reordered && `late ${reordered}`]
  return [`${received}/${expected}`, ...rest, strays && `strays ${strays}`].filter(Boolean).join(', ')
}

describe('stories', () => {
  test.each([
    ['1 2 3 4', '4/4'],
    ['1 2 4', '3/4, lost 1'],
    ['1 3 2 4', '4/4, late 1'],
    ['1 2 2 3', '4/3, twice 1'],
    ['1 2 4 4 4', '5/4, lost 1, twice 2'],
    ['5 4 6', '3/3, late 1'],
    ['5 3 4 4 6', '5/4, twice 1, late 2'],
    ['65534 65535 0 1', '4/4'],
    ['65534 0 65535 1', '4/4, late 1'],
    ['65535 0 65535', '3/2, twice 1'],
    ['0 65535 1', '3/3, late 1'],
    ['1 2 30000 3', '3/3, strays 1'],
    ['1 2 30000 30001 30002', '4/4, strays 1'],
    ['1 3000 2901 2902', '4/3000, lost 2996, late 2'],
    ['1 3000 2900 3001', '3/3001, lost 2998, strays 1'],
    ['1 3000 2999 2872 3001', '4/3001, lost 2997, late 1, strays 1'],
  ])('%s: %s', (notation, expected) => {
    expect(play(notation)).toBe(expected)
  })

  test('one packet 16 ms late: a jitter of 1 ms, and 1.9375 ms after it is made good', () => {
    const late = [0, 20, 56, 60].map((atMs, at) => ({ sequence: at, timestamp: at * 160, atMs }))
    expect(receive(late.slice(0, 3)).jitterMs).toBe(1)
    expect(receive(late).jitterMs).toBe(1 + (16 - 1) / 16)
    expect(receive([...late, { sequence: 4, timestamp: 640, atMs: 80 }]).peakJitterMs).toBe(1.9375)
  })

  test('the timestamp may wrap', () => {
    const wrapping = [0, 1, 2].map((at) => ({ sequence: at, timestamp: (0xffff_ff60 + at * 160) >>> 0, atMs: at * 20 }))
    expect(receive(wrapping).jitterMs).toBe(0)
  })
})

/** Appendix A.3 and A.8 with all numbers kept: what the streaming statistics must agree with. */
function naive(arrivals: readonly Arrival[]): Omit<ReceptionReport, 'ssrc' | 'strays' | 'peakJitterMs'> {
  const seen = new Set<number>()
  let highest = 65536 + arrivals[0]!.sequence
  let [duplicates, reordered, jitterMs] = [0, 0, 0]
  for (const [at, { sequence, timestamp, atMs }] of arrivals.entries()) {
    const near = [-65536, 0, 65536].map((wrap) => highest - (highest % 65536) + sequence + wrap)
    const distance = (a: number): number => Math.abs(a - highest)
    const number = near.reduce((best, one) => (distance(one) < distance(best) ? one : best))
    if (seen.has(number)) duplicates++
    else if (number < highest) reordered++
    seen.add(number)
    highest = Math.max(highest, number)
    const before = arrivals[at - 1]
    if (before === undefined) continue
    const transitChange = atMs - before.atMs - (timestamp - before.timestamp) * TICK_MS
    jitterMs += (Math.abs(transitChange) - jitterMs) / 16
  }
  const expected = highest - Math.min(...seen) + 1
  const lost = expected - seen.size
  return { received: arrivals.length, expected, lost, duplicates, reordered, jitterMs }
}

/** Streams across one or more wraps, with losses, repetitions and packets up to 40 places late. */
const streams = fc
  .record({
    first: fc.integer({ min: 0, max: 65535 }),
    fates: fc.array(
      fc.record({
        copies: fc.constantFrom(0, 1, 1, 1, 1, 2),
        delay: fc.constantFrom(0, 0, 0, 1, 3, 40),
        lateMs: fc.integer({ min: 0, max: 30 }),
      }),
      { minLength: 1, maxLength: 300 },
    ),
  })
  .map(({ first, fates }) =>
    fates
      .flatMap(({ copies, delay, lateMs }, at) =>
        Array.from({ length: copies }, (_, copy) => ({ place: at + delay * (copy + 1), at, lateMs })),
      )
      .sort((a, b) => a.place - b.place || a.at - b.at)
      .map(({ at, lateMs }, place) => ({
        sequence: (first + at) % 65536,
        timestamp: at * 160,
        atMs: place * 20 + lateMs,
      })),
  )
  .filter((arrivals) => arrivals.length > 0)

describe('laws', () => {
  law.prop([streams])('as the naive count', (arrivals) => {
    const { ssrc: _ssrc, peakJitterMs, strays, ...report } = receive(arrivals)
    expect(report).toEqual(naive(arrivals))
    expect(strays).toBe(0)
    expect(peakJitterMs).toBeGreaterThanOrEqual(report.jitterMs)
  })

  law.prop([streams, fc.nat()])('where the arrivals begin in time changes nothing', (arrivals, offset) => {
    const later = arrivals.map((arrival) => ({ ...arrival, atMs: arrival.atMs + (offset % 1_000_000) }))
    expect(receive(later)).toEqual(receive(arrivals))
  })
})

interface Entry {
  readonly file: string
  readonly packets: number
  readonly lost: number
  readonly dups: number
  readonly reordered: number
}

testWith('rtp-traces/INDEX.json')('real streams count as their index says, and as the naive model', () => {
  const index: readonly Entry[] = JSON.parse(readFileSync(data('rtp-traces/INDEX.json'), 'utf8'))
  expect(index.length).toBeGreaterThan(30)
  for (const entry of index) {
    const arrivals = readFileSync(data(`rtp-traces/${entry.file}`), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number))
      .map(([seconds, sequence, timestamp]) => ({
        sequence: sequence!,
        timestamp: timestamp!,
        atMs: seconds! * 1000,
      }))
    const report = receive(arrivals)
    const { packets: received, lost, dups: duplicates, reordered } = entry
    expect({ file: entry.file, ...report }).toMatchObject({ file: entry.file, received, lost, duplicates, reordered })
    expect(report.jitterMs).toBeCloseTo(naive(arrivals).jitterMs, 6)
  }
})
