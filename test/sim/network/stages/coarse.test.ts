// Ticks that are coarser than what links are made of: each delay is rounded for itself, and rounded again it stays.

import { expect, test } from 'vitest'
import { ChanceLog } from '../../../../sim/faults/freeze.ts'
import type { Direction } from '../../../../sim/network/direction.ts'
import { runLink, told } from '../queues/bench.ts'

const LINK: Direction = { delayNs: 10e6, rateBps: 100e6 }
const PACKETS = Array.from({ length: 50 }, (_, n) => ({ atMs: n, bytes: 100 }))

test('a run of coarse ticks is the same when it is frozen, also where a rule delays what chance holds back', () => {
  const up: Direction = { ...LINK, reordering: { ratio: 0.5, byNs: 1.4e6 } }
  const faults = [{ where: 'a -> b', match: {}, action: { delayNs: 1.4e6 } }]
  const chance = new ChanceLog()
  const chancy = told(runLink(up, PACKETS, { tickNs: 1e6, faults, chance }))
  const frozen = runLink(up, PACKETS, { tickNs: 1e6, calm: true, faults: [...faults, ...chance.tape()] })
  expect(told(frozen)).toEqual(chancy)
})
