// A router: takes one from the TTL and passes the packet on towards its destination, or tells the sender why not.

import type { Rank } from '../kernel/event.ts'
import type { RouterOptions } from '../network/declaration.ts'
import type { DirectionId } from '../network/direction.ts'
import type { EndpointId } from '../network/endpoint.ts'
import { passInPieces } from '../network/fragments.ts'
import { type Interface, type Node, type Refusal, refuse, type World } from '../network/node.ts'
import type { Packet } from '../network/packet.ts'
import { P_DESTINATION, P_KIND, P_LENGTH, TTL_SHIFT } from '../network/packetRecord.ts'
import { FRAGMENT } from '../network/protocol.ts'
import { NO_LINK } from '../trace/recorder.ts'
import { expire, receiveOwn } from './ends.ts'
import { UNKNOWN } from './routeCache.ts'
import { RoutesByKind } from './routesByKind.ts'

// Folded into the code, as imports are not.
const DESTINATION = P_DESTINATION
const LENGTH = P_LENGTH
const KIND = P_KIND
const TO_TTL = TTL_SHIFT
const ONE_HOP = 1 << TTL_SHIFT

const OWN = -101
/** In place of a route: fragments may come for it, and are not wanted. */
const SCREENED = -102
const GONE = -103

/** A node that forwards. It runs no programs: what is sent to its own addresses finds every port closed. */
export class Router implements Node {
  declare readonly name: string
  declare readonly rank: Rank
  readonly forwards = true
  declare readonly interfaces: readonly Interface[]
  readonly gateway = undefined
  declare readonly refusals: readonly Refusal[]
  declare private readonly world: World
  declare private readonly fragments: NonNullable<RouterOptions['fragments']>
  declare private readonly routes: RoutesByKind
  /** The least MTU of the directions in them. */
  private leastMtu = 0x7fffffff

  constructor(
    world: World,
    name: string,
    rank: Rank,
    interfaces: readonly Interface[],
    refusals: readonly Refusal[],
    fragments: NonNullable<RouterOptions['fragments']>,
  ) {
    this.name = name
    this.rank = rank
    this.interfaces = interfaces
    this.refusals = refusals
    this.world = world
    this.fragments = fragments
    this.routes = new RoutesByKind(world, this)
  }

  receive(packet: Packet, direction: DirectionId): void {
    const { kernel, recorder, links } = this.world
    const { integers } = kernel.records
    const base = packet << 4
    const destination = integers[base | DESTINATION]!
    let route = this.routes.to(destination)
    if (route < 0) {
      route = this.look(packet, direction, destination, route)
      if (route < 0) return
    }
    const kind = integers[base | KIND]! - ONE_HOP
    const ttl = kind >> TO_TTL
    if (ttl <= 0) {
      expire(this.world, this, packet)
      return
    }
    integers[base | KIND] = kind
    const length = integers[base | LENGTH]!
    if (length > this.leastMtu && length > links.mtuOf(route)) {
      passInPieces(this.world, this, packet, route)
      return
    }
    recorder.forwarded(this.rank, links.numberOf(route), packet, length, ttl)
    links.push(packet, route)
  }

  /** The direction for a packet that may be more than a case of passing on; {@link GONE} if it was. Makes no other packet if it was not. */
  private look(packet: Packet, direction: DirectionId, destination: EndpointId, known: number): number {
    const { pool } = this.world
    let route = known === UNKNOWN ? this.learn(destination) : known
    if (route === SCREENED) {
      const isFirst = pool.piece(packet)?.offset === 0 && this.fragments === 'first-only'
      if (pool.protocol(packet) === FRAGMENT && !isFirst) return this.dropFragment(packet)
      route = this.route(destination)
    }
    if (route === OWN) receiveOwn(this.world, this, packet, direction)
    else if (route >= 0) return route
    else if (pool.ttl(packet) <= 1) expire(this.world, this, packet)
    else refuse(this.world, this, packet, route)
    return GONE
  }

  private dropFragment(packet: Packet): number {
    const { pool, recorder } = this.world
    recorder.lost(this.rank, NO_LINK, packet, pool.length(packet), 'fragment dropped by policy')
    pool.free(packet)
    return GONE
  }

  private route(destination: EndpointId): number {
    const { endpoints, routes, links } = this.world
    const to = endpoints.byId(destination)
    if (to.owner === this.rank) return OWN
    const route = routes.next(this, to)
    if (route >= 0) this.leastMtu = Math.min(this.leastMtu, links.mtuOf(route))
    return route
  }

  private learn(destination: EndpointId): DirectionId {
    const to = this.world.endpoints.byId(destination)
    const isScreened = this.fragments !== 'pass' && to.port === 0
    const route = isScreened ? SCREENED : this.route(destination)
    this.routes.keep(to, route)
    return route
  }
}
