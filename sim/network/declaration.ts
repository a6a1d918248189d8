// What a network is declared to be, before it is sealed.

import { type Cidr, parseCidr } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import type { Unreachable } from '../../platform/host.ts'
import type { NatOptions } from '../boxes/nat/options.ts'
import type { Clock } from './host.ts'
import type { Refusal } from './node.ts'
import { findRealms, type Realms } from './realms.ts'
import { UNREACHABLES } from './routes.ts'

export interface HostOptions {
  /** The host's addresses with their prefixes, such as `192.168.1.10/24`, of either version; the first is the default. */
  readonly interfaces: readonly { readonly address: string }[]
  /** The neighbour, by name or address, that gets what is for no neighbour; default: the nearest way to the destination. */
  readonly gateway?: string
  /** Default true. */
  readonly power?: boolean
  /** Its own clock, which its timers and `now` go by; default a true one that begins at 0. */
  readonly clock?: Clock
}

export interface RouterOptions {
  /** Default none: an unnumbered router. */
  readonly interfaces?: readonly { readonly address: string }[]
  /** Destinations (`10.9.0.0/16`) whose packets it refuses, and what it tells their senders. */
  readonly unreachable?: readonly { readonly to: string; readonly why: Unreachable }[]
}

/** One declared node: it has one of these. */
export interface Declared {
  readonly host?: HostOptions
  readonly router?: RouterOptions
  readonly nat?: NatOptions
}

/** The realms that the declared NATs make. Undefined without NATs: then there is one realm, 0. */
export function realmsOf(
  declared: ReadonlyMap<string, Declared>,
  links: readonly (readonly [string, string])[],
): Realms | undefined {
  if ([...declared.values()].every(({ nat }) => nat === undefined)) return undefined
  const nodes = [...declared].map(([name, one]) => {
    const texts = one.nat === undefined ? addressesOf(one) : [one.nat.outside]
    const addresses = texts.map((text) => cidrOf(name, text).address)
    return one.nat === undefined ? { name, addresses } : { name, addresses, hides: cidrOf(name, one.nat.inside) }
  })
  return findRealms(nodes, links)
}

/** A node's addresses with their prefixes as its neighbours know them: a NAT's inside one. */
export function addressesOf({ host, router, nat }: Declared): readonly string[] {
  return nat === undefined ? ((host ?? router)?.interfaces ?? []).map(({ address }) => address) : [nat.inside]
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
