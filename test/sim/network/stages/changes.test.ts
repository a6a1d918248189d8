// A link that changes in one thing goes on in all others as if it had not: what is not named stays, and where a model stands as well.

import { expect, test } from 'vitest'
import type { Direction } from '../../../../sim/network/direction.ts'
import type { DelayLaw } from '../../../../sim/network/laws/delay.ts'
import type { Loss } from '../../../../sim/network/medium.ts'
import { runLink, told } from '../queues/bench.ts'

const LINK: Direction = { delayNs: 10e6, rateBps: 100e6 }
const PACKETS = Array.from({ length: 200 }, (_, n) => ({ atMs: n, bytes: 100 }))

/** What becomes of the packets, with the link's own delay said again every 7 ms, and with nothing said. */
const both = (link: Partial<Direction>): readonly string[][] => {
  const changes = Array.from({ length: 28 }, (_, n) => ({ atMs: 7 * n + 0.5, change: { delayNs: LINK.delayNs } }))
  return [changes, []].map((changes) => told(runLink({ ...LINK, ...link }, PACKETS, { changes })))
}

test.each<Loss>([
  { model: 'gilbert-elliott', meanRatio: 0.4, burstPackets: 9 },
  { model: 'states', toBad: 0.1, toGood: 0.1, badRatio: 0.9, goodRatio: 0.1 },
  { model: 'four-states', p13: 0.3, p31: 0.1, p32: 0.1, p23: 0.2, p14: 0.1 },
  { model: 'random', ratio: 0.4, correlation: 0.9 },
])('losses go on: $model', (loss) => {
  const [changed, unchanged] = both({ loss })
  expect(changed).toEqual(unchanged)
})

test('delays go on', () => {
  const law: DelayLaw = { law: 'normal', deviationNs: 3e6 }
  const [changed, unchanged] = both({ jitter: { law, correlation: 0.9, reorders: true } })
  expect(changed).toEqual(unchanged)
})

test('a trace goes on', () => {
  const [changed, unchanged] = both({ trace: [0, 1e6, 'lost', 3e6, 'lost', 'lost', 6e6, 7e6, 'lost', 9e6, 20e6] })
  expect(changed).toEqual(unchanged)
})

test('those that are held back go on', () => {
  const [changed, unchanged] = both({ reordering: { ratio: 0.4, correlation: 0.9, byNs: 5e6 } })
  expect(changed).toEqual(unchanged)
})

test('what is named begins anew', () => {
  const loss: Loss = { model: 'four-states', p13: 0, p31: 1, p32: 0, p23: 1, p14: 1 } // every second one, and the first
  const changes = [{ atMs: 5.5, change: { loss: { ...loss } } }]
  const fates = told(runLink({ ...LINK, loss }, PACKETS.slice(0, 12), { changes }))
  expect(fates.flatMap((fate, n) => (fate === 'lost on the medium' ? [n] : []))).toEqual([0, 2, 4, 6, 8, 10])
})
