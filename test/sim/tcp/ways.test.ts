// Whatever box stands on the way, and whatever its links carry: the bytes arrive, all of them, in order, once; and it is one run however it is made.

import { test as law } from '@fast-check/vitest'
import { expect } from 'vitest'
import { ChanceLog } from '../../../sim/faults/freeze.ts'
import { beyondWindow, boxed, run, strikes, total, way, world } from './worlds.ts'

law.prop([boxed, way], { numRuns: 30 })(
  'a stream by way of a box arrives whole, in order, once; both sides close',
  (one, way) => {
    const { sides, network, records } = run(one, {}, way)
    // A last FIN may go on being lost until the box has forgotten the flow: all the rest was heard.
    const farewell = way.box === 'router' ? 'done' : expect.stringMatching(/^(done|timed out)$/)
    expect(sides.map(({ received, wrong, ends }) => [received, wrong, ends])).toEqual([
      [total(one.pieces[1]!), 0, ['ended', farewell]],
      [total(one.pieces[0]!), 0, ['ended', farewell]],
    ])
    expect(network.inFlight).toBe(0)
    expect(beyondWindow(records)).toEqual([])
  },
)

law.prop([boxed, way], { numRuns: 8 })('and runs the same by stages, and frozen', (one, way) => {
  const chance = new ChanceLog()
  const digests = run(one, { chance }, way).network.digests()
  expect(run(one, { fused: false }, way).network.digests()).toEqual(digests)
  const frozen = run({ ...one, faults: [...one.faults, ...chance.tape()] }, { calm: true }, way)
  expect(frozen.network.digests()).toEqual(digests)
})

law.prop([world, strikes], { numRuns: 30 })(
  'a stream goes on when what struck its hosts and their link is over, and runs the same by stages, and frozen',
  (one, strikes) => {
    const chance = new ChanceLog()
    const { sides, network } = run(one, { chance }, { strikes })
    expect(sides.map(({ received, wrong, ends }) => [received, wrong, ends])).toEqual([
      [total(one.pieces[1]!), 0, ['ended', 'done']],
      [total(one.pieces[0]!), 0, ['ended', 'done']],
    ])
    expect(network.inFlight).toBe(0)
    const digests = network.digests()
    expect(run(one, { fused: false }, { strikes }).network.digests()).toEqual(digests)
    const frozen = run({ ...one, faults: [...one.faults, ...chance.tape()] }, { calm: true }, { strikes })
    expect(frozen.network.digests()).toEqual(digests)
  },
)
