// The parts of a link apart: how a medium loses, and who finds room in a queue.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { RandomStreams } from '../../../platform/random.ts'
import { type Loss, lossModel } from '../../../sim/network/medium.ts'
import { DropTail, type QueueLimit } from '../../../sim/network/queue.ts'

const PACKETS = 100_000

/** The part that is lost, and the mean length of the runs of lost packets. */
function lose(loss: Loss): { ratio: number; burst: number } {
  const model = lossModel(loss, new RandomStreams('medium').take('loss'))
  const lost = Array.from({ length: PACKETS }, () => model.lost())
  const total = lost.filter(Boolean).length
  const bursts = lost.filter((one, n) => one && lost[n - 1] !== true).length
  return { ratio: total / PACKETS, burst: total / bursts }
}

describe('a medium', () => {
  it.each([0.01, 0.2, 0.5])('loses %f of its packets by chance, one as likely as another', (ratio) => {
    const found = lose({ model: 'random', ratio })
    expect(Math.abs(found.ratio / ratio - 1)).toBeLessThan(0.12)
    expect(found.burst * (1 - ratio)).toBeCloseTo(1, 1)
  })

  it.each([
    [0.01, 3],
    [0.05, 1],
    [0.2, 10],
    [0.5, 2],
  ])('that loses in bursts loses %f in the mean, in bursts of %f', (meanRatio, burstPackets) => {
    const found = lose({ model: 'gilbert-elliott', meanRatio, burstPackets })
    expect(Math.abs(found.ratio / meanRatio - 1)).toBeLessThan(0.12)
    expect(Math.abs(found.burst / burstPackets - 1)).toBeLessThan(0.12)
  })

  it('loses all, or nothing', () => {
    expect(lose({ model: 'random', ratio: 1 }).ratio).toBe(1)
    expect(lose({ model: 'random', ratio: 0 }).ratio).toBe(0)
    expect(lose({ model: 'gilbert-elliott', meanRatio: 0, burstPackets: 4 }).ratio).toBe(0)
  })
})

/** A queue that keeps its packets in a list: who still waits is counted anew each time. */
function accepted(limit: QueueLimit, arrivals: readonly Arrival[]): boolean[] {
  let waiting: { start: number; bytes: number }[] = []
  return play(arrivals, (now, start, bytes) => {
    waiting = waiting.filter((one) => one.start > now)
    const held = waiting.reduce((sum, one) => sum + one.bytes, 0)
    const room = 'packets' in limit ? waiting.length < limit.packets : held + bytes <= limit.bytes
    if (room) waiting.push({ start, bytes })
    return room
  })
}

interface Arrival {
  readonly gap: number
  readonly bytes: number
}

/** Arrivals before a transmitter that sends a byte per tick; only those that find it busy ask for room. */
function play(arrivals: readonly Arrival[], accept: (now: number, start: number, bytes: number) => boolean): boolean[] {
  let now = 0
  let freeAt = 0
  return arrivals.map(({ gap, bytes }) => {
    now += gap
    const isTaken = freeAt <= now || accept(now, freeAt, bytes)
    if (isTaken) freeAt = Math.max(freeAt, now) + bytes
    return isTaken
  })
}

const limits: fc.Arbitrary<QueueLimit> = fc.oneof(
  fc.record({ packets: fc.nat(40) }),
  fc.record({ bytes: fc.nat(3000) }),
)
const arrivals = fc.array(fc.record({ gap: fc.nat(150), bytes: fc.integer({ min: 1, max: 200 }) }), {
  maxLength: 200,
  size: 'max',
})

law.prop([limits, arrivals])('a queue has room for whom a list would, however long it becomes', (limit, some) => {
  const queue = new DropTail(limit)
  expect(play(some, (now, start, bytes) => queue.accept(now, start, bytes))).toEqual(accepted(limit, some))
})
