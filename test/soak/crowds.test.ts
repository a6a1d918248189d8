// 2,000 crowds (or the share of them that SIPTWIN_SOAK names): each is one run, however it is made, also with coarse ticks and beside strangers.

import { expect, test } from 'vitest'
import { differences, strangersTell } from '../experiments/crowds/sameRun.ts'
import { crowdOf, isShort } from '../experiments/crowds/world.ts'
import { soakCount } from './mutation.ts'

const TICKS = [1, 1, 1, 1, 1, 1, 1, 1e3, 1e6, 1e9] as const

test('crowds', () => {
  const first = 1000 * Number(process.env.SIPTWIN_SEED ?? 1)
  for (let world = first; world < first + soakCount(2_000); world++) {
    const document = crowdOf(world)
    if (!isShort(document)) continue
    const tickNs = TICKS[world % TICKS.length]!
    const found = [...differences(document, tickNs), ...(tickNs === 1 ? strangersTell(document) : [])]
    expect(found, `crowd ${world}`).toEqual([])
  }
})
