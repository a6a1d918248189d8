// A firewall as a topology writes it.

import { z } from 'zod'
import { ICMP_TYPES } from '../sim/boxes/firewall/icmpType.ts'
import type { FirewallOptions, PacketFilter } from '../sim/boxes/firewall/options.ts'
import { FRAGMENT_POLICIES } from '../sim/boxes/fragments.ts'
import { cidr, ownCidr } from './address.ts'
import { errorLimitsOf, icmp } from './icmp.ts'
import { lasting } from './links/time.ts'
import { checked, shape, whole } from './yaml/shape.ts'

const ports = checked('a port or a range such as 5060 or 10000-20000', (text) => {
  const [first, last = first] = text.split('-').map(Number)
  const isRange = /^\d+(-\d+)?$/.test(text) && first! <= last! && last! <= 65_535
  return isRange ? undefined : `a port or a range such as 5060 or 10000-20000, not "${text}"`
})

/** Which packets. */
const FILTER = {
  direction: z.enum(['out', 'in']).exactOptional(),
  protocol: z.enum(['udp', 'tcp', 'icmp']).exactOptional(),
  /** Kinds of ICMP messages: `echo` is questions and answers. */
  types: z
    .array(z.enum(ICMP_TYPES))
    .min(1, { error: () => `at least one of ${ICMP_TYPES.join(', ')}; without \`types\` it is all of them` })
    .exactOptional(),
  from: cidr.exactOptional(),
  to: cidr.exactOptional(),
  /** Destination ports, as text: `5060` or `10000-20000`. */
  ports: z.union([ports, whole(0, 65_535)]).exactOptional(),
}

/** What of a filter contradicts the rest of it: nothing would ever match. */
function contradiction({
  from,
  to,
  protocol,
  types,
  ports,
}: WrittenFilter): readonly [keyof PacketFilter, string] | undefined {
  if (from !== undefined && to !== undefined && from.includes(':') !== to.includes(':'))
    return ['to', `addresses of one version of IP: nothing goes from ${from} to ${to}`]
  if (types !== undefined && protocol !== 'icmp')
    return ['types', '`protocol: icmp` beside `types`: no other protocol has them']
  if (ports !== undefined && protocol === 'icmp')
    return ['ports', 'no ports with `protocol: icmp`: its messages have none, but `types`']
  return undefined
}

/** A shape with a filter in it that can match something. */
function filtering<Shape extends typeof FILTER>(fields: Shape) {
  return shape(fields).check(({ value, issues }) => {
    const found = contradiction(value as WrittenFilter)
    if (found !== undefined) issues.push({ code: 'custom', path: [found[0]], message: found[1], input: value })
  })
}

const filter = filtering(FILTER)

export const firewall = shape({
  kind: z.literal('firewall'),
  /** Its inside address; what stands in the prefix is inside. */
  inside: cidr,
  outside: ownCidr.exactOptional(),
  /** The first that matches decides; without one, outward packets are allowed and inward ones dropped. */
  rules: z
    .array(
      shape({
        allow: filter.exactOptional(),
        drop: filter.exactOptional(),
        reject: filter.exactOptional(),
      }).check((context) => {
        if (Object.keys(context.value).length === 1) return
        const message = 'exactly one of allow, drop, reject in each rule'
        context.issues.push({ code: 'custom', message, input: context.value })
      }),
    )
    .default([]),
  /** Whether it lets the answers of allowed flows through. */
  stateful: z.boolean().default(true),
  /** How long it remembers a UDP flow after its last packet. */
  idle: lasting.default(30_000_000_000),
  tcpIdle: lasting.default(7_440_000_000_000),
  /** What becomes of fragments: put together in whatever order they come, in their order only, or dropped (RFC 4787 §11). */
  fragments: z.enum(FRAGMENT_POLICIES).default('out-of-order'),
  /** Policers: packets beyond them are lost. */
  limits: z
    .array(filtering({ ...FILTER, packetsPerSecond: whole(1, 1e9), burst: whole(1, 1e9).default(1) }))
    .default([]),
  /** How often it sends ICMP errors of its own. Absent: for every packet that deserves one. */
  icmp: icmp.exactOptional(),
})

export type FirewallNode = z.output<typeof firewall>

/** The options of the simulated box. */
export function firewallOptionsOf(node: FirewallNode): FirewallOptions {
  const { rules, limits, idle, tcpIdle, icmp: errors, kind: _, ...rest } = node
  return {
    ...rest,
    rules: rules.map(({ allow, drop, reject }) => ({
      ...filterOf(allow ?? drop ?? reject ?? {}),
      action: allow ? 'allow' : drop ? 'drop' : 'reject',
    })),
    limits: limits.map((one) => ({ ...filterOf(one), packetsPerSecond: one.packetsPerSecond, burst: one.burst })),
    ...{ udpNs: idle, tcpNs: tcpIdle },
    ...(errors !== undefined && { icmp: errorLimitsOf(errors) }),
  }
}

type WrittenFilter = Omit<PacketFilter, 'ports'> & { readonly ports?: string | number }

function filterOf({ ports: written, direction, protocol, types, from, to }: WrittenFilter): PacketFilter {
  const [first, last = first] = String(written ?? '')
    .split('-')
    .map(Number)
  return {
    ...(direction && { direction }),
    ...(protocol && { protocol }),
    ...(types && { types }),
    ...(from && { from }),
    ...(to && { to }),
    ...(written !== undefined && { ports: [first!, last!] as const }),
  }
}
