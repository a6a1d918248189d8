// What a network is declared to be, before it is sealed.

import { type Cidr, parseCidr } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import type { Unreachable } from '../../platform/host.ts'
import type { FirewallOptions } from '../boxes/firewall/options.ts'
import type { NatOptions } from '../boxes/nat/options.ts'
import type { ResolverOptions } from '../dns/resolver.ts'
import type { TcpSettings } from '../transport/tcp/settings.ts'
import type { TlsSettings } from '../transport/tls/settings.ts'
import type { Clock } from './clock.ts'
import type { ErrorLimit } from './errorLimits.ts'
import type { Refusal } from './node.ts'
import type { ReassemblyOptions } from './reassembly.ts'
import { UNREACHABLES } from './routes.ts'
import type { SendingOptions } from './sending.ts'

export interface HostOptions {
  /** The host's addresses with their prefixes, such as `192.168.1.10/24`, of either version; the first is the default. */
  readonly interfaces: readonly { readonly address: string }[]
  /** The neighbour, by name or address, that gets what is for no neighbour; default: the nearest way to the destination. */
  readonly gateway?: string
  /** Default true. */
  readonly power?: boolean
  /** Its own clock, which its timers and `now` go by; default a true one that begins at 0. */
  readonly clock?: Clock
  /** How it sends what may be too large for its way; default as a host does that knows nothing of it. */
  readonly sending?: SendingOptions
  readonly reassembly?: ReassemblyOptions
  /** The DNS servers that it asks. Absent: what the network knows of names, it knows. */
  readonly resolver?: ResolverOptions
  /** How its TCP differs from the defaults. */
  readonly tcp?: TcpSettings
  /** Its certificates, whom it trusts, and how its TLS differs from the defaults. */
  readonly tls?: TlsSettings
  /** How often it sends ICMP errors; all of these must allow one. Default: always. */
  readonly icmp?: readonly ErrorLimit[]
}

export interface RouterOptions {
  /** Default none: an unnumbered router. */
  readonly interfaces?: readonly { readonly address: string }[]
  /** Destinations (`10.9.0.0/16`) whose packets it refuses, and what it tells their senders. */
  readonly unreachable?: readonly { readonly to: string; readonly why: Unreachable }[]
  /** `first-only`: it loses all fragments but the first of each datagram, as filters do that want to see ports. Default pass. */
  readonly fragments?: 'pass' | 'first-only' | 'drop'
  /** How often it sends ICMP errors; all of these must allow one. Default: always. */
  readonly icmp?: readonly ErrorLimit[]
}

/** One declared node: it has one of these. */
export interface Declared {
  readonly host?: HostOptions
  readonly router?: RouterOptions
  readonly nat?: NatOptions
  readonly firewall?: FirewallOptions
}

/** A node's addresses with their prefixes as its neighbours know them: a NAT's inside one. */
export function addressesOf({ host, router, nat, firewall }: Declared): readonly string[] {
  if (nat !== undefined) return [nat.inside]
  if (firewall !== undefined) return [...(firewall.outside === undefined ? [] : [firewall.outside]), firewall.inside]
  return ((host ?? router)?.interfaces ?? []).map(({ address }) => address)
}

/** How often a node sends ICMP errors; undefined if always. */
export function errorLimitsOf({ host, router, nat, firewall }: Declared): readonly ErrorLimit[] | undefined {
  return (host ?? router ?? nat ?? firewall)?.icmp
}

/** What a router refuses. */
export function refusals(
  node: string,
  some: readonly { readonly to: string; readonly why: Unreachable }[],
): readonly Refusal[] {
  return some.map(({ to, why }) => {
    return { to: cidrOf(node, to), code: UNREACHABLES.indexOf(why) }
  })
}

/** An address with its prefix; anything else is a bug. */
export function cidrOf(node: string, text: string): Cidr {
  const cidr = parseCidr(text)
  return cidr.ok ? cidr.value : bug(`${node}: ${cidr.issue.expected}`)
}
