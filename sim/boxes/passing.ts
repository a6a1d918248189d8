// What boxes share that pass packets on: the way to each destination, asked once, and the last steps before the link.

import type { DirectionId } from '../network/direction.ts'
import type { AddressId, EndpointId, KnownEndpoint } from '../network/endpoint.ts'
import { passInPieces } from '../network/fragments.ts'
import type { Node, World } from '../network/node.ts'
import type { Packet } from '../network/packet.ts'
import { UNKNOWN } from './routeCache.ts'
import { RoutesByKind } from './routesByKind.ts'

/** In place of a route: the destination is the box itself. */
export const OWN = -101

/** The ways out of one box. */
export class Passing {
  readonly #world: World
  readonly #node: Node
  readonly #routes: RoutesByKind
  /** The least MTU of its ways so far: what is no longer fits each, whatever its way. */
  leastMtu = 0x7fffffff
  /** Ports have no ways of their own. */
  readonly #byAddress = new Map<AddressId, DirectionId>()

  constructor(world: World, node: Node) {
    this.#world = world
    this.#node = node
    this.#routes = new RoutesByKind(world, node)
  }

  /** The direction towards an endpoint; {@link OWN}, or another number below 0 where there is no way, see `Routes.next`. */
  routeTo(destination: EndpointId): DirectionId {
    const route = this.#routes.to(destination)
    return route === UNKNOWN ? this.#learn(destination) : route
  }

  /** False for what is too large for a direction and must not be cut up: a box that rewrites packets asks before it does so. */
  takes(packet: Packet, route: DirectionId): boolean {
    const { pool, links } = this.#world
    const length = pool.length(packet)
    return length <= this.leastMtu || length <= links.mtuOf(route) || !pool.mustStayWhole(packet)
  }

  /** Passes the packet on, one TTL less. */
  pass(packet: Packet, route: DirectionId): void {
    const { pool, recorder, links } = this.#world
    const ttl = pool.ttl(packet) - 1
    pool.setTtl(packet, ttl)
    if (pool.length(packet) > this.leastMtu && pool.length(packet) > links.mtuOf(route)) {
      passInPieces(this.#world, this.#node, packet, route)
      return
    }
    recorder.forwarded(this.#node.rank, links.numberOf(route), packet, pool.length(packet), ttl)
    links.push(packet, route)
  }

  #ask(to: KnownEndpoint): DirectionId {
    if (to.owner === this.#node.rank) return OWN
    const route = this.#world.routes.next(this.#node, to)
    if (route >= 0) this.leastMtu = Math.min(this.leastMtu, this.#world.links.mtuOf(route))
    return route
  }

  #learn(destination: EndpointId): DirectionId {
    const to = this.#world.endpoints.byId(destination)
    const route = this.#byAddress.get(to.addressId) ?? this.#ask(to)
    this.#byAddress.set(to.addressId, route)
    this.#routes.keep(to, route)
    return route
  }
}
