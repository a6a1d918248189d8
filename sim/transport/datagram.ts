// A received datagram as a program sees it: one object for the whole world, shown anew for each packet.

import { bug } from '../../platform/assert.ts'
import type { Datagram, Endpoint } from '../../platform/host.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { WrongClock } from '../network/clock.ts'
import type { Endpoints } from '../network/endpoint.ts'
import type { Packet, PacketPool } from '../network/packet.ts'

const NOTHING = -1

/** Good from {@link ShownDatagram.show} to {@link ShownDatagram.hide}. It looks at the packet only as far as who receives it does. */
export class ShownDatagram implements Datagram {
  declare private readonly endpoints: Endpoints
  declare private readonly pool: PacketPool
  declare private readonly kernel: Kernel
  declare private readonly ticksPerMs: number
  private packet = NOTHING
  /** Its host's, where that is wrong. */
  declare private clock: WrongClock | undefined

  constructor(endpoints: Endpoints, pool: PacketPool, kernel: Kernel) {
    this.endpoints = endpoints
    this.pool = pool
    this.kernel = kernel
    this.ticksPerMs = 1e6 / kernel.tickNs
    this.clock = undefined
  }

  /** `clock`: that of the host which it has come to, if it is wrong. */
  show(packet: Packet, clock: WrongClock | undefined): this {
    this.packet = packet
    this.clock = clock
    return this
  }

  /** Who looks at it after this has kept what it must not. */
  hide(): void {
    this.packet = NOTHING
  }

  get from(): Endpoint {
    return this.endpoints.byId(this.pool.source(this.shown()))
  }

  get to(): Endpoint {
    return this.endpoints.byId(this.pool.destination(this.shown()))
  }

  get dscp(): number {
    return this.pool.dscp(this.shown())
  }

  get length(): number {
    return this.pool.payloadLength(this.shown())
  }

  get head(): Uint8Array {
    return this.pool.heads
  }

  get headAt(): number {
    return this.pool.headAt(this.shown())
  }

  get headLength(): number {
    return this.pool.headLength(this.shown())
  }

  get body(): Uint8Array {
    return this.pool.body(this.shown())
  }

  get arrivedMs(): number {
    const { kernel, clock } = this
    return clock === undefined ? kernel.now / this.ticksPerMs : clock.runs(kernel.now)
  }

  bytes(): Uint8Array {
    const { head, headAt, headLength, body } = this
    if (headLength === 0) return body
    const bytes = new Uint8Array(this.length)
    bytes.set(head.subarray(headAt, headAt + headLength))
    bytes.set(body, headLength)
    return bytes
  }

  private shown(): Packet {
    if (this.packet < 0) bug('a datagram was looked at after its callback had returned')
    return this.packet
  }
}
