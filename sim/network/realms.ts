// Realms: where NATs part a network, each part has addresses of its own. Found from the links alone: a box's link leads inside if what
// hangs on it stands in the box's inside prefix.

import { type AddressBytes, type Cidr, inPrefix } from '../../platform/address.ts'
import type { Realm } from './endpoint.ts'

/** A node, as far as realms go. */
export interface RealmNode {
  readonly name: string
  /** Its addresses as the others see them: of a box, those outside. */
  readonly addresses: readonly AddressBytes[]
  /** The prefix that it hides, if it is a NAT. */
  readonly hides?: Cidr
}

/** What was found. */
export interface Realms {
  /** A node's realm; a NAT's outer one. */
  outside(name: string): Realm
  /** The realm that a NAT hides; any other node's own. */
  inside(name: string): Realm
  /** True if the link from this NAT to that neighbour leads inside. */
  leadsInside(nat: string, neighbour: string): boolean
}

/** The realms of a network. They count up from 0 in the order of `nodes`. */
export function findRealms(nodes: readonly RealmNode[], links: readonly (readonly [string, string])[]): Realms {
  const nats = new Map(nodes.flatMap((node) => (node.hides === undefined ? [] : [[node.name, node.hides] as const])))
  const parts = new Parts()
  const endOf = (name: string, neighbour: string): string => (nats.has(name) ? `${name}>${neighbour}` : name)
  for (const [a, b] of links) parts.join(endOf(a, b), endOf(b, a))
  const addresses = addressesByPart(nodes, links, parts, endOf)
  const looksInside = (nat: string, neighbour: string): boolean => {
    const found = addresses.get(parts.of(endOf(nat, neighbour))) ?? []
    return found.some(({ owner, bytes }) => owner !== nat && inPrefix(nats.get(nat)!, bytes))
  }
  const ends = links.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]).filter(([name]) => nats.has(name))
  const inner = new Set(
    ends.flatMap(([nat, neighbour]) => (looksInside(nat, neighbour) ? [endOf(nat, neighbour)] : [])),
  )
  const leadsInside = (nat: string, neighbour: string): boolean => inner.has(endOf(nat, neighbour))
  for (const [nat, neighbour] of ends) {
    parts.join(endOf(nat, neighbour), leadsInside(nat, neighbour) ? innerEnd(nat) : outerEnd(nat))
  }
  const realms = new Map<string, Realm>()
  const realm = (end: string): Realm => {
    const part = parts.of(end)
    const known = realms.get(part) ?? realms.size
    realms.set(part, known)
    return known
  }
  for (const { name } of nodes) {
    realm(outerEnd(name))
    realm(innerEnd(name))
  }
  return { leadsInside, outside: (name) => realm(outerEnd(name)), inside: (name) => realm(innerEnd(name)) }

  function outerEnd(name: string): string {
    return nats.has(name) ? `${name}>` : name
  }
  function innerEnd(name: string): string {
    return nats.has(name) ? `>${name}` : name
  }
}

interface Owned {
  readonly owner: string
  readonly bytes: AddressBytes
}

/** What stands in each part: of the nodes wholly in it all addresses, of the NATs at its border the outer ones. */
function addressesByPart(
  nodes: readonly RealmNode[],
  links: readonly (readonly [string, string])[],
  parts: Parts,
  endOf: (name: string, neighbour: string) => string,
): ReadonlyMap<string, readonly Owned[]> {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const found = new Map<string, Owned[]>()
  const put = (owner: string, end: string): void => {
    const part = parts.of(end)
    const there = found.get(part) ?? []
    found.set(part, there)
    for (const bytes of byName.get(owner)!.addresses) there.push({ owner, bytes })
  }
  for (const { name, hides } of nodes) if (hides === undefined) put(name, name)
  for (const [a, b] of links) {
    if (byName.get(a)!.hides !== undefined) put(a, endOf(a, b))
    if (byName.get(b)!.hides !== undefined) put(b, endOf(b, a))
  }
  return found
}

/** Sets that are joined, each known by one of its members. */
class Parts {
  readonly #above = new Map<string, string>()

  of(member: string): string {
    let top = member
    for (let next = this.#above.get(top); next !== undefined; next = this.#above.get(top)) top = next
    for (let at = member; at !== top; ) {
      const next = this.#above.get(at)!
      this.#above.set(at, top)
      at = next
    }
    return top
  }

  join(one: string, other: string): void {
    const [a, b] = [this.of(one), this.of(other)]
    if (a !== b) this.#above.set(a, b)
  }
}
