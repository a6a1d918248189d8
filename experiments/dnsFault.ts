// Faults of DNS servers as an experiment writes them: `{ at: 5 s, dns: { node: dns1, with: SERVFAIL, name: sip.example.com, for: 30 s } }`.

import { z } from 'zod'
import { nearest } from '../platform/nearest.ts'
import { TYPE_NUMBERS } from '../sim/dns/message.ts'
import { DNS_FAILURES } from '../sim/dns/server.ts'
import type { Incident } from '../sim/faults/incident.ts'
import { domainName } from '../topologies/domainName.ts'
import { runTime } from '../topologies/links/time.ts'
import type { Topology } from '../topologies/topology.ts'
import type { Objection } from '../topologies/yaml/read.ts'
import type { shape } from '../topologies/yaml/shape.ts'

const name = domainName('a name such as sip.example.com, or *.example.com')

/** What a fault says of a host's DNS servers: `with`, `delay` or both. */
export const DNS_FAULT = {
  node: z.string(),
  /** What they say in place of the answer; `timeout`: nothing. */
  with: z.enum(DNS_FAILURES).exactOptional(),
  /** How much later than usual an answer goes out. */
  delay: runTime.default(0),
  /** Only where this is asked for; `*.example.com`: any name below it. Absent: all names. */
  name: name.exactOptional(),
  /** Only questions for this type. Absent: for all. */
  type: z.enum(Object.keys(TYPE_NUMBERS) as [keyof typeof TYPE_NUMBERS]).exactOptional(),
} as const

type Written = z.output<ReturnType<typeof shape<typeof DNS_FAULT>>> & { readonly for?: number }

/** The incident; what is wrong with it goes to `objections`. */
export function dnsIncidentOf(written: Written, topology: Topology, objections: Objection[]): Incident {
  const { node, with: fails, delay, name, type, for: forNs } = written
  const object = objectionTo(node, topology)
  if (object !== undefined) objections.push({ path: ['dns', 'node'], expected: object })
  if (fails === undefined && delay === 0) {
    const expected = `how the server fails: \`with\` (one of ${DNS_FAILURES.join(', ')}), \`delay\` (a time), or both`
    objections.push({ path: ['dns'], expected, at: 'key' })
  }
  if (fails === 'timeout' && delay > 0) {
    objections.push({
      path: ['dns', 'delay'],
      expected: 'no delay: with timeout there is no answer that could be late',
    })
  }
  return {
    ...{ kind: 'dns', node },
    ...(fails !== undefined && { fails }),
    ...(delay > 0 && { delayNs: delay }),
    ...(name !== undefined && { name }),
    ...(type !== undefined && { type }),
    ...(forNs !== undefined && { forNs }),
  }
}

/** Hosts that run a DNS server, in the order of the file. */
export function dnsServersIn({ nodes }: { readonly nodes: Readonly<Record<string, object>> }): readonly string[] {
  return Object.entries(nodes).flatMap(([name, node]) => {
    const { runs = [] } = node as { readonly runs?: unknown }
    const programs = [runs].flat() as readonly { readonly program?: unknown }[]
    return programs.some(({ program }) => program === 'dns') ? [name] : []
  })
}

function objectionTo(name: string, topology: Topology): string | undefined {
  const servers = dnsServersIn(topology)
  if (servers.includes(name)) return undefined
  if (servers.length === 0) return `a host that runs a DNS server, and this topology has none: not "${name}"`
  const close = nearest(name, servers)
  const known = Object.hasOwn(topology.nodes, name) ? `${name} runs none` : `not "${name}"`
  return `a host that runs a DNS server, ${known}: ${close === undefined ? `one of ${servers.join(', ')}` : `did you mean ${close}?`}`
}
