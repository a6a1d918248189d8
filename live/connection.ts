// One connection over one of Node's sockets, plain or secure.

import type net from 'node:net'
import type { Connection, ConnectionEnd, ConnectionReceiver } from '../platform/connection.ts'
import type { Endpoint, Unreachable } from '../platform/host.ts'
import type { Endpoints } from './endpoint.ts'

const UNREACHABLES: Readonly<Record<string, Unreachable>> = {
  EHOSTUNREACH: 'host unreachable',
  EHOSTDOWN: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'network unreachable',
  EACCES: 'administratively prohibited',
  EPERM: 'administratively prohibited',
}

/** One connection over Node's socket. */
export class LiveConnection implements Connection {
  readonly remote: Endpoint
  #local: Endpoint
  readonly #socket: net.Socket
  readonly #endpoints: Endpoints
  readonly #over: () => void
  #receiver: ConnectionReceiver | undefined
  #error: NodeJS.ErrnoException | undefined
  #established: boolean
  #paused = false
  #closing = false
  #silent = false

  constructor(socket: net.Socket, endpoints: Endpoints, local: Endpoint, remote: Endpoint, over: () => void) {
    this.#socket = socket
    this.#endpoints = endpoints
    this.#local = local
    this.remote = remote
    this.#over = over
    this.#established = !socket.connecting
    socket.on('error', (error) => {
      this.#error = error
    })
  }

  get local(): Endpoint {
    return this.#local
  }

  get unacknowledged(): number {
    return this.#socket.writableLength
  }

  /** The system's name for what went wrong, if anything did. */
  get errorCode(): string | undefined {
    return this.#error?.code
  }

  hear(receiver: ConnectionReceiver): void {
    const socket = this.#socket
    this.#receiver = receiver
    socket.on('data', (bytes: Buffer) => this.#tell(() => receiver.received(bytes, 0, bytes.length)))
    socket.on('drain', () => this.#tell(() => receiver.drained?.()))
    socket.on('end', () => this.#tell(() => receiver.ended()))
    socket.on('close', () => {
      this.#over()
      this.#tell(() => {
        this.#silent = true
        receiver.closed(endOf(this.#error, this.#established))
      })
    })
    if (!this.#paused) socket.resume()
  }

  connected(): void {
    const { localAddress, localPort } = this.#socket
    this.#established = true
    if (localAddress !== undefined && localPort !== undefined) this.#local = this.#endpoints.at(localAddress, localPort)
    this.#tell(() => this.#receiver?.connected?.())
  }

  send(bytes: Uint8Array): boolean {
    if (this.#closing || this.#silent || this.#socket.destroyed) return false
    return this.#socket.write(bytes)
  }

  close(): void {
    this.#closing = true
    this.#socket.end()
  }

  abort(): void {
    this.#silent = true
    this.#over()
    // After an end the system refuses to reset, and Node's loop would spin for ever.
    if (this.#closing) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  pause(): void {
    this.#paused = true
    this.#socket.pause()
  }

  resume(): void {
    this.#paused = false
    this.#socket.resume()
  }

  #tell(what: () => void): void {
    if (!this.#silent) what()
  }
}

function endOf(error: NodeJS.ErrnoException | undefined, established: boolean): ConnectionEnd {
  const code = error?.code
  if (code === undefined) return { how: 'done' }
  if (code === 'ECONNREFUSED') return { how: 'refused' }
  const icmp = UNREACHABLES[code]
  if (icmp !== undefined) return { how: 'unreachable', icmp }
  if (code === 'ETIMEDOUT') return { how: 'timed out' }
  return { how: established ? 'reset' : 'refused' }
}
