// Responses over TCP whose request's connection has gone: they go back over a new one (RFC 3261 §18.2.2).

import { expect, test } from 'vitest'
import { classify } from '../../../../experiments/classify.ts'
import type { Connection } from '../../../../platform/connection.ts'
import { latin1Decode, utf8Encode } from '../../../../platform/text.ts'
import { Network } from '../../../../sim/network/network.ts'
import { phone } from '../../../../stack/programs/phone.ts'
import { INVITE, line } from '../converse.ts'

test('the callee rings on when the caller’s connection is reset, and answers where its Via says', () => {
  const heard: string[] = []
  const remarks: string[] = []
  const network = new Network({
    ...{ seed: 'returning', level: 'signalling', classify },
    sinks: [(record) => void (record.kind === 'remark' && remarks.push(record.what))],
  })
  network.host('alice', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.host('bob', { interfaces: [{ address: '10.0.0.2/24' }] })
  network.link({ between: ['alice', 'bob'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.seal()
  phone.start(network.hostOf('bob'), { aor: 'sip:bob@b.example', talk: false, transport: 'tcp', answerAfterMs: 2000 })
  const alice = network.hostOf('alice')
  const receiver = (name: string) => ({
    received: (bytes: Uint8Array, start: number, end: number) =>
      void heard.push(`${name} ${line(latin1Decode(bytes.subarray(start, end)))}`),
    ended: () => undefined,
    closed: () => undefined,
  })
  alice.tcp.listen({ port: 5060 }, { accepted: () => receiver('second') })
  let connection: Connection | undefined
  network.ask(0, 'alice', () => {
    const made = alice.tcp.connect(alice.endpoint('10.0.0.2', 5060), {}, receiver('first'))
    if (made.ok) connection = made.value
    connection?.send(utf8Encode(INVITE.replace('SIP/2.0/UDP', 'SIP/2.0/TCP')))
  })
  network.ask(1e9, 'alice', () => connection?.abort())
  network.run(2.2e9)
  expect(heard).toEqual(['first 180 INVITE', 'second 200 INVITE'])
  expect(remarks).not.toContain('call lost')
})
