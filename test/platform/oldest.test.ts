// The oldest of a map: the same as its first key, whatever was put in and taken out in between.

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { Oldest } from '../../platform/oldest.ts'

const step = fc.record({ deed: fc.constantFrom('put', 'put', 'renew', 'delete'), key: fc.nat({ max: 20 }) })

test.prop([fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 8 })])(
  'a map that forgets its oldest forgets its first',
  (steps, most) => {
    const map = new Map<number, true>()
    const oldest = new Oldest(map)
    for (const { deed, key } of steps) {
      if (deed !== 'put') map.delete(key)
      if (deed !== 'delete') map.set(key, true)
      if (map.size <= most) continue
      const [first] = map.keys()
      expect(oldest.next()).toBe(first)
      map.delete(first!)
    }
  },
)
