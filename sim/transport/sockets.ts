// The open UDP sockets of a world, by endpoint. What a delivery needs stands in arrays of its own, so that it touches no socket.

import type { UdpReceiver } from '../../platform/host.ts'
import type { EndpointId } from '../network/endpoint.ts'
import type { Node } from '../network/node.ts'
import type { UdpSocketOfHost } from './udp.ts'

/** Which socket receives where. */
export class Sockets {
  readonly #sockets: (UdpSocketOfHost | undefined)[] = []
  readonly #receivers: (UdpReceiver | undefined)[] = []

  /** The socket that is bound to an endpoint, if one is. */
  at(id: EndpointId): UdpSocketOfHost | undefined {
    return this.#sockets[id]
  }

  /** The sockets of a node. For rare events: it looks at all. */
  of(node: Node): UdpSocketOfHost[] {
    return this.#sockets.filter((socket) => socket?.node === node) as UdpSocketOfHost[]
  }

  /** Who takes what comes for an endpoint to the node that has its address; undefined where no socket is bound to it. */
  receiverAt(id: EndpointId): UdpReceiver | undefined {
    return id < this.#receivers.length ? this.#receivers[id] : undefined
  }

  bind(id: EndpointId, socket: UdpSocketOfHost, receiver: UdpReceiver): void {
    while (this.#sockets.length <= id) this.#sockets.push(undefined)
    while (this.#receivers.length <= id) this.#receivers.push(undefined)
    this.#sockets[id] = socket
    this.#receivers[id] = receiver
  }

  release(id: EndpointId): void {
    this.#sockets[id] = undefined
    this.#receivers[id] = undefined
  }
}
