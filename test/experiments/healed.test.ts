import { test as law } from '@fast-check/vitest'
import { describe } from 'vitest'
import { runs } from '../sim/runs.ts'
import { deliversAgain, deliversInTheEnd, deliversOverTcp, keepsItsLaws, worldsOn } from './healing.ts'

describe('any network, with calls, lost packets and incidents', () => {
  law.prop([worldsOn()], { numRuns: runs(8) })(
    'keeps the laws of physics; run again, in stages, or frozen, it is the same to the bit',
    keepsItsLaws,
  )
  law.prop([worldsOn({ transports: ['udp'], links: ['plain', 'local'] })], { numRuns: runs(8) })(
    'delivers again when it is healed',
    deliversAgain,
  )
  law.prop([worldsOn({ transports: ['udp'], links: ['broadband', 'mobile', 'satellite'] })], { numRuns: runs(8) })(
    'delivers in the end where its links lose some by chance',
    deliversInTheEnd,
  )
  law.prop([worldsOn({ transports: ['tcp'], links: ['plain', 'local'] })], { numRuns: runs(8) })(
    'delivers over TCP when its incidents are over',
    deliversOverTcp,
  )
})
