// Routes: the fewest hops, ties by name; worked out once for each destination and kept, so that a packet asks one array.

import { inPrefix } from '../../platform/address.ts'
import type { Unreachable } from '../../platform/host.ts'
import type { Rank } from '../kernel/event.ts'
import type { AddressId, Endpoints } from './endpoint.ts'
import type { DirectionId } from './link.ts'
import type { Node } from './node.ts'

/** The causes of ICMP errors by their number here. A route of −1 − n means the n-th. */
export const UNREACHABLES = [
  'network unreachable',
  'host unreachable',
  'port unreachable',
  'administratively prohibited',
  'fragmentation needed',
  'time exceeded',
] as const satisfies readonly Unreachable[]

const NETWORK_UNREACHABLE = -1
const HOST_UNREACHABLE = -2
const UNKNOWN = -100
const FAR = 0x7fffffff

/** A way out of a node. */
interface Exit {
  readonly to: Rank
  readonly direction: DirectionId
}

/** All routes of a world. Ranks are those of the kernel: by name. */
export class Routes {
  readonly #nodes: readonly Node[]
  readonly #endpoints: Endpoints
  /** By rank, in the order of the neighbours' names. */
  readonly #exits: readonly Exit[][]
  readonly #hops = new Map<Rank, Int32Array>()
  /** By rank, for nodes that forward: the next direction by address. */
  readonly #known: (Int32Array | undefined)[] = []

  /** `nodes` may still be empty, and will be `count` long; `ends` are the directions', by their number. */
  constructor(
    count: number,
    nodes: readonly Node[],
    ends: readonly { readonly sender: Rank; readonly receiver: Rank }[],
    endpoints: Endpoints,
  ) {
    this.#nodes = nodes
    this.#endpoints = endpoints
    this.#exits = Array.from({ length: count }, () => [])
    for (const [direction, { sender, receiver }] of ends.entries())
      this.#exits[sender]!.push({ to: receiver, direction })
    for (const exits of this.#exits) exits.sort((a, b) => a.to - b.to)
  }

  /** Over which direction `node` sends to an address that is not its own; negative where it cannot, see {@link UNREACHABLES}. */
  next(node: Node, addressId: AddressId): DirectionId {
    if (!node.forwards && node.gateway === undefined) {
      const exits = this.#exits[node.rank]!
      if (exits.length === 1 && this.#nodes[exits[0]!.to]!.forwards) return exits[0]!.direction
    }
    const known = this.#known[node.rank]
    if (known !== undefined && addressId < known.length) {
      const direction = known[addressId]!
      if (direction !== UNKNOWN) return direction
    }
    return this.#learn(node, addressId)
  }

  /** The direction from one node to its neighbour, or undefined. */
  between(from: Rank, to: Rank): DirectionId | undefined {
    const exits = this.#exits[from]!
    let low = 0
    let high = exits.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (exits[middle]!.to < to) low = middle + 1
      else high = middle
    }
    return exits[low]?.to === to ? exits[low]!.direction : undefined
  }

  #learn(node: Node, addressId: AddressId): DirectionId {
    const direction = this.#find(node, addressId)
    if (!node.forwards) return direction
    let known = this.#known[node.rank] ?? new Int32Array(0)
    if (addressId >= known.length) {
      const longer = new Int32Array(Math.max(16, addressId + 1, known.length * 2)).fill(UNKNOWN)
      longer.set(known)
      known = longer
      this.#known[node.rank] = known
    }
    known[addressId] = direction
    return direction
  }

  #find(node: Node, addressId: AddressId): DirectionId {
    const refusal = this.#refusal(node, addressId)
    if (refusal !== undefined) return refusal
    const owner = this.#endpoints.ownerOf(addressId)
    const direct = owner < 0 ? undefined : this.between(node.rank, owner)
    if (direct !== undefined) return direct
    if (node.gateway !== undefined) return this.between(node.rank, node.gateway) ?? NETWORK_UNREACHABLE
    const targets = owner < 0 ? this.#neighbourhood(addressId) : this.#doors(owner)
    return this.#towards(node, targets, owner < 0 ? HOST_UNREACHABLE : NETWORK_UNREACHABLE)
  }

  #refusal(node: Node, addressId: AddressId): DirectionId | undefined {
    if (node.refusals.length === 0) return undefined
    const bytes = this.#endpoints.bytesOf(addressId)
    const refusal = node.refusals.find(({ to }) => inPrefix(to, bytes))
    return refusal && -1 - refusal.code
  }

  /** The next direction to the nearest target; `here` if the node is one itself. */
  #towards(node: Node, targets: readonly Rank[], here: number): DirectionId {
    let best: Rank | undefined
    let least = FAR
    for (const target of targets) {
      if (target === node.rank) return here
      const hops = this.#hopsFrom(node, this.#hopsTo(target))
      if (hops < least) {
        least = hops
        best = target
      }
    }
    if (best === undefined) return NETWORK_UNREACHABLE
    const hopsTo = this.#hopsTo(best)
    const exit = this.#exits[node.rank]!.find(({ to }) => hopsTo[to] === least - 1)
    return exit?.direction ?? NETWORK_UNREACHABLE
  }

  #hopsFrom(node: Node, hopsTo: Int32Array): number {
    if (node.forwards) return hopsTo[node.rank]!
    let least = FAR
    for (const { to } of this.#exits[node.rank]!) least = Math.min(least, hopsTo[to]!)
    return least === FAR ? FAR : least + 1
  }

  /** Where a node can be entered: itself if it forwards, else its neighbours that do. By rank. */
  #doors(rank: Rank): readonly Rank[] {
    if (this.#nodes[rank]!.forwards) return [rank]
    return this.#exits[rank]!.map(({ to }) => to).filter((to) => this.#nodes[to]!.forwards)
  }

  /** The forwarding nodes beside which an address that nobody has would be: they or their neighbours stand in its prefix. */
  #neighbourhood(addressId: AddressId): readonly Rank[] {
    const bytes = this.#endpoints.bytesOf(addressId)
    const found = new Set<Rank>()
    for (const { rank, interfaces } of this.#nodes) {
      if (!interfaces.some(({ cidr }) => inPrefix(cidr, bytes))) continue
      for (const door of this.#doors(rank)) found.add(door)
    }
    return [...found].sort((a, b) => a - b)
  }

  /** Hops from every forwarding node to one of them, through forwarding nodes only; FAR where no way leads. */
  #hopsTo(target: Rank): Int32Array {
    const known = this.#hops.get(target)
    if (known !== undefined) return known
    const hops = new Int32Array(this.#nodes.length).fill(FAR)
    hops[target] = 0
    const line = [target]
    for (const rank of line) {
      for (const { to } of this.#exits[rank]!) {
        if (hops[to] !== FAR || !this.#nodes[to]!.forwards) continue
        hops[to] = hops[rank]! + 1
        line.push(to)
      }
    }
    this.#hops.set(target, hops)
    return hops
  }
}
