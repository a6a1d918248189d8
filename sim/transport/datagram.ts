// A received datagram as a program sees it: one object for the whole world, shown anew for each packet.

import { bug } from '../../platform/assert.ts'
import type { Datagram, Endpoint } from '../../platform/host.ts'
import type { EndpointId, Endpoints } from '../network/endpoint.ts'
import { EMPTY, type Packet, type PacketPool } from '../network/packet.ts'

const NOBODY = -1

/** Good from {@link ShownDatagram.show} to {@link ShownDatagram.hide}. */
export class ShownDatagram implements Datagram {
  readonly #endpoints: Endpoints
  readonly #pool: PacketPool
  #from = NOBODY
  #to = NOBODY
  dscp = 0
  length = 0
  head: Uint8Array = EMPTY
  headAt = 0
  headLength = 0
  body: Uint8Array = EMPTY

  constructor(endpoints: Endpoints, pool: PacketPool) {
    this.#endpoints = endpoints
    this.#pool = pool
  }

  show(packet: Packet): this {
    const pool = this.#pool
    this.#from = pool.source(packet)
    this.#to = pool.destination(packet)
    this.dscp = pool.dscp(packet)
    this.head = pool.heads
    this.headAt = pool.headAt(packet)
    this.headLength = pool.headLength(packet)
    this.body = pool.body(packet)
    this.length = pool.payloadLength(packet)
    return this
  }

  /** Who looks at it after this has kept what it must not. */
  hide(): void {
    this.#from = NOBODY
    this.#to = NOBODY
    this.length = 0
    this.headLength = 0
    this.body = EMPTY
  }

  get from(): Endpoint {
    return this.#endpoint(this.#from)
  }

  get to(): Endpoint {
    return this.#endpoint(this.#to)
  }

  bytes(): Uint8Array {
    if (this.headLength === 0) return this.body
    const bytes = new Uint8Array(this.length)
    bytes.set(this.head.subarray(this.headAt, this.headAt + this.headLength))
    bytes.set(this.body, this.headLength)
    return bytes
  }

  #endpoint(id: EndpointId): Endpoint {
    if (id === NOBODY) bug('a datagram was looked at after its callback had returned')
    return this.#endpoints.byId(id)
  }
}
