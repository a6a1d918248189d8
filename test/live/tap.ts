// Listens in on a host of either world: what its programs send, as they send it.

import type { Connection } from '../../platform/connection.ts'
import type { Endpoint, Host, UdpReceiver } from '../../platform/host.ts'

/** The same host, but every datagram that leaves it is heard first. */
export function tapped(host: Host, heard: (bytes: Uint8Array, to: Endpoint) => void): Host {
  return {
    name: host.name,
    trace: host.trace,
    store: host.store,
    tcp: {
      listen: (options, acceptor) =>
        host.tcp.listen(options, { accepted: (connection) => acceptor.accepted(tappedConnection(connection, heard)) }),
      connect: (to, options, receiver) => {
        const opened = host.tcp.connect(to, options, receiver)
        return opened.ok ? { ok: true, value: tappedConnection(opened.value, heard) } : opened
      },
    },
    tls: host.tls,
    now: () => host.now(),
    monotonic: () => host.monotonic(),
    after: (delayMs, callback) => host.after(delayMs, callback),
    cancel: (timer) => host.cancel(timer),
    random: (name) => host.random(name),
    addresses: () => host.addresses(),
    endpoint: (address, port) => host.endpoint(address, port),
    resolve: (name, type, answer) => host.resolve(name, type, answer),
    udp: (options, receiver: UdpReceiver) => {
      const opened = host.udp(options, receiver)
      if (!opened.ok) return opened
      const socket = opened.value
      return {
        ok: true,
        value: {
          local: socket.local,
          send: (to, head, body, dscp, from) => {
            heard(new Uint8Array([...head, ...body]), to)
            socket.send(to, head, body, dscp, from)
          },
          close: () => socket.close(),
        },
      }
    },
  }
}

/** The same connection, but all that is sent on it is heard first. */
function tappedConnection(connection: Connection, heard: (bytes: Uint8Array, to: Endpoint) => void): Connection {
  return {
    get local() {
      return connection.local
    },
    remote: connection.remote,
    get unacknowledged() {
      return connection.unacknowledged
    },
    send: (bytes) => {
      heard(bytes, connection.remote)
      return connection.send(bytes)
    },
    close: () => connection.close(),
    abort: () => connection.abort(),
    pause: () => connection.pause(),
    resume: () => connection.resume(),
  }
}
