// SIP over TCP (RFC 3261 §18): connections by the endpoint at their other end, opened when they are needed and kept.

import type { Connection, ConnectionEnd, ConnectionReceiver, Listener } from '../../../platform/connection.ts'
import type { Endpoint, Host, Unreachable } from '../../../platform/host.ts'
import type { Issue } from '../../../platform/result.ts'
import { Framing } from './framing.ts'

/** What the connections bring. */
export interface StreamReader {
  /** A whole message from the endpoint at the other end. */
  message(bytes: Uint8Array, from: Endpoint): void
  /** What cannot be taken apart: the connection is closed after it. */
  broken(bytes: Uint8Array, from: Endpoint): void
  /** The connection to `to` has failed; `isLost`: and what was sent over it last may not have got there. */
  failed(to: Endpoint, why: Unreachable, isLost: boolean): void
  /** The other end of a connection that was opened here has answered a ping. */
  pong(from: Endpoint): void
  /** A connection that was opened here has ended, or the other end wants no more of it. */
  ended(to: Endpoint): void
}

const PONG = Uint8Array.of(13, 10)
/** For so long a response may want to go back after its connection has ended: 64·T1. */
const RETURN_MS = 32_000

/** All TCP connections of one SIP port. */
export class SipStreams {
  /** Why the port could not be opened, if it could not. */
  readonly issue: Issue | undefined
  readonly #host: Host
  readonly #reader: StreamReader
  readonly #listener: Listener | undefined
  readonly #open = new Map<Endpoint, Connection>()
  #isClosed = false
  /** Timers that run. */
  #waiting = 0
  /** Where a response goes whose request's connection has ended (§18.2.2), by that connection's other end. */
  readonly #returns = new Map<Endpoint, Endpoint>()

  /** Without `options` it takes no connections. */
  constructor(
    host: Host,
    options: { readonly port: number; readonly address?: string } | undefined,
    reader: StreamReader,
  ) {
    this.#host = host
    this.#reader = reader
    if (options === undefined) return
    const opened = host.tcp.listen(
      { ...options, nagle: false },
      {
        accepted: (connection) => {
          this.#open.set(connection.remote, connection)
          return this.#receiver(connection.remote, () => connection, 'pings')
        },
      },
    )
    if (opened.ok) this.#listener = opened.value
    else this.issue = opened.issue
  }

  /** How many timers run: one for each connection that has ended lately. */
  get timers(): number {
    return this.#waiting
  }

  /** True if there is a connection to that endpoint. */
  isOpen(to: Endpoint): boolean {
    return this.#open.has(to)
  }

  /** Responses to what came from `source` go to `place` once their connection has ended. */
  returnTo(source: Endpoint, place: Endpoint): void {
    this.#returns.set(source, place)
  }

  /** Sends a message's bytes, which must never change, over the connection there is, or over a new one. */
  send(bytes: Uint8Array, to: Endpoint): void {
    const known = this.#open.get(to)
    if (known !== undefined) {
      known.send(bytes)
      return
    }
    const place = this.#returns.get(to) ?? to
    if (place !== to) {
      this.send(bytes, place)
      return
    }
    const opened: { connection?: Connection } = {}
    const made = this.#host.tcp.connect(
      to,
      { nagle: false },
      this.#receiver(to, () => opened.connection!, 'pongs'),
    )
    if (!made.ok) {
      this.#after(0, () => this.#reader.failed(to, 'network unreachable', true))
      return
    }
    opened.connection = made.value
    this.#open.set(to, made.value)
    made.value.send(bytes)
  }

  /** Gives up the connection to that endpoint, if there is one: what is sent next opens another. */
  drop(to: Endpoint): void {
    const connection = this.#open.get(to)
    this.#open.delete(to)
    connection?.abort()
  }

  /** Ends all connections in order, and takes no more. */
  close(): void {
    this.#isClosed = true
    this.#listener?.close()
    for (const connection of this.#open.values()) connection.close()
    this.#open.clear()
  }

  #after(ms: number, doing: () => void): void {
    this.#waiting++
    this.#host.after(ms, () => {
      this.#waiting--
      doing()
    })
  }

  #receiver(remote: Endpoint, connection: () => Connection, hears: 'pings' | 'pongs'): ConnectionReceiver {
    const framing = new Framing(
      {
        message: (bytes) => this.#reader.message(bytes, remote),
        keepAlive: () => {
          if (hears === 'pings') connection().send(PONG)
          else this.#reader.pong(remote)
        },
        broken: (bytes) => {
          this.#reader.broken(bytes, remote)
          connection().close()
        },
      },
      hears,
    )
    return {
      received: (bytes, start, end) => framing.take(bytes, start, end),
      ended: () => {
        this.#forget(remote, connection())
        connection().close()
      },
      closed: (end) => {
        this.#forget(remote, connection())
        if (this.#isClosed) return
        this.#after(RETURN_MS, () => this.#returns.delete(remote))
        const why = whyOf(end)
        if (why !== undefined) this.#reader.failed(remote, why, connection().unacknowledged > 0)
        if (hears === 'pongs') this.#reader.ended(remote)
      },
    }
  }

  #forget(remote: Endpoint, connection: Connection): void {
    if (this.#open.get(remote) === connection) this.#open.delete(remote)
  }
}

/** As UDP would have it; undefined for an end in order. */
function whyOf({ how, icmp }: ConnectionEnd): Unreachable | undefined {
  if (how === 'done') return undefined
  return icmp ?? (how === 'refused' ? 'port unreachable' : 'host unreachable')
}
