// UDP on a live host, over Node's sockets: one for each of the host's addresses, so that every datagram's own address is known.
// What Node cannot do: a DSCP is neither set nor seen; and ICMP errors reach connected sockets only, which a port that serves everybody
// is not. So a closed port far away is met with silence, as behind most firewalls; what the own machine refuses to send is told.

import dgram from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Datagram, Endpoint, UdpOptions, UdpReceiver, UdpSocket, Unreachable } from '../platform/host.ts'
import { failure, type Result, success } from '../platform/result.ts'
import type { Endpoints } from './endpoint.ts'
import { notBound } from './refusal.ts'

const NO_BYTES = new Uint8Array(0)

const UNREACHABLES: Readonly<Record<string, Unreachable>> = {
  ECONNREFUSED: 'port unreachable',
  EHOSTUNREACH: 'host unreachable',
  EHOSTDOWN: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'network unreachable',
  EMSGSIZE: 'fragmentation needed',
  EACCES: 'administratively prohibited',
  EPERM: 'administratively prohibited',
}

/** What a socket needs of its host. */
export interface UdpHost {
  readonly endpoints: Endpoints
  monotonic(): number
  addresses(): readonly string[]
  /** The socket has been closed. */
  closed(socket: LiveUdpSocket): void
}

/** Opens a socket at once: a port that is taken, or an address that is not this machine's, is an issue. */
export function openUdp(host: UdpHost, options: UdpOptions, receiver: UdpReceiver): Result<LiveUdpSocket> {
  const own = host.addresses()
  const addresses = options.address === undefined ? own : own.filter((address) => address === options.address)
  if (addresses.length === 0) return failure('address', `one of ${own.join(', ')}, not "${options.address}"`)
  const bound: dgram.Socket[] = []
  let port = options.port ?? 0
  for (const address of addresses) {
    const socket = bind(address, port)
    if (typeof socket === 'string') {
      for (const one of bound) one.close()
      return notBound(address, port, socket)
    }
    bound.push(socket)
    port = socket.address().port
  }
  return success(new LiveUdpSocket(host, bound, receiver))
}

/** The bound socket, or the system's name for why there is none. Node binds from within the call if the address needs no look-up. */
function bind(address: string, port: number): dgram.Socket | string {
  const family = isIPv6(address) ? 6 : 4
  const socket = dgram.createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    ipv6Only: family === 6,
    lookup: (name, _options, found) => found(null, name, family),
  })
  let refused: string | undefined
  socket.once('error', (error: NodeJS.ErrnoException) => {
    refused = error.code ?? error.message
  })
  socket.bind({ address, port, exclusive: true })
  if (refused === undefined) {
    socket.removeAllListeners('error')
    return socket
  }
  socket.close()
  return refused
}

/** An open socket of a live host. */
export class LiveUdpSocket implements UdpSocket {
  readonly local: Endpoint
  readonly #host: UdpHost
  readonly #bound: readonly { readonly socket: dgram.Socket; readonly endpoint: Endpoint; readonly ipv6: boolean }[]
  readonly #receiver: UdpReceiver
  #open = true

  constructor(host: UdpHost, sockets: readonly dgram.Socket[], receiver: UdpReceiver) {
    this.#host = host
    this.#receiver = receiver
    this.#bound = sockets.map((socket) => {
      const { address, port, family } = socket.address()
      const endpoint = host.endpoints.at(address, port)
      socket.on('message', (bytes, from) => this.#received(bytes, host.endpoints.at(from.address, from.port), endpoint))
      // What a send could not do is told by its callback; nothing else goes wrong on a bound socket.
      socket.on('error', () => {})
      return { socket, endpoint, ipv6: family === 'IPv6' }
    })
    this.local = this.#bound[0]!.endpoint
  }

  send(to: Endpoint, head: Uint8Array, body: Uint8Array, _dscp?: number, from?: string): void {
    if (!this.#open) return
    const ipv6 = isIPv6(to.address)
    const way = this.#bound.find((one) => (from === undefined ? one.ipv6 === ipv6 : one.endpoint.address === from))
    if (way === undefined) {
      queueMicrotask(() => this.#failed(to, 'network unreachable'))
      return
    }
    const datagram = new Uint8Array(head.length + body.length)
    datagram.set(head)
    datagram.set(body, head.length)
    way.socket.send(datagram, to.port, to.address, (error: NodeJS.ErrnoException | null) => {
      if (error !== null) this.#failed(to, UNREACHABLES[error.code ?? ''] ?? 'network unreachable')
    })
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    for (const { socket } of this.#bound) socket.close()
    this.#host.closed(this)
  }

  #received(bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    if (this.#open) this.#receiver.received(new LiveDatagram(from, to, bytes, this.#host.monotonic()))
  }

  #failed(to: Endpoint, why: Unreachable): void {
    if (this.#open) this.#receiver.failed(to, why)
  }
}

/** A received datagram; its bytes are its own. */
class LiveDatagram implements Datagram {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly dscp = 0
  readonly length: number
  readonly head = NO_BYTES
  readonly headAt = 0
  readonly headLength = 0
  readonly body: Uint8Array
  readonly arrivedMs: number

  constructor(from: Endpoint, to: Endpoint, bytes: Uint8Array, arrivedMs: number) {
    this.arrivedMs = arrivedMs
    this.from = from
    this.to = to
    this.length = bytes.length
    // A plain view: a Buffer's own `slice` would not copy.
    this.body = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  bytes(): Uint8Array {
    return this.body
  }
}
