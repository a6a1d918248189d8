// How a network lies: its realms, and over which directions each box receives from outside. Found once, from what was declared.

import { addressesOf, cidrOf, type Declared } from './declaration.ts'
import type { DirectionId } from './direction.ts'
import { findRealms, type RealmNode, type Realms } from './realms.ts'

/** What parts a network. */
export interface Layout {
  /** Undefined without NATs: then there is one realm, 0. */
  readonly realms: Realms | undefined
  /** The directions over which this box receives from outside. */
  fromOutside(box: string): readonly DirectionId[]
}

/** Who is linked to whom. */
type Pairs = readonly (readonly [string, string])[]

/** One way into a box: from whom, and by which direction. */
interface WayIn {
  readonly from: string
  readonly direction: DirectionId
}

/** `links`: the two ends of each, in the order in which directions are numbered. */
export function layoutOf(declared: ReadonlyMap<string, Declared>, links: Pairs): Layout {
  const realms = realmsOf(declared, links)
  const ways = waysInto(declared, links)
  const isInside = (box: string): ((neighbour: string) => boolean) => {
    if (declared.get(box)!.nat !== undefined) return (neighbour) => realms?.leadsInside(box, neighbour) === true
    const neighbours = insideNeighbours(declared, links, box)
    return (neighbour) => neighbours.has(neighbour)
  }
  const fromOutside = (box: string): readonly DirectionId[] => {
    const inside = isInside(box)
    return (ways.get(box) ?? []).filter(({ from }) => !inside(from)).map(({ direction }) => direction)
  }
  return { realms, fromOutside }
}

/** All ways into each box. */
function waysInto(declared: ReadonlyMap<string, Declared>, links: Pairs): ReadonlyMap<string, readonly WayIn[]> {
  const ways = new Map<string, WayIn[]>()
  const note = (box: string, from: string, direction: DirectionId): void => {
    const { nat, firewall } = declared.get(box)!
    if (nat === undefined && firewall === undefined) return
    const known = ways.get(box) ?? []
    ways.set(box, known)
    known.push({ from, direction })
  }
  links.forEach(([a, b], place) => {
    note(b, a, place * 2)
    note(a, b, place * 2 + 1)
  })
  return ways
}

/** The realms that the declared NATs make. Undefined without NATs: then there is one realm, 0. */
function realmsOf(declared: ReadonlyMap<string, Declared>, links: Pairs): Realms | undefined {
  if ([...declared.values()].every(({ nat }) => nat === undefined)) return undefined
  return findRealms(nodesOf(declared), links)
}

/** The neighbours of a box that are on its inside: who, and what is behind them, stands in its inside prefix. */
function insideNeighbours(declared: ReadonlyMap<string, Declared>, links: Pairs, box: string): ReadonlySet<string> {
  const { firewall } = declared.get(box)!
  const hides = firewall && cidrOf(box, firewall.inside)
  const nodes = nodesOf(declared).map((one) => (one.name === box && hides ? { ...one, hides } : one))
  const { leadsInside } = findRealms(nodes, links)
  const neighbours = links.flatMap(([a, b]) => (a === box ? [b] : b === box ? [a] : []))
  return new Set(neighbours.filter((neighbour) => leadsInside(box, neighbour)))
}

function nodesOf(declared: ReadonlyMap<string, Declared>): RealmNode[] {
  return [...declared].map(([name, one]) => {
    const { nat } = one
    const texts = nat === undefined ? addressesOf(one) : [nat.outside]
    const addresses = texts.map((text) => cidrOf(name, text).address)
    return nat === undefined ? { name, addresses } : { name, addresses, hides: cidrOf(name, nat.inside) }
  })
}
