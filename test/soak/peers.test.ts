// 5,000 worlds (or the share of them that SIPTWIN_SOAK names) in which peers say anything to a phone and a proxy.

import { expect, test } from 'vitest'
import { hear } from '../stack/sip/peers.ts'
import { soakCount } from './mutation.ts'

test('whatever peers say, the run goes on', () => {
  for (let world = 0; world < soakCount(5000); world++) expect(() => hear(world), `world ${world}`).not.toThrow()
})
