// The open UDP sockets of a world, by endpoint. What a delivery needs stands in arrays of its own, so that it touches no socket.

import type { UdpReceiver } from '../../platform/host.ts'
import type { Rank } from '../kernel/event.ts'
import type { EndpointId } from '../network/endpoint.ts'
import type { Node } from '../network/node.ts'
import type { UdpSocketOfHost } from './udp.ts'

const NOBODY = -1

/** Which socket receives where. */
export class Sockets {
  readonly #sockets: (UdpSocketOfHost | undefined)[] = []
  readonly #receivers: (UdpReceiver | undefined)[] = []
  #ranks = new Int32Array(0)

  /** The socket that is bound to an endpoint, if one is. */
  at(id: EndpointId): UdpSocketOfHost | undefined {
    return this.#sockets[id]
  }

  /** The sockets of a node. For rare events: it looks at all. */
  of(node: Node): UdpSocketOfHost[] {
    return this.#sockets.filter((socket) => socket?.node === node) as UdpSocketOfHost[]
  }

  /** Who takes what comes to `rank` for an endpoint; undefined where no socket of that node is bound to it. */
  receiverAt(id: EndpointId, rank: Rank): UdpReceiver | undefined {
    return id < this.#ranks.length && this.#ranks[id] === rank ? this.#receivers[id] : undefined
  }

  bind(id: EndpointId, socket: UdpSocketOfHost, receiver: UdpReceiver): void {
    if (id >= this.#ranks.length) {
      const ranks = new Int32Array(Math.max(16, id * 2)).fill(NOBODY)
      ranks.set(this.#ranks)
      this.#ranks = ranks
    }
    while (this.#sockets.length <= id) this.#sockets.push(undefined)
    while (this.#receivers.length <= id) this.#receivers.push(undefined)
    this.#ranks[id] = socket.node.rank
    this.#sockets[id] = socket
    this.#receivers[id] = receiver
  }

  release(id: EndpointId): void {
    this.#ranks[id] = NOBODY
    this.#sockets[id] = undefined
    this.#receivers[id] = undefined
  }
}
