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
  /** What was sent to `to` may not have got there. */
  failed(to: Endpoint, why: Unreachable): void
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
  /** Where a response goes whose request's connection has ended (§18.2.2), by that connection's other end. */
  readonly #returns = new Map<Endpoint, Endpoint>()

  constructor(host: Host, options: { readonly port: number; readonly address?: string }, reader: StreamReader) {
    this.#host = host
    this.#reader = reader
    const opened = host.tcp.listen(
      { ...options, nagle: false },
      {
        accepted: (connection) => {
          this.#open.set(connection.remote, connection)
          return this.#receiver(connection.remote, () => connection)
        },
      },
    )
    if (opened.ok) this.#listener = opened.value
    else this.issue = opened.issue
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
      this.#receiver(to, () => opened.connection!),
    )
    if (!made.ok) {
      this.#host.after(0, () => this.#reader.failed(to, 'network unreachable'))
      return
    }
    opened.connection = made.value
    this.#open.set(to, made.value)
    made.value.send(bytes)
  }

  /** Ends all connections in order, and takes no more. */
  close(): void {
    this.#isClosed = true
    this.#listener?.close()
    for (const connection of this.#open.values()) connection.close()
    this.#open.clear()
  }

  #receiver(remote: Endpoint, connection: () => Connection): ConnectionReceiver {
    const framing = new Framing({
      message: (bytes) => this.#reader.message(bytes, remote),
      ping: () => connection().send(PONG),
      broken: (bytes) => {
        this.#reader.broken(bytes, remote)
        connection().close()
      },
    })
    return {
      received: (bytes, start, end) => framing.take(bytes, start, end),
      ended: () => {
        this.#forget(remote, connection())
        connection().close()
      },
      closed: (end) => {
        this.#forget(remote, connection())
        if (this.#isClosed) return
        this.#host.after(RETURN_MS, () => this.#returns.delete(remote))
        const why = whyOf(end)
        if (why !== undefined) this.#reader.failed(remote, why)
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
