// ICMP through a NAT (RFC 5508): queries have mappings of their own, by their ids; errors follow the mapping of the packet that they quote.

import type { DirectionId } from '../../network/direction.ts'
import type { EndpointId } from '../../network/endpoint.ts'
import { readUnreachable } from '../../network/icmp.ts'
import { LOOPBACK, type Node, type World } from '../../network/node.ts'
import type { Packet } from '../../network/packet.ts'
import { ICMP } from '../../network/protocol.ts'
import { expire, receiveOwn } from '../ends.ts'
import { OWN, type Passing } from '../passing.ts'
import { NO_ROW } from '../table.ts'
import type { Border } from './border.ts'
import type { Departure } from './departure.ts'
import { isReply, queryId, quotedProtocol, requote, withQueryId } from './icmp.ts'
import type { Mappings } from './mappings.ts'

/** What the messages need of their NAT. */
export interface MessageParts {
  readonly mappings: Mappings
  readonly departure: Departure
  readonly outer: Border
  readonly inner: Border
  readonly passing: Passing
}

/** The ICMP of one box. */
export class Messages {
  readonly #world: World
  readonly #node: Node
  readonly #parts: MessageParts

  constructor(world: World, node: Node, parts: MessageParts) {
    this.#world = world
    this.#node = node
    this.#parts = parts
  }

  /** From inside: a query, or an error about what came in. */
  outward(packet: Packet, remote: EndpointId, route: DirectionId): void {
    const id = queryId(this.#world.pool.payload(packet))
    if (route < 0 && route !== OWN) this.#parts.departure.refuse(packet, route)
    else if (id === undefined) this.#errorOutward(packet, remote, route)
    else if (route === OWN) receiveOwn(this.#world, this.#node, packet, LOOPBACK)
    else this.#queryOutward(packet, id, remote, route)
  }

  #queryOutward(packet: Packet, id: number, remote: EndpointId, route: DirectionId): void {
    const { pool, endpoints } = this.#world
    const { mappings, departure } = this.#parts
    const asker = endpoints.at(endpoints.byId(pool.source(packet)).addressId, id)
    const row = mappings.outbound(ICMP, asker.id, remote)
    if (row === NO_ROW) {
      departure.exhausted(packet)
      return
    }
    const { addressId, port } = endpoints.byId(mappings.outsideOf(row))
    departure.go(packet, endpoints.at(addressId, 0).id, remote, route, withQueryId(pool.payload(packet), port))
  }

  /** An error about what came in goes out as one about what the far end has sent. */
  #errorOutward(packet: Packet, remote: EndpointId, route: DirectionId): void {
    const { pool, endpoints, recorder } = this.#world
    const { mappings, departure, outer } = this.#parts
    const payload = pool.payload(packet)
    const error = readUnreachable(this.#world, packet)
    const protocol = quotedProtocol(payload)
    if (error === undefined || protocol === undefined) {
      departure.lose(packet)
      return
    }
    const row = mappings.known(protocol, error.to.id, outer.across(error.from.id))
    if (row === NO_ROW) {
      departure.lose(packet)
      return
    }
    const outside = endpoints.byId(mappings.outsideOf(row))
    const quoted = requote(payload, 'destination', endpoints.bytesOf(outside.addressId), outside.port)
    const source = endpoints.at(outside.addressId, 0).id
    if (route !== OWN) {
      departure.go(packet, source, remote, route, quoted)
      return
    }
    const before = pool.readdress(packet, source, remote) // RFC 5508 REQ-7: hairpinned errors
    pool.replace(packet, quoted)
    recorder.translated(this.#node.rank, packet, pool.length(packet), before)
    this.inward(packet, LOOPBACK)
  }

  /** From outside, to one of the NAT's addresses: a query's answer, or an error about what went out. `direction`: for what is for the box itself. */
  inward(packet: Packet, direction: DirectionId): void {
    const { pool, endpoints } = this.#world
    const { mappings, departure, inner, passing } = this.#parts
    const payload = pool.payload(packet)
    const id = isReply(payload) ? queryId(payload) : undefined
    const error = readUnreachable(this.#world, packet)
    const protocol = id === undefined ? quotedProtocol(payload) : ICMP
    const to = endpoints.byId(pool.destination(packet)).addressId
    const about = id === undefined ? error?.from : endpoints.at(to, id)
    if (about === undefined || protocol === undefined) {
      receiveOwn(this.#world, this.#node, packet, direction)
      return
    }
    const remote = pool.source(packet)
    const row =
      id === undefined ? mappings.behind(protocol, about, error?.to.id) : mappings.inbound(ICMP, about.id, remote)
    if (row === NO_ROW) {
      departure.lose(packet)
      return
    }
    if (pool.ttl(packet) <= 1) {
      expire(this.#world, this.#node, packet)
      return
    }
    const inside = endpoints.byId(mappings.insideOf(row))
    const destination = endpoints.at(inside.addressId, 0).id
    const route = passing.routeTo(destination)
    if (route < 0) {
      departure.refuse(packet, route)
      return
    }
    const quoted =
      id === undefined
        ? requote(payload, 'source', endpoints.bytesOf(inside.addressId), inside.port)
        : withQueryId(payload, inside.port)
    departure.go(packet, inner.across(remote), destination, route, quoted)
  }
}
