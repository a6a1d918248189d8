// TCP on a live host, over Node's sockets. What Node cannot do: a DSCP is neither set nor seen, the local port of an opening connection is 0
// until it is established, and ICMP errors come as the system sums them up.

import net from 'node:net'
import { getSystemErrorName } from 'node:util'
import type {
  Acceptor,
  Connection,
  ConnectionOptions,
  ConnectionReceiver,
  ConnectOptions,
  Listener,
  ListenOptions,
  Tcp,
} from '../platform/connection.ts'
import type { Endpoint } from '../platform/host.ts'
import { failure, type Result, success } from '../platform/result.ts'
import { LiveConnection } from './connection.ts'
import type { Endpoints } from './endpoint.ts'
import { notBound } from './refusal.ts'

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
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      const { endpoints } = this.#host
      const local = endpoints.at(socket.localAddress ?? '0.0.0.0', socket.localPort ?? 0)
      const remote = endpoints.at(socket.remoteAddress ?? '0.0.0.0', socket.remotePort ?? 0)
      const made = this.wrap(socket, options, local, remote)
      const receiver = acceptor.accepted(made)
      if (receiver === undefined) made.abort()
      else made.hear(receiver)
    })
    return this.serve(options, server)
  }

  connect(to: Endpoint, options: ConnectOptions, receiver: ConnectionReceiver): Result<Connection> {
    const from = this.addressFor(to, options.address)
    if (!from.ok) return from
    const socket = net.connect({
      ...{ host: to.address, port: to.port, localAddress: from.value, allowHalfOpen: true },
      ...(options.port ? { localPort: options.port } : {}),
    })
    const made = this.wrap(socket, options, this.#host.endpoints.at(from.value, options.port ?? 0), to)
    made.hear(receiver)
    socket.once('connect', () => made.connected())
    return success(made)
  }

  /** The address to speak from to `to`: `wanted`, if it is the host's, else the first of that version. */
  addressFor(to: Endpoint, wanted: string | undefined): Result<string> {
    const own = this.#host.addresses()
    if (wanted !== undefined && !own.includes(wanted))
      return failure('address', `one of ${own.join(', ')}, not "${wanted}"`)
    const address = wanted ?? own.find((one) => net.isIPv6(one) === net.isIPv6(to.address))
    if (address !== undefined) return success(address)
    return failure('to', `an address of this host's own version of IP, not ${to.address}`)
  }

  /** Has a server take connections at a port of each of the host's addresses; `server` and, for more addresses, others that hand on to it. */
  serve(options: ListenOptions, server: net.Server): Result<Listener> {
    const own = this.#host.addresses()
    const addresses = options.address === undefined ? own : own.filter((address) => address === options.address)
    if (addresses.length === 0) return failure('address', `one of ${own.join(', ')}, not "${options.address}"`)
    const servers: net.Server[] = []
    let port = options.port ?? 0
    for (const address of addresses) {
      const one = servers.length === 0 ? server : handingOn(server)
      const refused = bind(one, address, port)
      if (refused !== undefined) {
        for (const bound of servers) bound.close()
        return notBound(address, port, refused)
      }
      servers.push(one)
      port = (one.address() as net.AddressInfo).port
    }
    const listener: Listener = {
      local: this.#host.endpoints.at(addresses[0]!, port),
      close: () => {
        this.#open.delete(listener)
        for (const one of servers) one.close()
      },
    }
    this.#open.add(listener)
    return success(listener)
  }

  /** A socket of Node's, plain or secure, as a connection. */
  wrap(socket: net.Socket, options: ConnectionOptions, local: Endpoint, remote: Endpoint): LiveConnection {
    if (options.nagle === false) socket.setNoDelay(true)
    if (options.keepAlive === true) socket.setKeepAlive(true)
    const made = new LiveConnection(socket, this.#host.endpoints, local, remote, () => this.#open.delete(made))
    this.#open.add(made)
    return made
  }

  /** Ends all at once: connections are aborted. */
  close(): void {
    for (const one of [...this.#open]) {
      if (one.abort === undefined) one.close()
      else one.abort()
    }
  }
}

/** Gives its connections to another server. */
function handingOn(server: net.Server): net.Server {
  return net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => server.emit('connection', socket))
}

/** Binds and listens at once; the system's name for why it cannot, else nothing. */
function bind(server: net.Server, address: string, port: number): string | undefined {
  const family = net.isIPv6(address) ? 6 : 4
  const binding = net as unknown as Binding
  const handle = binding._createServerHandle(address, port, family, -1, family === 6 ? IPV6_ONLY : 0)
  if (typeof handle === 'number') return getSystemErrorName(handle)
  server.on('error', () => {})
  server.listen({ _handle: handle })
  // A port that is taken can be bound, but not listened at: the server then has let go of it, and says why later.
  return server.address() === null ? 'EADDRINUSE' : undefined
}
