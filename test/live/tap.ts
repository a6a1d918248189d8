// Listens in on a host of either world: what its programs send, as they send it.

import type { Endpoint, Host, UdpReceiver } from '../../platform/host.ts'

/** The same host, but every datagram that leaves it is heard first. */
export function tapped(host: Host, heard: (bytes: Uint8Array, to: Endpoint) => void): Host {
  return {
    name: host.name,
    trace: host.trace,
    store: host.store,
    tcp: host.tcp,
    tls: host.tls,
    now: () => host.now(),
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
