// The laws of RFC 6298 on the retransmission timeout, and what congestion control makes of acknowledgments (RFC 5681, RFC 6582).

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { Congestion } from '../../../sim/transport/tcp/congestion.ts'
import { RoundTrip } from '../../../sim/transport/tcp/roundTrip.ts'

const measurement = fc.double({ min: 0.001, max: 20_000, noNaN: true })

describe('the retransmission timeout', () => {
  test('1 s at first, then R + 4 · R/2, never less than a second', () => {
    const trip = new RoundTrip(1000)
    expect(trip.rtoMs).toBe(1000)
    trip.measured(600)
    expect(trip.rtoMs).toBe(1800)
    trip.measured(600)
    expect(trip.rtoMs).toBe(600 + 4 * 225)
    for (let n = 0; n < 50; n++) trip.measured(100)
    expect(trip.rtoMs).toBe(1000)
  })

  law.prop([fc.array(measurement, { minLength: 1, maxLength: 40 }), fc.nat(20)])(
    'is within its bounds, doubles when it fires, and a measurement ends the back-off',
    (measured, fired) => {
      const trip = new RoundTrip(1000)
      for (const ms of measured) trip.measured(ms)
      const before = trip.rtoMs
      expect(before).toBeGreaterThanOrEqual(1000)
      expect(before).toBeLessThanOrEqual(60_000)
      expect(trip.smoothedMs).toBeLessThanOrEqual(Math.max(...measured) * 1.000001)
      for (let n = 1; n <= fired; n++) {
        trip.backOff()
        expect(trip.rtoMs).toBe(Math.min(60_000, before * 2 ** n))
      }
      trip.measured(measured[0]!)
      expect(trip.backedOff).toBe(0)
      expect(trip.rtoMs).toBeLessThanOrEqual(60_000)
    },
  )

  test('a lost SYN leaves 3 s', () => {
    const trip = new RoundTrip(1000)
    trip.backOff()
    trip.lostSyn()
    expect(trip.rtoMs).toBe(3000)
  })
})

describe('the congestion window', () => {
  const mss = 1000
  const fresh = (): Congestion => {
    const made = new Congestion(mss, undefined, 0)
    made.established(mss, false, false)
    return made
  }

  test('begins with 4, 3 or 2 segments by their size; with one after a lost SYN', () => {
    const first = (size: number, lost: boolean): number => {
      const made = new Congestion(536, undefined, 0)
      made.established(size, lost, false)
      return made.window / size
    }
    expect([first(1000, false), first(1460, false), first(4000, false), first(1460, true)]).toEqual([4, 3, 2, 1])
  })

  test('grows by a segment for each acknowledgment, then by one for each window', () => {
    const made = fresh()
    made.acknowledged(1000, mss, 0)
    expect(made.window).toBe(5 * mss)
    made.threshold = 5 * mss
    for (let n = 0; n < 4; n++) made.acknowledged(2000, mss, 0)
    expect(made.window).toBe(5 * mss)
    made.acknowledged(3000, mss, 0)
    expect(made.window).toBe(6 * mss)
  })

  test('three duplicates: again, half the flight; a partial acknowledgment: again; a full one: half the window', () => {
    const made = fresh()
    made.window = 20 * mss
    expect([1, 2].map(() => made.duplicate(1000, 10 * mss, 11_000))).toEqual(['go on', 'go on'])
    expect(made.limitedTransmit).toBe(2 * mss)
    expect(made.duplicate(1000, 10 * mss, 11_000)).toBe('retransmit')
    expect([made.threshold, made.window, made.recovering]).toEqual([5 * mss, 8 * mss, true])
    expect(made.duplicate(1000, 10 * mss, 11_000)).toBe('go on')
    expect(made.window).toBe(9 * mss)
    expect(made.acknowledged(4000, 3 * mss, 7 * mss)).toBe('retransmit')
    expect([made.window, made.restartsTimer]).toEqual([7 * mss, true])
    expect(made.acknowledged(6000, 2 * mss, 5 * mss)).toBe('retransmit')
    expect([made.window, made.restartsTimer]).toEqual([6 * mss, false])
    expect(made.acknowledged(11_000, 5 * mss, 0)).toBe('go on')
    expect([made.window, made.recovering]).toEqual([2 * mss, false])
  })

  test('a timeout: one segment; again for the same one: the threshold stays', () => {
    const made = fresh()
    made.window = 20 * mss
    made.timedOut(10 * mss, 11_000, false)
    expect([made.threshold, made.window]).toEqual([5 * mss, mss])
    made.timedOut(mss, 11_000, true)
    expect([made.threshold, made.window]).toEqual([5 * mss, mss])
    // What was sent before the timeout may come as duplicates: none of them is a loss.
    expect([1, 2, 3].map(() => made.duplicate(5000, 5 * mss, 11_000))).toEqual(['go on', 'go on', 'go on'])
  })

  test('after a silence no more than at first', () => {
    const made = fresh()
    made.window = 20 * mss
    made.idled()
    expect(made.window).toBe(4 * mss)
  })
})
