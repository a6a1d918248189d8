// The base timers that a topology gives its SIP programs: by them the oracles judge when each may speak again.

import { nodeNamed } from '../topologies/node.ts'
import type { Topology } from '../topologies/topology.ts'
import { type BaseTimers, DEFAULT_TIMERS } from './oracles/oracle.ts'

/** T1, T2 and T4 of a node, by its name, as its first SIP program has them; RFC 3261's where there is none. */
export function baseTimersIn({ nodes }: Pick<Topology, 'nodes'>): (node: string) => BaseTimers {
  const known = new Map<string, BaseTimers>()
  for (const name of Object.keys(nodes)) {
    const node = nodeNamed(nodes, name)
    if (node?.kind !== 'host') continue
    for (const one of [node.runs ?? []].flat()) {
      if (!('timers' in one) || !('t1' in one.timers) || known.has(name)) continue
      const { t1, t2, t4 } = one.timers
      known.set(name, { t1Ns: t1, t2Ns: t2, t4Ns: t4 })
    }
  }
  return (node) => known.get(node) ?? DEFAULT_TIMERS
}
