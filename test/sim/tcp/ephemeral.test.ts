// Which port a connection goes out from: never the one that was just left, which the far end may still hold.

import { expect, test } from 'vitest'
import { classify } from '../../../experiments/classify.ts'
import type { Connection } from '../../../platform/connection.ts'
import type { Incident } from '../../../sim/faults/incident.ts'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import { Network } from '../../../sim/network/network.ts'

const DELAY_MS = 5
/** All ports of RFC 6335 §6. */
const EPHEMERALS = 16_384

function pair(faults: readonly FaultRule[] = []) {
  const network = new Network({ seed: '1', level: 'signalling', classify, sinks: [], faults })
  network.host('a', { interfaces: [{ address: '10.0.0.1/24' }] })
  network.host('b', { interfaces: [{ address: '10.0.0.2/24' }] })
  const direction = { delayNs: DELAY_MS * 1e6 }
  network.link({ between: ['a', 'b'], up: direction, down: direction })
  network.seal()
  const [a, b] = [network.hostOf('a'), network.hostOf('b')]
  const heard: string[] = []
  b.tcp.listen(
    { port: 80 },
    {
      accepted: ({ remote }) => {
        heard.push(`${remote.port} accepted at ${b.now()} ms`)
        return { received: () => {}, ended: () => {}, closed: ({ how }) => heard.push(`${remote.port} ${how}`) }
      },
    },
  )
  const connect = (port?: number): Connection => {
    const receiver = { received: () => {}, ended: () => {}, closed: () => {} }
    const opened = a.tcp.connect(a.endpoint('10.0.0.2', 80), port === undefined ? {} : { port }, receiver)
    if (!opened.ok) throw new Error(opened.issue.expected)
    return opened.value
  }
  return { network, connect, heard, a }
}

test('who aborts and connects again at once is taken at once, though his RST was lost', () => {
  const { network, connect, heard } = pair([{ where: 'a -> b', match: { label: 'TCP RST' }, action: { drop: true } }])
  let first: Connection
  network.ask(0, 'a', () => {
    first = connect()
  })
  network.ask(1e9, 'a', () => {
    first.abort()
    connect()
  })
  network.run(2e9)
  expect(heard).toEqual(['49152 accepted at 15 ms', '49153 accepted at 1015 ms'])
})

test('who asks for the same port waits until the far end has found out', () => {
  const { network, connect, heard } = pair([
    { where: 'a -> b', match: { label: 'TCP RST', nth: 1 }, action: { drop: true } },
  ])
  let first: Connection
  network.ask(0, 'a', () => {
    first = connect(5000)
  })
  network.ask(1e9, 'a', () => {
    first.abort()
    connect(5000)
  })
  network.run(3e9)
  expect(heard).toEqual(['5000 accepted at 15 ms', '5000 reset', '5000 accepted at 2015 ms'])
})

test('a host that crashed goes on where it was', () => {
  const { network, connect, heard } = pair()
  const crash: Incident = { kind: 'crash', node: 'a', forNs: 1e9 }
  network.ask(0, 'a', () => void connect())
  network.strike(1e9, crash)
  network.ask(3e9, 'a', () => void connect())
  network.run(4e9)
  expect(heard).toEqual(['49152 accepted at 15 ms', '49153 accepted at 3015 ms'])
})

test('after the last port comes the first, past those that are taken', () => {
  const { network, connect } = pair()
  const ports: number[] = []
  network.ask(0, 'a', () => {
    const kept = connect()
    ports.push(kept.local.port)
    for (let n = 1; n < EPHEMERALS; n++) connect().abort()
    ports.push(connect().local.port)
  })
  network.run(1e9)
  expect(ports).toEqual([49152, 49153])
})
