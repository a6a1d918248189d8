// What a link may know of a packet's ends: a number for its flow, from the text of its addresses, so that it is the same in every run,
// whoever else is in the network.

import { hashText } from '../../platform/digest.ts'
import type { EndpointId, Endpoints } from './endpoint.ts'
import type { Packet, PacketPool } from './packet.ts'

/** What links ask about a packet's ends. */
export class Flows {
  readonly #endpoints: Endpoints
  readonly #pool: PacketPool
  readonly #ends: number[] = []

  constructor(endpoints: Endpoints, pool: PacketPool) {
    this.#endpoints = endpoints
    this.#pool = pool
  }

  /** The flow's number, by both ends and the protocol: 32 bits. */
  of(packet: Packet): number {
    const source = this.#end(this.#pool.source(packet))
    const destination = this.#end(this.#pool.destination(packet))
    const both = Math.imul(source, 0x9e3779b1) ^ Math.imul(destination, 0x85ebca6b) ^ this.#pool.protocol(packet)
    return Math.imul(both ^ (both >>> 15), 0xc2b2ae35) >>> 0
  }

  isIpv6(packet: Packet): boolean {
    return this.#endpoints.byId(this.#pool.source(packet)).isIpv6
  }

  #end(id: EndpointId): number {
    let end = this.#ends[id]
    if (end === undefined) {
      const { address, port } = this.#endpoints.byId(id)
      end = hashText(`${address} ${port}`)
      this.#ends[id] = end
    }
    return end
  }
}
