// TCP on a live host, over Node's sockets. What Node cannot do: a DSCP is neither set nor seen, the local port of an opening connection is 0
// until it is established, and ICMP errors come as the system sums them up.

import net from 'node:net'
import type {
  Acceptor,
  Connection,
  ConnectionEnd,
  ConnectionOptions,
  ConnectionReceiver,
  ConnectOptions,
  Listener,
  ListenOptions,
  Tcp,
} from '../platform/connection.ts'
import type { Endpoint, Unreachable } from '../platform/host.ts'
import { failure, type Result, success } from '../platform/result.ts'
import type { Endpoints } from './endpoint.ts'

const UNREACHABLES: Readonly<Record<string, Unreachable>> = {
  EHOSTUNREACH: 'host unreachable',
  EHOSTDOWN: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'network unreachable',
  EACCES: 'administratively prohibited',
  EPERM: 'administratively prohibited',
}

/** What TCP needs of its host. */
export interface TcpHost {
  readonly endpoints: Endpoints
  addresses(): readonly string[]
}

/** Binds at once, where `net.Server.listen` would look the address up first and answer later. */
interface Binding {
  _createServerHandle(address: string, port: number, family: 4 | 6, fd: number, flags: number): object | number
}
const IPV6_ONLY = 1

/** Connections, opened and taken. */
export class LiveTcp implements Tcp {
  readonly #host: TcpHost
  readonly #open = new Set<{ close(): void; abort?(): void }>()

  constructor(host: TcpHost) {
    this.#host = host
  }

  listen(options: ListenOptions, acceptor: Acceptor): Result<Listener> {
    const own = this.#host.addresses()
    const addresses = options.address === undefined ? own : own.filter((address) => address === options.address)
    if (addresses.length === 0) return failure('address', `one of ${own.join(', ')}, not "${options.address}"`)
    const servers: net.Server[] = []
    let port = options.port ?? 0
    for (const address of addresses) {
      const server = this.#bind(address, port, options, acceptor)
      if (typeof server === 'number') {
        for (const one of servers) one.close()
        return failure('port', `a free port; ${address}:${port} is taken (error ${-server})`)
      }
      servers.push(server)
      port = (server.address() as net.AddressInfo).port
    }
    const listener: Listener = {
      local: this.#host.endpoints.at(addresses[0]!, port),
      close: () => {
        this.#open.delete(listener)
        for (const server of servers) server.close()
      },
    }
    this.#open.add(listener)
    return success(listener)
  }

  connect(to: Endpoint, options: ConnectOptions, receiver: ConnectionReceiver): Result<Connection> {
    const own = this.#host.addresses()
    const family = net.isIPv6(to.address)
    const address = options.address ?? own.find((one) => net.isIPv6(one) === family)
    if (address !== undefined && !own.includes(address)) {
      return failure('address', `one of ${own.join(', ')}, not "${address}"`)
    }
    if (address === undefined) return failure('to', `an address of this host's own version of IP, not ${to.address}`)
    const socket = net.connect({
      ...{ host: to.address, port: to.port, localAddress: address, allowHalfOpen: true },
      ...(options.port ? { localPort: options.port } : {}),
    })
    const made = this.#make(socket, options, this.#host.endpoints.at(address, options.port ?? 0), to)
    made.hear(receiver)
    socket.once('connect', () => made.connected())
    return success(made)
  }

  /** Ends all at once: connections are aborted. */
  close(): void {
    for (const one of [...this.#open]) {
      if (one.abort === undefined) one.close()
      else one.abort()
    }
  }

  #bind(address: string, port: number, options: ListenOptions, acceptor: Acceptor): net.Server | number {
    const family = net.isIPv6(address) ? 6 : 4
    const binding = net as unknown as Binding
    const handle = binding._createServerHandle(address, port, family, -1, family === 6 ? IPV6_ONLY : 0)
    if (typeof handle === 'number') return handle
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      const { endpoints } = this.#host
      const local = endpoints.at(socket.localAddress ?? address, socket.localPort ?? port)
      const remote = endpoints.at(socket.remoteAddress ?? '0.0.0.0', socket.remotePort ?? 0)
      const made = this.#make(socket, options, local, remote)
      const receiver = acceptor.accepted(made)
      if (receiver === undefined) made.abort()
      else made.hear(receiver)
    })
    server.on('error', () => {})
    server.listen({ _handle: handle })
    return server
  }

  #make(socket: net.Socket, options: ConnectionOptions, local: Endpoint, remote: Endpoint): LiveConnection {
    if (options.nagle === false) socket.setNoDelay(true)
    if (options.keepAlive === true) socket.setKeepAlive(true)
    const made = new LiveConnection(socket, this.#host.endpoints, local, remote, () => this.#open.delete(made))
    this.#open.add(made)
    return made
  }
}

/** One connection over Node's socket. */
class LiveConnection implements Connection {
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
    this.#socket.resetAndDestroy()
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
