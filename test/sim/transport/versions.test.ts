// A host that has addresses of one version of IP only, and speaks to the other.

import { expect, test } from 'vitest'
import { Network } from '../../../sim/network/network.ts'

test.each([
  ['192.0.2.1/24', '2001:db8::9'],
  ['2001:db8::1/64', '192.0.2.9'],
])('from %s nothing goes to %s, and the socket learns it', (own, other) => {
  const network = new Network({
    seed: '1',
    level: 'everything',
    sinks: [],
    classify: () => ({ name: 'UDP', media: false }),
  })
  network.router('router')
  network.host('alice', { interfaces: [{ address: own }] })
  network.link({ between: ['alice', 'router'], up: { delayNs: 1000 }, down: { delayNs: 1000 } })
  network.seal()
  const alice = network.hostOf('alice')
  const learnt: string[] = []
  const opened = alice.udp(
    { port: 5060 },
    { received: () => {}, failed: (to, why) => learnt.push(`${to.address} ${why} at ${alice.now()} ms`) },
  )
  if (!opened.ok) throw new Error(opened.issue.expected)
  opened.value.send(alice.endpoint(other, 5060), new Uint8Array(0), new Uint8Array(4))
  network.run()
  expect(learnt).toEqual([`${other} network unreachable at 0.001 ms`])
  expect(network.recorder.totals().sent).toBe(0)
})
