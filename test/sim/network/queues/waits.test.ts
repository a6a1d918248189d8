// What the record says of a packet that waits is how long it does wait, if nobody comes after it: by its band, its share, its shaper.

import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../../sim/network/direction.ts'
import { type Handed, runLink, told } from './bench.ts'

const EF = 46
/** 1 Mbit/s, so that 125 bytes are a millisecond, and 1 ms of way. */
const LINK: Direction = { delayNs: 1e6, rateBps: 1e6 }
const TIMES = { targetNs: 5e6, intervalNs: 100e6 }

/** Of the last packet handed: how long it is said to wait, and how long it did, ms. */
function waits(up: Direction, packets: readonly Handed[]): readonly [told: number, real: number] {
  const { records, fates } = runLink(up, packets)
  const last = packets[packets.length - 1]!
  const waiting = records.findLast((one) => one.kind === 'queued' && one.at === last.atMs * 1e6)
  const airMs = (last.bytes * 8e3) / up.rateBps!
  const arrived = fates[fates.length - 1]!.arrivedMs[0]!
  return [
    waiting?.kind === 'queued' ? waiting.waitNs / 1e6 : 0,
    Math.round((arrived - 1 - airMs - last.atMs) * 1e3) / 1e3,
  ]
}

function bulk(count: number, more: Partial<Handed> = {}): Handed[] {
  return Array.from({ length: count }, () => ({ atMs: 0, bytes: 1250, ...more }))
}

describe('a packet is said to wait as long as it does', () => {
  test.each<[string, Direction, readonly Handed[], number]>([
    [
      'voice that goes before all else',
      { ...LINK, queue: { discipline: 'priority', bands: [[EF]] } },
      [...bulk(20), { atMs: 4, bytes: 125, dscp: EF }],
      6,
    ],
    [
      'what goes after voice',
      { ...LINK, queue: { discipline: 'priority', bands: [[EF]] } },
      [...bulk(3), ...bulk(2, { dscp: EF }), { atMs: 4, bytes: 125 }],
      46,
    ],
    [
      'a class of its own',
      { ...LINK, queue: { discipline: 'weighted', classes: [{ dscp: [EF], weight: 1 }], rest: 1 } },
      [...bulk(20), { atMs: 4, bytes: 1250, dscp: EF }],
      16,
    ],
    [
      'a flow of its own',
      { ...LINK, queue: { discipline: 'fq-codel', flows: 1024, quantumBytes: 1250, limitPackets: 1000, ...TIMES } },
      [...bulk(5), { atMs: 4, bytes: 1250, flow: 7 }],
      16,
    ],
    [
      'behind a shaper',
      { ...LINK, rateBps: 1e8, shaper: { rateBps: 1e6, burstBytes: 1250 } },
      [...bulk(5), { atMs: 4, bytes: 1250 }],
      46,
    ],
    ['in one line', { ...LINK, queue: { discipline: 'codel', ...TIMES } }, [...bulk(5), { atMs: 4, bytes: 1250 }], 46],
  ])('%s', (_, up, packets, about) => {
    const [told, real] = waits(up, packets)
    expect(told).toBe(about)
    // Shares are told by the bytes that they would be fairly.
    const isShared = 'queue' in up && /weighted|fq/.test(JSON.stringify(up.queue))
    expect(Math.abs(told - real)).toBeLessThan(isShared ? 11 : 0.001)
  })

  test('also where CoDel has dropped much of what stood before it', () => {
    const flood = Array.from({ length: 3000 }, (_, n) => ({ atMs: n, bytes: 250 }))
    const { records } = runLink({ ...LINK, queue: { discipline: 'codel', limit: { packets: 200 }, ...TIMES } }, flood)
    const told = records.flatMap((one) => (one.kind === 'queued' ? [one.waitNs / 1e6] : []))
    expect(Math.max(...told)).toBeLessThan(201 * 2)
  })
})

describe('what goes at once needs no room to wait, as in a plain queue', () => {
  const limit = { bytes: 100 }
  const queues: NonNullable<Direction['queue']>[] = [
    limit,
    { discipline: 'priority', bands: [[EF]], limit },
    { discipline: 'weighted', classes: [{ dscp: [EF], weight: 1 }], rest: 1, limit },
    { discipline: 'codel', ...TIMES, limit },
    { discipline: 'red', unit: 'bytes', min: 1000, max: 2000, ratio: 0.1, weight: 0.002, gentle: true, limit },
    { discipline: 'fq-codel', flows: 1024, quantumBytes: 1250, limitPackets: 0, ...TIMES },
  ]
  test.each(queues.map((queue) => [JSON.stringify(queue), queue] as const))('%s', (_, queue) => {
    const packets = [
      { atMs: 0, bytes: 125 },
      { atMs: 0.5, bytes: 125 },
      { atMs: 5, bytes: 125 },
    ]
    expect(told(runLink({ ...LINK, queue }, packets))).toEqual(['2', 'queue full', '7'])
    const shaped = { delayNs: 1e6, rateBps: 1e8, shaper: { rateBps: 1e6, burstBytes: 125 }, queue }
    expect(told(runLink(shaped, packets))).toEqual(['1.01', 'queue full', '6.01'])
  })
})
