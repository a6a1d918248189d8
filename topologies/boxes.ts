// Whether the NATs and firewalls of a topology can be what they say: an inside, an outside, and no way around.

import { inPrefix, parseAddress, parseCidr } from '../platform/address.ts'
import { bug } from '../platform/assert.ts'
import type { Realm } from '../sim/network/endpoint.ts'
import { findRealms, type Realms } from '../sim/network/realms.ts'
import { type NatNode, natOptionsOf } from './nat.ts'
import { addressesOf, type Node, outsideOf } from './node.ts'
import type { Topology } from './topology.ts'
import type { Objection } from './yaml/read.ts'

/** Who is linked to whom. */
export type Neighbours = ReadonlyMap<string, readonly string[]>

type BoxNode = Extract<Node, { kind: 'nat' | 'firewall' }>

/** The realms that a topology's NATs make. With `alsoParts` that firewall's sides are told apart, too. */
export function realmsIn({ nodes, links }: Topology, alsoParts?: string): Realms {
  const known = Object.entries(nodes).map(([name, node]) => {
    const texts = node.kind === 'nat' ? outsideOf(node) : addressesOf(node)
    const addresses = texts.map((text) => cidrOf(text).address)
    const parts = node.kind === 'nat' || (node.kind === 'firewall' && name === alsoParts)
    return parts ? { name, addresses, hides: cidrOf(node.inside) } : { name, addresses }
  })
  const sound = links.filter(({ between: [a, b] }) => Object.hasOwn(nodes, a) && Object.hasOwn(nodes, b) && a !== b)
  return findRealms(
    known,
    sound.map(({ between: [a, b] }) => [a, b]),
  )
}

/** By which addresses others may know a node: its own, and those of the NATs that hide it, one behind another. */
export function facesOf(topology: Topology, name: string, realms: Realms = realmsIn(topology)): readonly string[] {
  const node = topology.nodes[name]!
  const own = node.kind === 'nat' ? outsideOf(node) : addressesOf(node)
  const realm = realms.outside(name)
  const nats = Object.entries(topology.nodes).filter(([nat, one]) => one.kind === 'nat' && realms.inside(nat) === realm)
  return [...own.map(withoutPrefix), ...nats.flatMap(([nat]) => facesOf(topology, nat, realms))]
}

function withoutPrefix(cidr: string): string {
  return cidr.slice(0, cidr.indexOf('/'))
}

/** What is wrong with the boxes. */
export function boxes(topology: Topology, near: Neighbours): readonly Objection[] {
  const realms = realmsIn(topology)
  const owned = ownedIn(topology, realms)
  return Object.entries(topology.nodes).flatMap(([name, node]): readonly Objection[] => {
    if (node.kind !== 'nat' && node.kind !== 'firewall') return []
    const own = overlap(name, node)
    if (own.length > 0) return own
    const sides = node.kind === 'nat' ? realms : realmsIn(topology, name)
    const placed = placing(name, node, sides, near.get(name) ?? [])
    return node.kind === 'nat'
      ? [...placed, ...natOptions(name, node), ...nobody(owned.get(realms.inside(name)) ?? [], name, node)]
      : placed
  })
}

function overlap(name: string, node: BoxNode): readonly Objection[] {
  const outside = node.kind === 'nat' ? outsideOf(node) : [node.outside ?? []].flat()
  return outside.flatMap((text, i) => {
    if (!inPrefix(cidrOf(node.inside), cidrOf(text).address)) return []
    const path = i === 0 ? ['nodes', name, 'outside'] : ['nodes', name, 'pool', i - 1]
    return [{ path, expected: `an address outside its own inside prefix, ${node.inside}` }]
  })
}

function placing(name: string, node: BoxNode, realms: Realms, near: readonly string[]): readonly Objection[] {
  const inside = near.filter((neighbour) => realms.leadsInside(name, neighbour))
  const key = (expected: string): readonly Objection[] => [{ path: ['nodes', name], expected, at: 'key' }]
  if (inside.length === 0) {
    return key(`a link from ${name} to something with an address in ${node.inside}: nothing is inside`)
  }
  if (inside.length === near.length) {
    return key(`a link from ${name} to something outside ${node.inside}: nothing is outside`)
  }
  if (realms.inside(name) !== realms.outside(name)) return []
  return key(`${name} to be the only way between its inside and its outside: other links lead around it`)
}

function natOptions(name: string, node: NatNode): readonly Objection[] {
  const forwards = node.forwards.flatMap(({ to }, i): readonly Objection[] => {
    const path = ['nodes', name, 'forwards', i, 'to'] as const
    if (!inPrefix(cidrOf(node.inside), addressOf(to))) {
      return [{ path, expected: `an address inside ${node.inside}, not ${to}` }]
    }
    return to === withoutPrefix(node.inside) ? [{ path, expected: `a host behind ${name}, not ${name} itself` }] : []
  })
  const insiders = node.forwards.flatMap(({ from }, i): readonly Objection[] => {
    if (from === undefined || !inPrefix(cidrOf(node.inside), addressOf(from))) return []
    const path = ['nodes', name, 'forwards', i, 'from'] as const
    return [{ path, expected: `an address outside ${node.inside}: it says who may come in from there` }]
  })
  const seen = new Set<string>()
  const twice = node.forwards.flatMap(({ port, protocol }, i): readonly Objection[] => {
    const key = `${protocol} ${port}`
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    return [
      { path: ['nodes', name, 'forwards', i, 'port'], expected: `a port that is forwarded once: ${key} is already` },
    ]
  })
  const { ports: { first = 1024, last = 65_535, overload } = {}, blocks, mapping } = natOptionsOf(node)
  const many = blocks === undefined || blocks.ports <= last - first + 1
  const size = { path: ['nodes', name, 'blocks'], expected: `blocks that fit into the ports ${first}-${last}` }
  const sharing: Objection = {
    path: ['nodes', name, 'ports', 'overload'],
    expected:
      'true or false: `by remote` needs `mapping: address-and-port-dependent`, a mapping for each remote endpoint',
  }
  const single: Objection = {
    path: ['nodes', name, 'pooling'],
    expected: 'no `pooling` without a `pool`: it says which of several outside addresses a host is given',
    at: 'key',
  }
  const pooled = node.pooling === undefined || node.pool.length > 0
  const shares = overload !== 'by remote' || mapping === 'address-and-port-dependent'
  return [
    ...forwards,
    ...insiders,
    ...twice,
    ...(many ? [] : [size]),
    ...(shares ? [] : [sharing]),
    ...(pooled ? [] : [single]),
  ]
}

/** A node's address, without its prefix. */
interface Owned {
  readonly owner: string
  readonly address: string
}

/** All addresses by their realms; of NATs those outside. */
function ownedIn({ nodes }: Topology, realms: Realms): ReadonlyMap<Realm, readonly Owned[]> {
  const owned = new Map<Realm, Owned[]>()
  for (const [owner, node] of Object.entries(nodes)) {
    const realm = realms.outside(owner)
    const there = owned.get(realm) ?? []
    owned.set(realm, there)
    const texts = node.kind === 'nat' ? outsideOf(node) : addressesOf(node)
    for (const text of texts) there.push({ owner, address: withoutPrefix(text) })
  }
  return owned
}

/** Forwards to an address behind the NAT that no node there has; `behind`: what stands there. */
function nobody(behind: readonly Owned[], name: string, { inside, forwards }: NatNode): readonly Objection[] {
  if (forwards.length === 0) return []
  const known = behind
    .filter(({ owner }) => owner !== name)
    .map(({ address }) => address)
    .filter((one) => !one.includes(':') && inPrefix(cidrOf(inside), addressOf(one)))
  return forwards.flatMap(({ to }, i): readonly Objection[] => {
    const isOwn = to === withoutPrefix(inside)
    if (isOwn || known.includes(to) || known.length === 0 || !inPrefix(cidrOf(inside), addressOf(to))) return []
    const expected = `the address of a host behind ${name}, such as ${known[0]}: nobody has ${to}`
    return [{ path: ['nodes', name, 'forwards', i, 'to'], expected }]
  })
}

function cidrOf(text: string) {
  const parsed = parseCidr(text)
  return parsed.ok ? parsed.value : bug(parsed.issue.expected)
}

function addressOf(text: string) {
  const parsed = parseAddress(text)
  return parsed.ok ? parsed.value : bug(parsed.issue.expected)
}
