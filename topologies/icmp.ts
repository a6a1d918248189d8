// How often a node sends ICMP errors, as a topology writes it: a real kind of box by its name, a limit, or several.

import { z } from 'zod'
import type { Unreachable } from '../platform/host.ts'
import { printQuantity } from '../platform/units.ts'
import type { ErrorLimit } from '../sim/network/errorLimits.ts'
import { UNREACHABLES } from '../sim/network/routes.ts'
import type { Node } from './node.ts'
import type { Topology } from './topology.ts'
import type { Objection } from './yaml/read.ts'
import { quantity, shape, whole } from './yaml/shape.ts'

const LONGEST_NS = 3.6e12

const every = quantity('duration').check((context) => {
  const { value } = context
  if (value >= 1 && value <= LONGEST_NS) return
  const message = `a time from 1 ns to 1 h after which the next error may be sent, not ${printQuantity('duration', value)}${value === 0 ? ' (in whole ns)' : ''}`
  context.issues.push({ code: 'custom', message, input: value })
})

const LIMIT = {
  /** In the long run one error goes out in this time. */
  every,
  /** How many may go out at once after a silence. */
  burst: whole(1, 1000).default(1),
  /** `node`: all errors count together. `destination`: those to each address by themselves. */
  per: z.enum(['node', 'destination']).default('node'),
  /** The errors that it limits. Absent: all. */
  of: z
    .array(z.enum(UNREACHABLES))
    .min(1, { error: () => `at least one of ${UNREACHABLES.join(', ')}` })
    .exactOptional(),
  /** The version of IP that it limits them in. Absent: both. */
  version: z.literal([4, 6]).exactOptional(),
}

const ALONE = 'a limit such as { every: 500 ms }: a preset stands alone, not in a list'

const BUT_SIZES = UNREACHABLES.filter((why) => why !== 'fragmentation needed')

interface ErrorPreset {
  /** What it is, and where its numbers are documented. */
  readonly says: string
  readonly limits: readonly ErrorLimit[]
}

/** Real kinds of boxes, by their documented defaults. */
export const ERROR_PRESETS = {
  linux: {
    says: 'to each address one error in 1 s, six at once (net.ipv4.icmp_ratelimit; IPv4 alone); to all together one in 1 ms, 50 at once (icmp_msgs_per_sec, icmp_msgs_burst); what path MTU discovery needs is not limited',
    limits: [
      { everyNs: 1e9, burst: 6, per: 'destination', version: 4, of: BUT_SIZES },
      { everyNs: 1e6, burst: 50, per: 'node', of: BUT_SIZES },
    ],
  },
  cisco: {
    says: 'IOS: one unreachable in 500 ms, fragmentation needed counted apart (ip icmp rate-limit unreachable); in IPv6 one error of any kind in 100 ms, ten at once (ipv6 icmp error-interval)',
    limits: [
      { everyNs: 5e8, burst: 1, per: 'node', version: 4, of: UNREACHABLES.slice(0, 4) },
      { everyNs: 5e8, burst: 1, per: 'node', version: 4, of: ['fragmentation needed'] },
      { everyNs: 1e8, burst: 10, per: 'node', version: 6 },
    ],
  },
  rfc4443: {
    says: 'one error of any kind in 100 ms, ten at once: the example of RFC 4443 §2.4 (f) for a small or medium-sized device',
    limits: [{ everyNs: 1e8, burst: 10, per: 'node' }],
  },
} as const satisfies Readonly<Record<string, ErrorPreset>>

type PresetName = keyof typeof ERROR_PRESETS

/** A preset, a limit, or several of which each must allow an error. */
export const icmp = z.union([
  z.enum(Object.keys(ERROR_PRESETS) as [PresetName, ...PresetName[]]),
  shape(LIMIT),
  z.array(shape(LIMIT, ALONE)).min(1, { error: () => 'at least one limit' }),
])

/** Limits of errors that their node never sends: they would limit nothing. */
export function unsaid({ nodes }: Topology): readonly Objection[] {
  return Object.entries(nodes).flatMap(([name, node]) => {
    const { kind, icmp: written } = node
    if (written === undefined || typeof written === 'string') return []
    const said = saidBy(node)
    const limits = Array.isArray(written) ? written : [written]
    return limits.flatMap(({ of = [] }, i) =>
      of.flatMap((why, j) => {
        if (said.includes(why)) return []
        const path = ['nodes', name, 'icmp', ...(Array.isArray(written) ? [i] : []), 'of', j]
        const all = `${said.slice(0, -1).join(', ')} or ${said.at(-1)}`
        return [
          {
            path,
            expected: `an error that this ${kind === 'nat' ? 'NAT' : kind} sends: ${all}; ${whoSays(why, kind)}`,
          },
        ]
      }),
    )
  })
}

/** What a node may tell others. */
function saidBy(node: Node): readonly Unreachable[] {
  const never = (...some: readonly Unreachable[]): readonly Unreachable[] =>
    UNREACHABLES.filter((why) => !some.includes(why))
  switch (node.kind) {
    case 'host':
      return ['port unreachable', 'reassembly time exceeded']
    case 'nat':
      return never('administratively prohibited')
    case 'firewall':
      return node.rules.some(({ reject }) => reject !== undefined) ? UNREACHABLES : never('administratively prohibited')
    case 'router': {
      const refused = new Set<Unreachable>(node.unreachable.map(({ why }) => why))
      const own: readonly Unreachable[] =
        node.addresses.length > 0 ? ['port unreachable', 'reassembly time exceeded'] : []
      const rare = ['port unreachable', 'administratively prohibited', 'reassembly time exceeded'] as const
      return never(...rare.filter((why) => !refused.has(why) && !own.includes(why)))
    }
  }
}

/** Who would send an error that a node never does. */
function whoSays(why: Unreachable, kind: Node['kind']): string {
  if (why === 'reassembly time exceeded') return `"${why}" needs an address of its own`
  if (kind === 'host') return `"${why}" is what routers and boxes say`
  if (kind === 'firewall') return `"${why}" needs a rule that rejects`
  if (kind === 'nat') return `"${why}" is what routers and firewalls say`
  return `"${why}" needs an \`unreachable:\` that says so${why === 'port unreachable' ? ', or an address of its own' : ''}`
}

/** The limits of the simulated node. */
export function errorLimitsOf(written: z.output<typeof icmp>): readonly ErrorLimit[] {
  if (typeof written === 'string') return ERROR_PRESETS[written].limits
  const limits = Array.isArray(written) ? written : [written]
  return limits.map(({ every: time, ...rest }) => ({ ...rest, everyNs: Math.round(time) }))
}
