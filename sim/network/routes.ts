// Routes: the fewest hops, ties by name. Routers keep what they have asked once (see `boxes/router.ts`).

import { type AddressBytes, inPrefix } from '../../platform/address.ts'
import type { Unreachable } from '../../platform/host.ts'
import type { Rank } from '../kernel/event.ts'
import type { DirectionId } from './direction.ts'
import type { AddressId, Endpoints, KnownEndpoint, Realm } from './endpoint.ts'
import type { Interface, Node } from './node.ts'

/** The causes of ICMP errors by their number here. A route of −1 − n means the n-th. */
export const UNREACHABLES = [
  'network unreachable',
  'host unreachable',
  'port unreachable',
  'administratively prohibited',
  'fragmentation needed',
  'time exceeded',
  'reassembly time exceeded',
] as const satisfies readonly Unreachable[]

const NETWORK_UNREACHABLE = -1
const HOST_UNREACHABLE = -2
const FAR = 0x7fffffff

/** All routes of a world. Ranks are those of the kernel: by name. */
export class Routes {
  readonly #nodes: readonly Node[]
  readonly #endpoints: Endpoints
  /** A node's ways out stand from `#firstExit[rank]` up to that of the next rank, in the order of the neighbours' names. */
  readonly #firstExit: Int32Array
  readonly #exitTo: Int32Array
  readonly #exitBy: Int32Array
  readonly #hops = new Map<Rank, Int32Array>()

  /** `nodes` may still be empty, and will be `count` long; `ends` are the directions', by their number. */
  constructor(
    count: number,
    nodes: readonly Node[],
    ends: readonly { readonly sender: Rank; readonly receiver: Rank }[],
    endpoints: Endpoints,
  ) {
    this.#nodes = nodes
    this.#endpoints = endpoints
    this.#firstExit = new Int32Array(count + 1)
    const order = ends.map((end, direction) => ({ ...end, direction }))
    order.sort((a, b) => a.sender - b.sender || a.receiver - b.receiver)
    this.#exitTo = Int32Array.from(order, ({ receiver }) => receiver)
    this.#exitBy = Int32Array.from(order, ({ direction }) => direction)
    for (const { sender } of order) this.#firstExit[sender + 1]!++
    for (let rank = 0; rank < count; rank++) this.#firstExit[rank + 1]! += this.#firstExit[rank]!
  }

  /** How many directions there are: they are numbered from 0 on. */
  get directions(): number {
    return this.#exitBy.length
  }

  /** Over which direction `node` sends to an endpoint that is not its own; negative where it cannot, see {@link UNREACHABLES}. */
  next(node: Node, to: KnownEndpoint): DirectionId {
    const exit = this.onlyExit(node)
    return exit < 0 ? this.#find(node, to.addressId) : exit
  }

  /** The one direction out of a node that does not forward and has one link: to its gateway or, if it named none, to one that forwards. Else -1. */
  onlyExit({ rank, forwards, gateway }: Node): DirectionId {
    const first = this.#firstExit[rank]!
    if (forwards || this.#firstExit[rank + 1]! - first !== 1) return -1
    const to = this.#exitTo[first]!
    const takesAll = gateway === undefined ? this.#nodes[to]!.forwards : gateway === to
    return takesAll ? this.#exitBy[first]! : -1
  }

  /** The direction from one node to its neighbour, or undefined. */
  between(from: Rank, to: Rank): DirectionId | undefined {
    let low = this.#firstExit[from]!
    const end = this.#firstExit[from + 1]!
    let high = end
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#exitTo[middle]! < to) low = middle + 1
      else high = middle
    }
    return low < end && this.#exitTo[low] === to ? this.#exitBy[low] : undefined
  }

  #find(node: Node, addressId: AddressId): DirectionId {
    const refusal = this.#refusal(node, addressId)
    if (refusal !== undefined) return refusal
    const owner = this.#endpoints.ownerOf(addressId)
    const direct = owner < 0 ? undefined : this.between(node.rank, owner)
    if (direct !== undefined) return direct
    if (node.gateway !== undefined) return this.between(node.rank, node.gateway) ?? NETWORK_UNREACHABLE
    if (owner >= 0) return this.#towards(node, this.#doors(owner), NETWORK_UNREACHABLE)
    const beside = this.#neighbourhood(addressId)
    if (beside.length > 0) return this.#towards(node, beside, HOST_UNREACHABLE)
    return this.#towards(node, this.#gates(this.#endpoints.realmOf(addressId)), NETWORK_UNREACHABLE)
  }

  /** The boxes that lead out of a realm, by rank: where everything goes that nobody in it has. */
  #gates(realm: Realm): readonly Rank[] {
    return this.#nodes.filter(({ hides }) => hides === realm).map(({ rank }) => rank)
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
    if (least === 1) return this.between(node.rank, best)!
    const next = this.#neighbours(node.rank).find((rank) => hopsTo[rank] === least - 1)
    return next === undefined ? NETWORK_UNREACHABLE : this.between(node.rank, next)!
  }

  #hopsFrom(node: Node, hopsTo: Int32Array): number {
    if (node.forwards) return hopsTo[node.rank]!
    let least = FAR
    for (const rank of this.#neighbours(node.rank)) least = Math.min(least, hopsTo[rank]!)
    return least === FAR ? FAR : least + 1
  }

  /** Where a node can be entered: itself if it forwards, else its neighbours that do. By rank. */
  #doors(rank: Rank): readonly Rank[] {
    if (this.#nodes[rank]!.forwards) return [rank]
    return [...this.#neighbours(rank)].filter((to) => this.#nodes[to]!.forwards)
  }

  /** The forwarding nodes beside which an address that nobody has would be: they or their neighbours stand in its prefix. */
  #neighbourhood(addressId: AddressId): readonly Rank[] {
    const bytes = this.#endpoints.bytesOf(addressId)
    const realm = this.#endpoints.realmOf(addressId)
    const found = new Set<Rank>()
    for (const { rank, interfaces } of this.#nodes) {
      if (!interfaces.some((one) => this.#isOnLink(one, bytes, realm))) continue
      for (const door of this.#doors(rank)) found.add(door)
    }
    return [...found].sort((a, b) => a - b)
  }

  #isOnLink({ addressId, prefixLength }: Interface, bytes: AddressBytes, realm: Realm): boolean {
    if (this.#endpoints.realmOf(addressId) !== realm) return false
    return inPrefix({ address: this.#endpoints.bytesOf(addressId), prefixLength }, bytes)
  }

  #neighbours(rank: Rank): Int32Array {
    return this.#exitTo.subarray(this.#firstExit[rank]!, this.#firstExit[rank + 1]!)
  }

  /** Hops from every forwarding node to one of them, through forwarding nodes only; FAR where no way leads. */
  #hopsTo(target: Rank): Int32Array {
    const known = this.#hops.get(target)
    if (known !== undefined) return known
    const hops = new Int32Array(this.#nodes.length).fill(FAR)
    hops[target] = 0
    const line = [target]
    for (const rank of line) {
      if (rank !== target && this.#nodes[rank]!.hides !== undefined) continue
      for (const to of this.#neighbours(rank)) {
        if (hops[to] !== FAR || !this.#nodes[to]!.forwards) continue
        hops[to] = hops[rank]! + 1
        line.push(to)
      }
    }
    this.#hops.set(target, hops)
    return hops
  }
}
