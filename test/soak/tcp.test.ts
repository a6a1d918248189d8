// The law of TCP's streams on thousands of random networks.

import { fc, test as law } from '@fast-check/vitest'
import { expect } from 'vitest'
import { beyondWindow, run, total, world } from '../sim/tcp/worlds.ts'

law.prop([world, fc.nat()], { numRuns: 3000 })(
  'a stream arrives whole, in order, once; both sides close',
  (one, seed) => {
    const { sides, network, records } = run({ ...one, seed: String(seed) })
    expect(sides.map(({ received, wrong, ends }) => [received, wrong, ends])).toEqual([
      [total(one.pieces[1]!), 0, ['ended', 'done']],
      [total(one.pieces[0]!), 0, ['ended', 'done']],
    ])
    expect(network.inFlight).toBe(0)
    expect(beyondWindow(records)).toEqual([])
  },
)
