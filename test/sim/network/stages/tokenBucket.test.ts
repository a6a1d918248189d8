// A token bucket, asked between two packets: what one run asks and another does not must change neither.

import { expect, test } from 'vitest'
import { TokenBucket } from '../../../../sim/network/stages/tokenBucket.ts'

test('asking how long it takes changes nothing, not by one bit of a rounding', () => {
  const readyAt = (second: number, asks: boolean): number => {
    const bucket = new TokenBucket({ rateBps: 1e6, burstBytes: 1500 }, 1)
    const at = 1000 * second
    bucket.take(1500, at)
    if (asks) expect(bucket.wait(400, at + second * 7919 + 1)).toBeGreaterThan(0)
    return bucket.readyAt(172, at + second * 15_838 + 11)
  }
  // The 74th came a nanosecond later where somebody had asked.
  for (const second of [1, 74, 75]) expect(readyAt(second, true)).toBe(readyAt(second, false))
})
