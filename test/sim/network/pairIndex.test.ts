// Rows known by two integers, beside a Map of texts.

import { fc, it } from '@fast-check/vitest'
import { describe, expect, it as plain } from 'vitest'
import { PairIndex } from '../../../sim/network/pairIndex.ts'

const integer = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer(), fc.integer({ min: 0, max: 65535 }))

describe('pairs are numbered as they come, and found again', () => {
  it.prop([fc.array(fc.tuple(integer, integer), { maxLength: 200 })])('whatever they are', (pairs) => {
    const index = new PairIndex()
    const rows = new Map<string, number>()
    for (const [a, b] of pairs) {
      const known = rows.get(`${a} ${b}`)
      expect(index.find(a, b)).toBe(known ?? -1)
      if (known !== undefined) continue
      expect(index.add(a, b)).toBe(rows.size)
      rows.set(`${a} ${b}`, rows.size)
    }
    expect(index.count).toBe(rows.size)
    for (const [key, row] of rows) expect(`${index.a(row)} ${index.b(row)}`).toBe(key)
    for (const [a, b] of pairs) expect(index.find(a, b)).toBe(rows.get(`${a} ${b}`))
  })

  plain('a hundred thousand of them: the ports of two addresses', () => {
    const index = new PairIndex()
    for (let n = 0; n < 100_000; n++) index.add(n & 1, n >> 1)
    const wrong = Array.from({ length: 100_000 }, (_, n) => n).filter((n) => index.find(n & 1, n >> 1) !== n)
    expect(wrong).toEqual([])
    expect(index.find(2, 7)).toBe(-1)
  })
})
