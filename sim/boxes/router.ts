// A router: takes one from the TTL and passes the packet on towards its destination, or tells the sender why not.

import type { Rank } from '../kernel/event.ts'
import type { DirectionId } from '../network/direction.ts'
import type { EndpointId } from '../network/endpoint.ts'
import { type Interface, type Node, type Refusal, refuse, type World } from '../network/node.ts'
import type { Packet } from '../network/packet.ts'
import { expire, receiveOwn } from './ends.ts'

const UNKNOWN = -100
const OWN = -101

/** A node that forwards. It runs no programs: what is sent to its own addresses finds every port closed. */
export class Router implements Node {
  readonly name: string
  readonly rank: Rank
  readonly forwards = true
  readonly interfaces: readonly Interface[]
  readonly gateway = undefined
  readonly refusals: readonly Refusal[]
  readonly #world: World
  /** The next direction by endpoint: asked once, then kept. */
  #routes = new Int32Array(0)

  constructor(world: World, name: string, rank: Rank, interfaces: readonly Interface[], refusals: readonly Refusal[]) {
    this.name = name
    this.rank = rank
    this.interfaces = interfaces
    this.refusals = refusals
    this.#world = world
  }

  receive(packet: Packet, direction: DirectionId): void {
    const { pool, recorder, links } = this.#world
    const destination = pool.destination(packet)
    let route = destination < this.#routes.length ? this.#routes[destination]! : UNKNOWN
    if (route < 0) {
      if (route === UNKNOWN) route = this.#learn(destination)
      if (route === OWN) {
        receiveOwn(this.#world, this, packet, direction)
        return
      }
    }
    const ttl = pool.ttl(packet) - 1
    if (ttl <= 0) {
      expire(this.#world, this, packet)
      return
    }
    if (route < 0) {
      refuse(this.#world, this, packet, route)
      return
    }
    pool.setTtl(packet, ttl)
    recorder.forwarded(this.rank, links.numberOf(route), packet, pool.length(packet), ttl)
    links.push(packet, route)
  }

  #learn(destination: EndpointId): DirectionId {
    const to = this.#world.endpoints.byId(destination)
    const route = to.owner === this.rank ? OWN : this.#world.routes.next(this, to)
    if (destination >= this.#routes.length) {
      const longer = new Int32Array(Math.max(16, destination + 1, this.#routes.length * 2)).fill(UNKNOWN)
      longer.set(this.#routes)
      this.#routes = longer
    }
    this.#routes[destination] = route
    return route
  }
}
