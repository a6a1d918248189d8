// The laws of healed networks on 5000 random worlds (or the share of them that SIPTWIN_SOAK names).

import fc from 'fast-check'
import { describe, test } from 'vitest'
import { deliversAgain, deliversInTheEnd, deliversOverTcp, keepsItsLaws, worldsOn } from '../experiments/healing.ts'
import { soakCount } from './mutation.ts'

const HOUR_MS = 3_600_000

describe('any network, with calls, lost packets and incidents', () => {
  test(
    'keeps the laws of physics; run again, in stages, or frozen, it is the same to the bit',
    () =>
      fc.assert(fc.property(worldsOn(), keepsItsLaws), {
        seed: 100,
        numRuns: soakCount(5000),
      }),
    HOUR_MS,
  )
  test(
    'delivers again when it is healed',
    () =>
      fc.assert(fc.property(worldsOn({ transports: ['udp'], links: ['plain', 'local'] }), deliversAgain), {
        seed: 100,
        numRuns: soakCount(5000),
      }),
    HOUR_MS,
  )
  test(
    'delivers in the end where its links lose some by chance',
    () =>
      fc.assert(
        fc.property(worldsOn({ transports: ['udp'], links: ['broadband', 'mobile', 'satellite'] }), deliversInTheEnd),
        { seed: 100, numRuns: soakCount(5000) },
      ),
    HOUR_MS,
  )
  test(
    'delivers over TCP when its incidents are over',
    () =>
      fc.assert(fc.property(worldsOn({ transports: ['tcp'], links: ['plain', 'local'] }), deliversOverTcp), {
        seed: 100,
        numRuns: soakCount(5000),
      }),
    HOUR_MS,
  )
})
