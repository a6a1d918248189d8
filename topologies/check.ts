// What a schema cannot see: whether the nodes and links of a topology make a network.

import { canonicalAddress, inPrefix, parseAddress, parseCidr, printAddress } from '../platform/address.ts'
import { nearest } from '../platform/nearest.ts'
import { boxes, type Neighbours, realmsIn } from './boxes.ts'
import { unsaid } from './icmp.ts'
import { contradictions } from './links/contradictions.ts'
import { narrowLinks } from './mtu.ts'
import { addressesOf, type HostNode, type Node, nodeNamed, outsideOf } from './node.ts'
import { mistypedPeers } from './peers.ts'
import { takenPorts } from './ports.ts'
import type { Topology } from './topology.ts'
import type { Objection } from './yaml/read.ts'

/** Whether a fault will give the link between two nodes, named in either order, a rate. */
export type IsSlowed = (a: string, b: string) => boolean

/** Everything wrong with the network that `topology` describes; empty if it is sound. */
export function objectionsTo(topology: Topology, isSlowed: IsSlowed): readonly Objection[] {
  const inThemselves = topology.links.flatMap((link, i) => contradictions(link, i, isSlowed(...link.between)))
  const linked = [...linksOf(topology), ...inThemselves]
  const near = neighbours(topology)
  const addressed = [...linked, ...duplicates(topology), ...hosts(topology, near)]
  const rest = [
    ...nowhere(topology),
    ...narrowLinks(topology),
    ...unsaid(topology),
    ...takenPorts(topology),
    ...mistypedPeers(topology),
  ]
  return [...addressed, ...boxes(topology, near), ...rest]
}

function linksOf({ nodes, links }: Topology): readonly Objection[] {
  const names = Object.keys(nodes)
  const seen = new Set<string>()
  return links.flatMap(({ between }, i) => {
    const unknown = between.flatMap((end, side) =>
      Object.hasOwn(nodes, end) ? [] : [{ path: ['links', i, 'between', side], expected: noNode(end, names) }],
    )
    if (unknown.length > 0) return unknown
    const [a, b] = between
    if (a === b) return [{ path: ['links', i, 'between'], expected: `two different nodes, not "${a}" twice` }]
    const id = [a, b].sort().join('--')
    if (seen.has(id))
      return [{ path: ['links', i, 'between'], expected: `one link between ${a} and ${b}: this is the second` }]
    seen.add(id)
    return strangers(nodes, a, b, i)
  })
}

/** Two hosts that share a link but no prefix take each other for far away. */
function strangers(nodes: Topology['nodes'], a: string, b: string, i: number): readonly Objection[] {
  const [one, other] = [nodes[a]!, nodes[b]!]
  if (one.kind !== 'host' || other.kind !== 'host' || one.gateway === b || other.gateway === a) return []
  const own = addressesOf(one).map(cidrOf)
  const theirs = addressesOf(other).map(cidrOf)
  if (own.some((cidr) => theirs.some(({ address }) => inPrefix(cidr, address)))) return []
  const both = `${a} has ${addressesOf(one).join(', ')}, ${b} has ${addressesOf(other).join(', ')}`
  return [{ path: ['links', i, 'between'], expected: `two hosts whose addresses stand in one prefix: ${both}` }]
}

/** Behind two NATs one address may stand twice: each has a realm of its own. */
function duplicates(topology: Topology): readonly Objection[] {
  const { nodes } = topology
  const owners = new Map<string, string>()
  const realms = realmsIn(topology)
  return each(nodes).flatMap(({ name, text, path }) => {
    const address = canonicalAddress(text.split('/')[0]!)!
    const key = `${path.at(-1) === 'inside' ? realms.inside(name) : realms.outside(name)} ${address}`
    const owner = owners.get(key)
    if (owner === undefined) owners.set(key, name)
    return owner === undefined ? [] : [{ path, expected: `an address of its own: ${address} is ${owner}'s already` }]
  })
}

function hosts({ nodes }: Topology, near: Neighbours): readonly Objection[] {
  const isAlone = Object.keys(nodes).length === 1
  return Object.entries(nodes).flatMap(([name, node]): readonly Objection[] => {
    if (node.kind !== 'host') return []
    const path = ['nodes', name]
    const others = near.get(name) ?? []
    if (addressesOf(node).length === 0) return [{ path, expected: '`address` is missing here', at: 'key' }]
    if (!isAlone && others.length === 0) {
      return [{ path, expected: `a link to ${name}: no link reaches it, so no other node can`, at: 'key' }]
    }
    return node.gateway === undefined ? forgotten(name, node, nodes, others) : wrongGateway(name, node, nodes, others)
  })
}

/** A host without a gateway next to a router can only reach what stands in its own prefix. */
function forgotten(
  name: string,
  host: HostNode,
  nodes: Topology['nodes'],
  near: readonly string[],
): readonly Objection[] {
  const way = near.find((one) => Object.hasOwn(nodes, one) && nodes[one]!.kind !== 'host')
  const own = addressesOf(host).map(cidrOf)
  const outside = each(nodes).find(({ name: other, text }) => {
    return other !== name && !own.some((cidr) => inPrefix(cidr, cidrOf(text).address))
  })
  if (way === undefined || outside === undefined) return []
  const address = printAddress(cidrOf(outside.text).address)
  const expected = `\`gateway: ${way}\` here: without a gateway ${name} cannot reach ${address} (${outside.name}), which is outside ${addressesOf(host)[0]}`
  return [{ path: ['nodes', name], expected, at: 'key' }]
}

function wrongGateway(
  name: string,
  host: HostNode,
  nodes: Topology['nodes'],
  near: readonly string[],
): readonly Objection[] {
  const gateway = host.gateway!
  const path = ['nodes', name, 'gateway']
  const target = nodeNamed(nodes, gateway)
  if (target === undefined) return [{ path, expected: noNode(gateway, Object.keys(nodes)) }]
  if (!near.includes(gateway)) {
    return [
      { path, expected: `a gateway that a link joins to ${name} (${near.join(', ') || 'none does'}), not ${gateway}` },
    ]
  }
  const own = addressesOf(host).map(cidrOf)
  const inside = addressesOf(target).map(cidrOf)
  if (inside.length === 0 || inside.some((one) => own.some((cidr) => inPrefix(cidr, one.address)))) return []
  const texts = addressesOf(target).join(', ')
  return [{ path, expected: `a gateway inside ${addressesOf(host)[0]}: ${gateway} has ${texts}` }]
}

/** Names that stand for neither an address nor a node. */
function nowhere({ nodes, names }: Topology): readonly Objection[] {
  return Object.entries(names).flatMap(([name, target]) => {
    if (Object.hasOwn(nodes, target) || canonicalAddress(target) !== undefined) return []
    return [{ path: ['names', name], expected: `an address, or ${noNode(target, Object.keys(nodes))}` }]
  })
}

function neighbours({ links }: Topology): Neighbours {
  const near = new Map<string, string[]>()
  for (const { between } of links) {
    const [a, b] = between
    near.set(a, [...(near.get(a) ?? []), b])
    near.set(b, [...(near.get(b) ?? []), a])
  }
  return near
}

interface AddressPlace {
  readonly name: string
  readonly text: string
  readonly path: readonly (string | number)[]
}

function each(nodes: Readonly<Record<string, Node>>): readonly AddressPlace[] {
  return Object.entries(nodes).flatMap(([name, node]) => {
    if (node.kind === 'nat' || node.kind === 'firewall') return boxPlaces(name, node)
    const single = node.kind === 'host' && node.address !== undefined
    const first = single ? [{ name, text: node.address!, path: ['nodes', name, 'address'] }] : []
    const rest = (node.addresses ?? []).map((text, i) => ({ name, text, path: ['nodes', name, 'addresses', i] }))
    return [...first, ...rest]
  })
}

function boxPlaces(name: string, node: Extract<Node, { kind: 'nat' | 'firewall' }>): readonly AddressPlace[] {
  const inside = { name, text: node.inside, path: ['nodes', name, 'inside'] }
  const outside = node.kind === 'nat' ? outsideOf(node) : [node.outside ?? []].flat()
  const places = outside.map((text, i) => ({
    ...{ name, text },
    path: i === 0 ? ['nodes', name, 'outside'] : ['nodes', name, 'pool', i - 1],
  }))
  return [...places, inside]
}

function noNode(name: string, names: readonly string[]): string {
  const close = nearest(name, names)
  return close === undefined
    ? `a node of this topology, not "${name}": one of ${names.join(', ')}`
    : `a node of this topology, not "${name}": did you mean ${close}?`
}

function cidrOf(text: string): { readonly address: Uint8Array; readonly prefixLength: number } {
  const parsed = parseCidr(text)
  if (parsed.ok) return parsed.value
  const address = parseAddress('0.0.0.0')
  return { address: address.ok ? address.value : new Uint8Array(4), prefixLength: 32 }
}
