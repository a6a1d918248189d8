// The open UDP sockets of a world, by endpoint. A delivery touches none: it asks the endpoint's kind who receives.

import type { UdpReceiver } from '../../platform/host.ts'
import type { EndpointId } from '../network/endpoint.ts'
import type { Kinds } from '../network/kinds.ts'
import type { Node } from '../network/node.ts'
import type { UdpSocketOfHost } from './udp.ts'

/** Which socket receives where. */
export class Sockets {
  readonly #sockets: (UdpSocketOfHost | undefined)[] = []
  readonly #kinds: Kinds

  /** `kinds`: the world's, which learn who receives. */
  constructor(kinds: Kinds) {
    this.#kinds = kinds
  }

  /** The socket that is bound to an endpoint, if one is. */
  at(id: EndpointId): UdpSocketOfHost | undefined {
    return this.#sockets[id]
  }

  /** The sockets of a node. For rare events: it looks at all. */
  of(node: Node): UdpSocketOfHost[] {
    return this.#sockets.filter((socket) => socket?.node === node) as UdpSocketOfHost[]
  }

  bind(id: EndpointId, socket: UdpSocketOfHost, receiver: UdpReceiver): void {
    while (this.#sockets.length <= id) this.#sockets.push(undefined)
    this.#sockets[id] = socket
    this.#kinds.bind(id, receiver)
  }

  release(id: EndpointId): void {
    this.#sockets[id] = undefined
    this.#kinds.release(id)
  }
}
