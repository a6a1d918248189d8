// A program that takes whatever is sent to it over TCP, and says how much it was: the other end of a bulk transfer.

import type { Acceptor, Connection, ConnectionReceiver, Listener } from '../../platform/connection.ts'
import { printEndpoint } from '../../platform/endpoint.ts'
import type { Host, Program, RunningProgram } from '../../platform/host.ts'
import { failure, type Issue } from '../../platform/result.ts'

export interface BulkReceiverOptions {
  /** TCP port, 1–65535; default 5001. */
  readonly port?: number
}

/** The port where a bulk transfer goes that is not told otherwise: that of iperf. */
export const BULK_PORT = 5001

/** The program. It has no verbs. It remarks `received` {from, bytes, ms} at the end of each connection. */
export const bulkReceiver: Program<BulkReceiverOptions> = {
  name: 'bulk-receiver',
  start: (host, { port = BULK_PORT }) => new BulkReceiver(host, port),
}

class BulkReceiver implements RunningProgram, Acceptor {
  readonly #host: Host
  readonly #listener: Listener | undefined
  readonly #connections = new Set<Connection>()

  constructor(host: Host, port: number) {
    this.#host = host
    const opened = host.tcp.listen({ port }, this)
    if (opened.ok) this.#listener = opened.value
    else host.trace.remark('not listening', { why: opened.issue.expected })
  }

  accepted(connection: Connection): ConnectionReceiver {
    const beganMs = this.#host.monotonic()
    let bytes = 0
    this.#connections.add(connection)
    return {
      received: (_, start, end) => {
        bytes += end - start
      },
      ended: () => connection.close(),
      closed: ({ how }) => {
        this.#connections.delete(connection)
        const ms = Math.round(this.#host.monotonic() - beganMs)
        this.#host.trace.remark('received', { from: printEndpoint(connection.remote), bytes, ms, how })
      },
    }
  }

  do(verb: string): Issue | undefined {
    return failure(verb, 'no verb: a bulk receiver only listens').issue
  }

  stop(): void {
    this.#listener?.close()
    for (const connection of this.#connections) connection.abort()
  }
}
