// A firewall as a topology writes it.

import { z } from 'zod'
import type { FirewallOptions, PacketFilter } from '../sim/boxes/firewall/options.ts'
import { FRAGMENT_POLICIES } from '../sim/boxes/fragments.ts'
import { cidr } from './address.ts'
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
  protocol: z.enum(['udp', 'tcp']).exactOptional(),
  from: cidr.exactOptional(),
  to: cidr.exactOptional(),
  /** Destination ports, as text: `5060` or `10000-20000`. */
  ports: z.union([ports, whole(0, 65_535)]).exactOptional(),
}

const filter = shape(FILTER).check(({ value, issues }) => {
  const { from, to } = value
  if (from === undefined || to === undefined || from.includes(':') === to.includes(':')) return
  const message = `addresses of one version of IP: nothing goes from ${from} to ${to}`
  issues.push({ code: 'custom', path: ['to'], message, input: value })
})

export const firewall = shape({
  kind: z.literal('firewall'),
  /** Its inside address; what stands in the prefix is inside. */
  inside: cidr,
  outside: cidr.exactOptional(),
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
  limits: z.array(shape({ ...FILTER, packetsPerSecond: whole(1, 1e9), burst: whole(1, 1e9).default(1) })).default([]),
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

function filterOf({ ports: written, direction, protocol, from, to }: WrittenFilter): PacketFilter {
  const [first, last = first] = String(written ?? '')
    .split('-')
    .map(Number)
  return {
    ...(direction && { direction }),
    ...(protocol && { protocol }),
    ...(from && { from }),
    ...(to && { to }),
    ...(written !== undefined && { ports: [first!, last!] as const }),
  }
}
