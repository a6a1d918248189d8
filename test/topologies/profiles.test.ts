// Profiles: each is a link that can be built, says where its numbers are from, and delivers as it says.

import { expect, test } from 'vitest'
import { PROFILES } from '../../topologies/links/profiles.ts'
import { simulatedDirection } from '../../topologies/links/simulated.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { runLink } from '../sim/network/queues/bench.ts'

const packets = Array.from({ length: 2000 }, (_, n) => ({ atMs: n * 20, bytes: 200 }))

test.each(Object.keys(PROFILES))('%s', (profile) => {
  const text = `nodes:
  a: { kind: host, address: 192.0.2.1/24 }
  b: { kind: host, address: 192.0.2.2/24 }
links:
  - { between: [a, b], profile: ${profile} }
`
  const reading = readTopology(readYaml('t.yaml', text))
  if (!reading.ok) throw new Error(reading.mistakes[0]!.expected)
  const { up, down } = reading.value.links[0]!
  expect(PROFILES[profile as keyof typeof PROFILES].source.length).toBeGreaterThan(10)
  for (const way of [up!, down!]) {
    const { fates } = runLink(simulatedDirection(way), packets)
    const arrived = fates.flatMap(({ arrivedMs }, n) => arrivedMs.map((ms) => ms - packets[n]!.atMs))
    expect(Math.min(...arrived)).toBeGreaterThanOrEqual(way.delay! / 1e6)
    expect(arrived.length).toBeGreaterThan(packets.length * 0.85)
    if (way.loss === undefined) expect(arrived).toHaveLength(packets.length)
  }
})
