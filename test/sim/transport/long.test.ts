// The longest datagrams: what no IP packet can hold is not sent, and the program is told as by a real socket.

import { expect, test } from 'vitest'
import { Network } from '../../../sim/network/network.ts'

test.each([
  ['10.0.0', '/24', 65_507, '65507 bytes'],
  ['10.0.0', '/24', 65_508, 'fragmentation needed'],
  ['10.0.0', '/24', 200_000, 'fragmentation needed'],
  ['2001:db8:', '/64', 65_527, '65527 bytes'],
  ['2001:db8:', '/64', 65_528, 'fragmentation needed'],
])('from %s.1%s: %d bytes: %s', (net, prefix, length, expected) => {
  const dot = net.includes(':') ? ':' : '.'
  const told: string[] = []
  const network = new Network({
    seed: '1',
    level: 'counters',
    classify: () => ({ name: 'UDP', media: false }),
    sinks: [],
  })
  for (const [n, name] of ['a', 'b'].entries()) {
    network.host(name, { interfaces: [{ address: `${net}${dot}${n + 1}${prefix}` }] })
  }
  network.link({ between: ['a', 'b'], up: { delayNs: 1e6, mtuBytes: 1500 }, down: { delayNs: 1e6 } })
  network.seal()
  const [a, b] = [network.hostOf('a'), network.hostOf('b')]
  b.udp({ port: 9 }, { received: (datagram) => told.push(`${datagram.length} bytes`), failed: () => {} })
  const opened = a.udp({}, { received: () => {}, failed: (_, why) => told.push(why) })
  network.ask(0, 'a', () => {
    if (opened.ok) opened.value.send(a.endpoint(`${net}${dot}2`, 9), new Uint8Array(12), new Uint8Array(length - 12))
    expect(told).toEqual([])
  })
  network.run()
  expect(told).toEqual([expected])
  expect(network.recorder.totals().sent > 0).toBe(expected.endsWith('bytes'))
})
