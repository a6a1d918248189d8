// Exact mathematics against the engine's own, which is good to a unit or two of the last place, and against the law that it inverts.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { exp, ln } from '../../../platform/math/exponential.ts'
import { inverseNormal } from '../../../platform/math/normal.ts'

const close = (is: number, should: number, relative: number): boolean =>
  is === should || Math.abs(is - should) <= relative * Math.abs(should) || Math.abs(is - should) < 5e-324

law.prop([fc.double({ min: 5e-324, max: 1.7e308, noNaN: true })])('ln has the bits of a logarithm', (x) => {
  expect(close(ln(x), Math.log(x), 5e-16), `ln ${x} = ${ln(x)}, not ${Math.log(x)}`).toBe(true)
})

law.prop([fc.double({ min: 0.5, max: 2, noNaN: true })])('ln near 1 loses nothing', (x) => {
  expect(close(ln(x), Math.log(x), 5e-16), `ln ${x} = ${ln(x)}, not ${Math.log(x)}`).toBe(true)
})

law.prop([fc.double({ min: -745, max: 709, noNaN: true })])('exp has the bits of an exponential', (x) => {
  expect(close(exp(x), Math.exp(x), x < -708 ? 1e-2 : 1e-15), `exp ${x} = ${exp(x)}, not ${Math.exp(x)}`).toBe(true)
})

test('the ends', () => {
  expect([ln(0), ln(1), ln(Number.POSITIVE_INFINITY)]).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY])
  expect([ln(-1), ln(Number.NaN), exp(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  expect([exp(0), exp(-1000), exp(1000), exp(710)]).toEqual([1, 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
  expect([inverseNormal(0), inverseNormal(1), inverseNormal(0.5)]).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    0,
  ])
})

/** The chance that a standard normal variable exceeds x ≥ 0: a series near 0, a continued fraction far out. */
function above(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (x < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; n < 120; n++) {
      term *= (x * x) / (2 * n + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = x
  for (let n = 200; n >= 1; n--) fraction = x + n / fraction
  return density / fraction
}

describe('the inverse of the normal law', () => {
  law.prop([fc.double({ min: 0, max: 8, noNaN: true })])('gives back what lies above a value', (x) => {
    const p = above(x)
    const value = -inverseNormal(p)
    // A chance known to 1e-15 fixes the value to that over the density.
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
    expect(Math.abs(value - x)).toBeLessThan(
      2e-15 * Math.max(1, x) + (4e-16 * Math.max(p, 0.05)) / density + (p < 0.01 ? 3e-13 : 0),
    )
  })
  test('known values', () => {
    expect(inverseNormal(0.975)).toBeCloseTo(1.959963984540054, 14)
    expect(inverseNormal(0.025)).toBeCloseTo(-1.959963984540054, 14)
    expect(inverseNormal(1e-10)).toBeCloseTo(-6.361340902404056, 12)
    expect(inverseNormal(1e-300)).toBeCloseTo(-37.0471, 3)
  })
})
