// Rows that die by themselves, beside a Map.

import { fc, it } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { NO_ROW, TimedTable } from '../../../sim/boxes/table.ts'

const step = fc.record({
  what: fc.constantFrom('add', 'add', 'add', 'remove', 'wait'),
  a: fc.integer({ min: 0, max: 9 }),
  b: fc.integer({ min: -1, max: 9 }),
  lives: fc.integer({ min: 1, max: 50 }),
})

describe('a row is found by its two keys', () => {
  it.prop([fc.array(step, { maxLength: 300 })])('until its time has come, or it is removed', (steps) => {
    const gone: string[] = []
    const table: TimedTable = new TimedTable((row) => gone.push(`${table.a(row)} ${table.b(row)}`))
    const known = new Map<string, { readonly row: number; readonly diesAt: number }>()
    let now = 0
    for (const [n, { what, a, b, lives }] of steps.entries()) {
      if (what === 'wait') now += lives >> 2
      else if (what === 'add') {
        const row = table.add(a, b, n, now + lives, now)
        known.set(`${a} ${b}`, { row, diesAt: now + lives })
        expect([table.a(row), table.b(row), table.value(row), table.diesAt(row)]).toEqual([a, b, n, now + lives])
      } else {
        const row = table.find(a, b, now)
        if (row !== NO_ROW) {
          table.remove(row)
          known.delete(`${a} ${b}`)
          expect(gone.at(-1)).toBe(`${a} ${b}`)
        }
      }
      for (let x = 0; x <= 9; x++) {
        for (let y = -1; y <= 9; y++) {
          const one = known.get(`${x} ${y}`)
          expect(table.find(x, y, now)).toBe(one !== undefined && now < one.diesAt ? one.row : NO_ROW)
        }
      }
    }
    table.clear()
    expect(table.count).toBe(0)
  })

  test('each of a hundred thousand, and none that was removed', () => {
    const table = new TimedTable()
    const rows = Array.from({ length: 100_000 }, (_, n) => table.add(n % 7, n, n, 1, 0))
    for (let n = 0; n < 100_000; n += 3) table.remove(rows[n]!)
    const wrong = rows.filter((row, n) => table.find(n % 7, n, 0) !== (n % 3 === 0 ? NO_ROW : row))
    expect([wrong, table.count]).toEqual([[], 66_666])
  })
})
