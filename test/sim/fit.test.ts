// How wide a wheel's spans are and how many: the exact numbers at the edges, and what holds for any.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { fittingSize, fittingWidth, isNear, SIZE_MIN } from '../../sim/kernel/fit.ts'

const SIZE_MAX = 2 ** 20
const power = (most: number) => fc.nat(most).map((exponent) => 2 ** exponent)
const gaps = fc.oneof(
  fc.nat(20),
  fc.nat(4e9).map((n) => n / 1e3),
  fc.nat(4e9).map((n) => n * 2e6),
)

describe('the width of a span', () => {
  test.each([
    ['is one tick where events come closer than that', 0, 1, 1],
    ['is one tick for a mean distance of two', 2, 1, 1],
    ['is narrowed to one tick', 2, 2, 1],
    ['is half the mean distance', 4096, 1e9, 2048],
    ['is the next power of two above that', 4097, 1e9, 4096],
    ['stays where it fits', 4096, 2048, 2048],
    ['stays where it is half of what fits', 4096, 1024, 1024],
    ['stays where it is a quarter of what fits', 4096, 512, 512],
    ['grows where it is an eighth of what fits', 4096, 256, 2048],
    ['grows by a hair above four times', 8.001, 1, 8],
    ['shrinks where it is twice what fits', 4096, 4096, 2048],
    ['reaches the longest distances', 2 ** 53 - 1, 1, 2 ** 52],
  ])('%s: events %d ticks apart, %d before, %d now', (_, gap, present, width) => {
    expect(fittingWidth(gap, present)).toBe(width)
  })

  law.prop([gaps, power(52)])(
    'is a power of two from an eighth of the mean distance to less than all of it',
    (gap, present) => {
      const width = fittingWidth(gap, present)
      expect(Number.isInteger(Math.log2(width))).toBe(true)
      expect(width).toBeGreaterThanOrEqual(gap / 8)
      if (width > 1) expect(width).toBeLessThan(gap)
    },
  )

  law.prop([gaps, power(52)])('once fitted stays', (gap, present) => {
    const width = fittingWidth(gap, present)
    expect(fittingWidth(gap, width)).toBe(width)
  })
})

describe('the number of lists', () => {
  test.each([
    ['is at least 256', 1, 1024, 10, SIZE_MIN],
    ['is at least 256, for no events too', 1000, 1, 0, SIZE_MIN],
    ['reaches twice as far as events wait', 1024, 512, 1000, 4096],
    ['is exact where that is a power of two', 8, 4, 1024, 4096],
    ['is the next power of two above that', 8, 4, 1025, 8192],
    ['is halved where spans are twice as wide', 8, 8, 1024, 2048],
    ['leaves 256 with one event more', 1, 1, 129, 512],
    ['is 256 with as many as it reaches for', 1, 1, 128, 256],
    ['is at most 2^20', 8, 1, 1e6, SIZE_MAX],
    ['comes up to that', 1, 1, 262_145, SIZE_MAX],
  ])('%s: events %d ticks apart, spans of %d, %d of them, %d lists', (_, gap, width, count, size) => {
    expect(fittingSize(gap, width, count)).toBe(size)
  })

  law.prop([gaps, power(30), fc.nat(5_000_000)])(
    'is the least power of two that reaches so far',
    (gap, width, count) => {
      const size = fittingSize(gap, width, count)
      const reach = 2 * count * gap
      expect(Number.isInteger(Math.log2(size))).toBe(true)
      expect(size).toBeGreaterThanOrEqual(SIZE_MIN)
      expect(size).toBeLessThanOrEqual(SIZE_MAX)
      if (size < SIZE_MAX) expect(size * width).toBeGreaterThanOrEqual(reach)
      if (size > SIZE_MIN) expect((size / 2) * width).toBeLessThan(reach)
    },
  )
})

test.each([
  [255, 256, false],
  [256, 256, true],
  [1024, 256, true],
  [1025, 256, false],
  [1, 1, true],
  [0.5, 1, false],
])('%d lists where %d fit are worth no change: %s', (value, least, near) => expect(isNear(value, least)).toBe(near))
