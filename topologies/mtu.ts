// Whether every link can carry what its hosts may send: IPv6 needs 1280 bytes (RFC 8200 §5).

import { addressesOf } from './node.ts'
import type { Topology } from './topology.ts'
import type { Objection } from './yaml/read.ts'

const LEAST_IPV6 = 1280

/** Links too narrow for IPv6 in a topology that has IPv6. */
export function narrowLinks({ nodes, links }: Topology): readonly Objection[] {
  const ipv6 = Object.entries(nodes).find(([, node]) => addressesOf(node).some((text) => text.includes(':')))
  if (ipv6 === undefined) return []
  return links.flatMap(({ mtu, up, down }, i) =>
    [
      { mtu, path: ['links', i, 'mtu'] },
      { mtu: up?.mtu, path: ['links', i, 'up', 'mtu'] },
      { mtu: down?.mtu, path: ['links', i, 'down', 'mtu'] },
    ].flatMap((one) => {
      if (one.mtu === undefined || one.mtu >= LEAST_IPV6) return []
      const expected = `an MTU of ${LEAST_IPV6} or more, as IPv6 needs (RFC 8200 §5) and ${ipv6[0]} has IPv6, not ${one.mtu}`
      return [{ path: one.path, expected }]
    }),
  )
}
