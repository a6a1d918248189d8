// Whatever a network does short of silence: the bytes arrive, all of them, in order, once; both sides close; nothing leaves the window.

import { test as law } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { Auditor } from '../../../experiments/auditor/auditor.ts'
import { ChanceLog } from '../../../sim/faults/freeze.ts'
import { beyondWindow, factsOf, run, sentInVain, total, world } from './worlds.ts'

describe('a stream over a network that loses, delays, copies, shuffles and corrupts', () => {
  law.prop([world], { numRuns: 60 })('arrives whole, in order, once; both sides close', (one) => {
    const { sides, network, records } = run(one)
    expect(sides.map(({ received, wrong, ends }) => [received, wrong, ends])).toEqual([
      [total(one.pieces[1]!), 0, ['ended', 'done']],
      [total(one.pieces[0]!), 0, ['ended', 'done']],
    ])
    expect(network.inFlight).toBe(0)
    expect(beyondWindow(records)).toEqual([])
  })

  law.prop([world], { numRuns: 40 })('sends nothing again that the other side has said to have', (one) => {
    // One way, and without timestamps: no acknowledgment is then too old to be heard.
    const [up = []] = one.pieces
    const { records } = run({ ...one, pieces: [up, []], tcp: { ...one.tcp, timestamps: false } })
    expect(sentInVain(records)).toEqual([])
  })

  law.prop([world], { numRuns: 15 })('audits clean, and runs the same frozen, and by stages', (one) => {
    const chance = new ChanceLog()
    const first = run(one, { chance })
    const digests = first.network.digests()
    const auditor = new Auditor({ links: factsOf(one), complete: true })
    for (const record of first.records) auditor.record(record)
    expect(auditor.end(first.network.inFlight).violations).toEqual([])
    expect(run(one).network.digests()).toEqual(digests)
    expect(run(one, { fused: false }).network.digests()).toEqual(digests)
    const frozen = run({ ...one, faults: [...one.faults, ...chance.tape()] }, { calm: true })
    expect(frozen.network.digests()).toEqual(digests)
  })
})
