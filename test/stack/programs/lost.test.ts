// A phone whose caller cannot be reached any more: the network says so when the 180 comes to a closed port (RFC 3261 §17.2.4).

import { expect, test } from 'vitest'
import { utf8Encode } from '../../../platform/text.ts'
import { phone } from '../../../stack/programs/phone.ts'
import { INVITE } from '../sip/converse.ts'
import { Stage } from '../sip/stage.ts'

test('its call is over, the INVITE answered and forgotten: a copy does not find it ringing still', () => {
  const stage = new Stage({ alice: '10.0.0.1', bob: '10.0.0.2' })
  const bob = phone.start(stage.host('bob'), { aor: 'sip:bob@b.example', talk: false })
  const alice = stage.host('alice')
  const invite = (isOpen: boolean) => (): void => {
    const socket = alice.udp({ port: 5060 }, { received: () => undefined, failed: () => undefined })
    if (!socket.ok) return
    socket.value.send(alice.endpoint('10.0.0.2', 5060), new Uint8Array(0), utf8Encode(INVITE))
    if (!isOpen) socket.value.close()
  }
  stage.at(0, 'alice', invite(false))
  stage.at(1000, 'alice', invite(true))
  const ladder = stage.run()
  expect(stage.remarks[0]).toBe('15 bob: call lost')
  expect(ladder).toContain('1005 bob → alice: 500 INVITE')
  expect(ladder.filter((line) => line.includes('bob → alice: 180'))).toEqual([
    '5 bob → alice: 180 INVITE ✗ port closed',
  ])
  expect(bob.holdings?.held()).toEqual([])
})
