// A SYN that nobody asked for, which a NAT keeps for 6 s before it says so (RFC 5382 REQ-4).

import { expect, test } from 'vitest'
import { Network } from '../../../sim/network/network.ts'

/** What the NAT itself sends, ms, when a SYN comes at 0 s and again at 1 s and 3 s. */
function answers(reboots: readonly { readonly atNs: number; readonly forNs?: number }[]): readonly number[] {
  const sent: number[] = []
  const network = new Network({
    ...{ seed: '1', level: 'everything', classify: () => ({ name: 'data', media: false }) },
    sinks: [(record) => record.kind === 'sent' && record.id.node === 'box' && sent.push(Math.floor(record.at / 1e6))],
  })
  network.host('a', { interfaces: [{ address: '10.0.0.2/24' }], gateway: 'box' })
  network.host('b', { interfaces: [{ address: '198.51.100.7/24' }] })
  network.nat('box', { inside: '10.0.0.1/24', outside: '198.51.100.1/24' })
  const direction = { delayNs: 1e6 }
  for (const name of ['a', 'b']) network.link({ between: [name, 'box'], up: direction, down: direction })
  network.seal()
  const b = network.hostOf('b')
  const receiver = { connected: () => {}, received: () => {}, ended: () => {}, closed: () => {} }
  network.ask(0, 'b', () => void b.tcp.connect(b.endpoint('198.51.100.1', 80), {}, receiver))
  for (const { atNs, ...rest } of reboots) network.strike(atNs, { kind: 'reboot', node: 'box', ...rest })
  network.run(10e9)
  return sent
}

test('is answered after 6 s; after a reboot no more', () => {
  expect(answers([])).toEqual([6001, 7001, 9001])
  expect(answers([{ atNs: 2e9 }])).toEqual([9001])
  expect(answers([{ atNs: 2e9, forNs: 60e9 }])).toEqual([])
})
