// What boxes know of ways, narrow and wide, beside a Map.

import { fc, it } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { RouteCache, UNKNOWN } from '../../../sim/boxes/routeCache.ts'

/** As many directions as fit into two bytes, and one more. */
const NARROW = 0xffff - 128

describe('a way is what was last kept for its endpoint, and unknown before', () => {
  it.prop([
    fc.constantFrom(0, 4, NARROW, NARROW + 1, 2_000_000),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 60 }),
    fc.array(fc.integer({ min: 0, max: 400 })),
  ])('with any number of directions', (directions, kept, asked) => {
    const cache = new RouteCache(directions)
    const known = new Map<number, number>()
    for (const [id, share] of kept) {
      const way = -127 + Math.floor(share * (directions + 126))
      cache.keep(id, way)
      known.set(id, way)
    }
    for (const id of [...asked, ...known.keys()]) expect(cache.to(id)).toBe(known.get(id) ?? UNKNOWN)
  })

  it.prop([fc.constantFrom(1, NARROW, NARROW + 1)])('up to the last direction', (directions) => {
    const cache = new RouteCache(directions)
    cache.keep(5, directions - 1)
    expect(cache.to(5)).toBe(directions - 1)
  })
})
