// Rows by endpoint, beside a Map.

import { fc, it } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { RowsByEndpoint } from '../../../sim/boxes/nat/rowsByEndpoint.ts'
import { NO_ROW } from '../../../sim/boxes/table.ts'

const step = fc.record({
  release: fc.boolean(),
  id: fc.integer({ min: 0, max: 40 }),
  row: fc.integer({ min: 0, max: 3 }),
})

describe("an endpoint's row", () => {
  it.prop([fc.array(step, { maxLength: 80 })])('is the last that was set, until that very one is released', (steps) => {
    const rows = new RowsByEndpoint()
    const known = new Map<number, number>()
    for (const { release, id, row } of steps) {
      if (release) {
        rows.release(id, row)
        if (known.get(id) === row) known.delete(id)
      } else {
        rows.set(id, row)
        known.set(id, row)
      }
      for (let one = 0; one <= 41; one++) expect(rows.at(one)).toBe(known.get(one) ?? NO_ROW)
    }
  })
})
