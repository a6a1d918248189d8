// The last step of most packets: a sound datagram for an open socket of a host that takes what comes as it comes. It is handed on without a look
// at the host, the socket or the endpoint: what is asked of a host here is one byte of a table.

import type { Rank } from '../kernel/event.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { LinkNumber, Recorder } from '../trace/recorder.ts'
import type { ShownDatagram } from '../transport/datagram.ts'
import type { WrongClock } from './clock.ts'
import type { Endpoints } from './endpoint.ts'
import type { Packet, PacketPool } from './packet.ts'
import { P_DESTINATION, P_KIND, P_LENGTH, P_WORD, SUSPECT, TTL_SHIFT } from './packetRecord.ts'

// Folded into the code, as imports are not.
const DESTINATION = P_DESTINATION
const LENGTH = P_LENGTH
const WORD = P_WORD
const KIND = P_KIND
const NOT_SOUND_UDP = SUSPECT
const TO_TTL = TTL_SHIFT

/** What deliveries need of their world. */
export interface DeliverySurroundings {
  readonly kernel: Kernel
  readonly recorder: Recorder
  readonly pool: PacketPool
  readonly endpoints: Endpoints
  readonly datagram: ShownDatagram
}

/** Hands datagrams to who receives them. */
export class Deliveries {
  /** By rank: 1 for a host with power, a clock that is right, and a processor as fast as ever. Each host says so of itself. */
  declare readonly prompt: Uint8Array
  declare private readonly kernel: Kernel
  declare private readonly recorder: Recorder
  declare private readonly pool: PacketPool
  declare private readonly endpoints: Endpoints
  declare private readonly datagram: ShownDatagram

  /** `nodes`: how many there are. */
  constructor(nodes: number, around: DeliverySurroundings) {
    this.prompt = new Uint8Array(nodes)
    this.kernel = around.kernel
    this.recorder = around.recorder
    this.pool = around.pool
    this.endpoints = around.endpoints
    this.datagram = around.datagram
  }

  /** True where there are so many receivers that hardly any is in the cache. */
  isForesightNeeded(): boolean {
    return this.endpoints.kinds.hasManyReceivers()
  }

  /** Looks at who will receive a packet. */
  foresee(packet: Packet): boolean {
    return this.endpoints.kinds.foresee(this.kernel.records.integers[(packet << 4) | DESTINATION]!)
  }

  /**
   * Ends a packet that has come to the node `rank`, by the link `number`: true if it was a sound datagram for an open socket of that node, whose
   * receiver has had it; false if it is something else, with which nothing has been done. `clock`: the host's, if it is wrong.
   */
  deliver(packet: Packet, rank: Rank, number: LinkNumber, clock: WrongClock | undefined): boolean {
    const { integers } = this.kernel.records
    const base = packet << 4
    const receiver = this.endpoints.kinds.receiverAt(integers[base | DESTINATION]!, rank)
    const kind = integers[base | KIND]!
    if (receiver === undefined || (kind & NOT_SOUND_UDP) !== 0) return false
    this.recorder.delivered(rank, number, packet, integers[base | LENGTH]!, kind >> TO_TTL, integers[base | WORD]!)
    const datagram = this.datagram
    receiver.received(datagram.show(packet, clock))
    datagram.hide()
    this.pool.free(packet)
    return true
  }
}
