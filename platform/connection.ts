// Connections: what a program may ask of TCP (RFC 9293 §3.9.1). `sim/` implements it in virtual time, `live/` on real sockets.
// Nothing is ever called from within a call: `connect` returns before `connected`, `close` before `closed`.

import type { Endpoint, Unreachable } from './host.ts'
import type { Result } from './result.ts'

/** A host's TCP. */
export interface Tcp {
  /** Takes connections at a port. Fails with an issue if the port is taken or the address is not the host's. */
  listen(options: ListenOptions, acceptor: Acceptor): Result<Listener>
  /** Begins to open a connection to `to`. Fails with an issue if the port is taken or the address is not the host's. */
  connect(to: Endpoint, options: ConnectOptions, receiver: ConnectionReceiver): Result<Connection>
}

/** How one connection, or each that a listener takes, differs from the host's ways. */
export interface ConnectionOptions {
  /** Whether small pieces wait until all that was sent before is acknowledged (RFC 9293 §3.7.4). Default: the host's, else true. */
  readonly nagle?: boolean
  /** Whether a silent connection is probed (RFC 9293 §3.8.4). Default: the host's, else false. */
  readonly keepAlive?: boolean
  /** The DSCP of its packets, 0–63; default 0. */
  readonly dscp?: number
}

export interface ListenOptions extends ConnectionOptions {
  /** 1–65535; absent or 0: an ephemeral port. */
  readonly port?: number
  /** One of the host's addresses; absent: all of them. */
  readonly address?: string
}

export interface ConnectOptions extends ConnectionOptions {
  /** The local port, 1–65535; absent or 0: an ephemeral one, the next free one after the last. */
  readonly port?: number
  /** One of the host's addresses; absent: the first of the version of `to`. */
  readonly address?: string
}

/** An open port that takes connections. */
export interface Listener {
  readonly local: Endpoint
  /** Takes no more; connections that it has taken go on. */
  close(): void
}

/** What a listener calls. */
export interface Acceptor {
  /** A connection has been established; gives who hears from it, or undefined to abort it. */
  accepted(connection: Connection): ConnectionReceiver | undefined
}

/** An ordered stream of bytes in each direction. */
export interface Connection {
  readonly local: Endpoint
  readonly remote: Endpoint
  /**
   * Appends `bytes` to what is to be sent: by reference, they must never change. They are always taken. False says that the send buffer is
   * full: better wait for `drained`. After `close` or the connection's end it does nothing and gives false.
   */
  send(bytes: Uint8Array): boolean
  /** Bytes that `send` has taken and that the other side has not acknowledged (on live: that the system has not taken). */
  readonly unacknowledged: number
  /** Sends all that is left and then FIN: this side says no more, but still hears. */
  close(): void
  /** Ends the connection at once, with a RST; its receiver hears nothing more. */
  abort(): void
  /** Hands nothing on until `resume`: the receive buffer fills, and then the other side must wait. */
  pause(): void
  resume(): void
}

/** What a connection calls. */
export interface ConnectionReceiver {
  /** It is established. Not called for those that a listener took, which are from the start. */
  connected?(): void
  /** The stream's next bytes: those of `bytes` from `start` up to `end`, a view that is good only until the callback returns. */
  received(bytes: Uint8Array, start: number, end: number): void
  /** After `send` gave false: the send buffer has room again, half of it or more. */
  drained?(): void
  /** The other side has sent all and closed; this side may go on sending, and should `close` in the end. */
  ended(): void
  /** The connection is over; nothing more is called. */
  closed(how: ConnectionEnd): void
}

/** How a connection ended, and what the network had said. */
export interface ConnectionEnd {
  /**
   * `done`: both sides closed, all was delivered. `refused`: nobody listens there. `reset`: the other side aborted, or has forgotten the
   * connection. `timed out`: no answer for too long. `unreachable`: an ICMP error ended it.
   */
  readonly how: 'done' | 'refused' | 'reset' | 'timed out' | 'unreachable'
  /** The last ICMP error about it, also where that alone did not end it. */
  readonly icmp?: Unreachable
}
