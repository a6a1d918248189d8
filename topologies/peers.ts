// Whom programs speak to, by names that only a mistake can have written.

import { nearest } from '../platform/nearest.ts'
import type { Topology } from './topology.ts'
import type { Objection } from './yaml/read.ts'

/** The options that name another host, with a port or without. */
const PEERS = ['proxy', 'to', 'stun', 'server'] as const

/**
 * Names of programs' peers that nobody has and that are close to one that somebody has. Only of hosts that ask no DNS server, and only names
 * without a dot: others may be known to the real world's DNS, where the topology is run on real sockets.
 */
export function mistypedPeers({ nodes, names }: Topology): readonly Objection[] {
  const known = [...Object.keys(nodes), ...Object.keys(names)]
  return Object.entries(nodes).flatMap(([name, node]): readonly Objection[] => {
    if (node.kind !== 'host' || node.runs === undefined || node.resolver !== undefined) return []
    return [node.runs].flat().flatMap((program, i) =>
      PEERS.flatMap((key): readonly Objection[] => {
        const written: unknown = (program as Readonly<Record<string, unknown>>)[key]
        const peer = typeof written === 'string' ? /^[^:.]+/.exec(written)?.[0] : undefined
        if (peer === undefined || typeof written !== 'string' || written.includes('.') || known.includes(peer))
          return []
        const close = nearest(peer, known)
        if (close === undefined) return []
        const path = ['nodes', name, 'runs', ...(Array.isArray(node.runs) ? [i] : []), key]
        return [{ path, expected: `a host that ${name} can find, not "${peer}": did you mean ${close}?` }]
      }),
    )
  })
}
