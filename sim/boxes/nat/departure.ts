// How packets leave a NAT: rewritten and passed on, or given up, and why.

import type { Rank } from '../../kernel/event.ts'
import type { DirectionId } from '../../network/direction.ts'
import type { EndpointId } from '../../network/endpoint.ts'
import { giveUp } from '../../network/fragments.ts'
import { unreachable } from '../../network/icmp.ts'
import { type Node, refuse, type World } from '../../network/node.ts'
import type { Packet } from '../../network/packet.ts'
import { NO_LINK } from '../../trace/recorder.ts'
import { OWN, type Passing } from '../passing.ts'

/** The last steps of one box. */
export class Departure {
  readonly #world: World
  readonly #node: Node
  readonly #rank: Rank
  readonly #passing: Passing

  constructor(world: World, node: Node, passing: Passing) {
    this.#world = world
    this.#node = node
    this.#rank = node.rank
    this.#passing = passing
  }

  /** Rewrites and passes on. `payload`: what it carries from here; null: the ALG has dropped it; absent: the same as before. */
  go(
    packet: Packet,
    source: EndpointId,
    destination: EndpointId,
    route: DirectionId,
    payload?: Uint8Array | null,
  ): void {
    const { pool, recorder, links } = this.#world
    const length = pool.length(packet)
    if (payload === undefined && length <= this.#passing.leastMtu) {
      // The common case, without a call that is not needed.
      const ttl = pool.ttl(packet) - 1
      const before = pool.readdress(packet, source, destination)
      recorder.translated(this.#rank, packet, length, before)
      pool.setTtl(packet, ttl)
      recorder.forwarded(this.#rank, links.numberOf(route), packet, length, ttl)
      links.push(packet, route)
      return
    }
    if (payload === null) {
      this.lose(packet)
      return
    }
    if (!this.#passing.takes(packet, route)) {
      giveUp(this.#world, this.#node, packet, this.#world.links.mtuOf(route)) // RFC 4787 REQ-13: before its sender is hidden
      return
    }
    const before = pool.readdress(packet, source, destination)
    if (payload !== undefined) pool.replace(packet, payload)
    recorder.translated(this.#node.rank, packet, pool.length(packet), before)
    this.#passing.pass(packet, route)
  }

  /** RFC 6888 REQ-11: the packet is dropped, and the sender told that the host is unreachable. */
  exhausted(packet: Packet): void {
    const { recorder, pool } = this.#world
    const cause = recorder.lost(this.#node.rank, NO_LINK, packet, pool.length(packet), 'no mapping left')
    unreachable(this.#world, this.#node, packet, 'host unreachable', cause)
    pool.free(packet)
  }

  /** It carries nothing from outside to outside, and forwards nothing to itself: then the network is unreachable. */
  refuse(packet: Packet, route: DirectionId): void {
    refuse(this.#world, this.#node, packet, route < 0 && route !== OWN ? route : -1)
  }

  /** The filter does not let it through. */
  lose(packet: Packet): void {
    const { recorder, pool } = this.#world
    recorder.lost(this.#node.rank, NO_LINK, packet, pool.length(packet), 'filtered by NAT')
    pool.free(packet)
  }
}
