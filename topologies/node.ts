// A node as a topology writes it: a host with its addresses, its gateway and its programs, a router, a NAT, or a firewall.

import { z } from 'zod'
import { canonicalAddress } from '../platform/address.ts'
import { cidr, ownCidr } from './address.ts'
import { clock } from './clock.ts'
import { firewall } from './firewall.ts'
import { icmp } from './icmp.ts'
import { lasting } from './links/time.ts'
import { type NatNode, nat } from './nat.ts'
import { program } from './programs.ts'
import { resolver } from './resolver.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { quantity, shape } from './yaml/shape.ts'

const host = shape({
  kind: z.literal('host'),
  address: ownCidr.exactOptional(),
  /** Several addresses on the one interface; the first is the default one. */
  addresses: z
    .array(ownCidr)
    .min(1, { error: () => 'at least one address' })
    .exactOptional(),
  /** The node that takes what is not for a neighbour: by its name. */
  gateway: z.string().exactOptional(),
  /** `off`: what comes here is swallowed without a word. */
  power: z.enum(['on', 'off']).default('on'),
  /** How the host's own clock goes wrong. */
  clock: clock.exactOptional(),
  /** How it sends in IPv4 what may be too large for its way, and whether it hears ICMP about that. */
  pathMtu: shape({
    /** `off`: routers may fragment. `on`: they may not, the host does so by what ICMP tells it (Linux's way). `strict`: nobody does. */
    discovery: z.enum(['off', 'on', 'strict']).default('off'),
    /** False: no ICMP about sizes reaches it, in IPv6 either: a black hole for what is too large. */
    hearsIcmp: z.boolean().default(true),
    /** How long it believes what it has learnt. */
    lifetime: quantity('duration').default(600_000_000_000),
  }).exactOptional(),
  /** How it puts fragments together. */
  reassembly: shape({
    /** How long it waits for the rest of a datagram. Absent: 30 s in IPv4, 60 s in IPv6. */
    timeout: lasting.exactOptional(),
    /** How much it keeps of unfinished ones. */
    limit: quantity('size').default(4_194_304),
  }).exactOptional(),
  /** How its TCP differs from the defaults. */
  tcp: tcp.exactOptional(),
  /** The DNS servers that it asks. Absent: it knows the topology's names. */
  resolver: resolver.exactOptional(),
  /** Its certificates, whom it trusts, and how its TLS differs from the defaults. */
  tls: tls.exactOptional(),
  /** How often it sends ICMP errors. Absent: for every packet that deserves one. */
  icmp: icmp.exactOptional(),
  runs: z.union([program, z.array(program)]).exactOptional(),
})

const router = shape({
  kind: z.literal('router'),
  addresses: z.array(ownCidr).default([]),
  /** Destinations that it refuses, and what its ICMP error says; where it has no route at all it says `network unreachable` by itself. */
  unreachable: z
    .array(
      shape({
        to: cidr,
        why: z
          .enum(['network unreachable', 'host unreachable', 'port unreachable', 'administratively prohibited'])
          .default('host unreachable'),
      }),
    )
    .default([]),
  /** What becomes of fragments: `first-only` loses all but each datagram's first, as filters do that want to see ports. */
  fragments: z.enum(['pass', 'first-only', 'drop']).default('pass'),
  /** How often it sends ICMP errors. Absent: for every packet that deserves one. */
  icmp: icmp.exactOptional(),
})

/** One node of a topology. */
export const node = z.discriminatedUnion('kind', [host, router, nat, firewall])

export type Node = z.output<typeof node>

/** The node of that name; undefined where there is none. A name such as `constructor` is one like others, though every object has such a key. */
export function nodeNamed(nodes: Readonly<Record<string, Node>>, name: string): Node | undefined {
  return Object.hasOwn(nodes, name) ? nodes[name] : undefined
}

export type HostNode = Extract<Node, { kind: 'host' }>
export type RouterNode = Extract<Node, { kind: 'router' }>

/** A node's addresses with their prefixes, the default one first; a box's outside ones before its inside one. */
export function addressesOf(one: Node): readonly string[] {
  switch (one.kind) {
    case 'router':
      return one.addresses
    case 'nat':
      return [...outsideOf(one), one.inside]
    case 'firewall':
      return [...(one.outside === undefined ? [] : [one.outside]), one.inside]
    case 'host':
      return [...(one.address === undefined ? [] : [one.address]), ...(one.addresses ?? [])]
  }
}

/** A NAT's outside addresses with their prefixes: its own, and those of its pool. */
export function outsideOf({ outside, pool }: NatNode): readonly string[] {
  return [outside, ...pool.map((address) => `${address}/32`)]
}

/** The same in their canonical form, without prefixes: as records and sockets have them. */
export function plainAddressesOf(one: Node): readonly string[] {
  return addressesOf(one).map((cidr) => {
    const address = cidr.slice(0, cidr.indexOf('/'))
    return canonicalAddress(address) ?? address
  })
}
