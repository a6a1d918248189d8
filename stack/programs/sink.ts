// A program that takes datagrams and throws them away, as the discard service does (RFC 863): the other end of a load.

import type { Host, Program, RunningProgram, UdpSocket } from '../../platform/host.ts'
import { failure, type Issue } from '../../platform/result.ts'

export interface SinkOptions {
  /** UDP port, 1–65535. */
  readonly port: number
}

/** The discard service's port. */
export const DISCARD_PORT = 9

/** The program. It has no verbs, and says nothing. */
export const sink: Program<SinkOptions> = {
  name: 'sink',
  start: (host, { port }) => new Sink(host, port),
}

class Sink implements RunningProgram {
  readonly #socket: UdpSocket | undefined

  constructor(host: Host, port: number) {
    const opened = host.udp({ port }, { received: () => {}, failed: () => {} })
    if (opened.ok) this.#socket = opened.value
    else host.trace.remark('not listening', { why: opened.issue.expected })
  }

  do(verb: string): Issue {
    return failure(verb, 'no verb: a sink only takes').issue
  }

  stop(): void {
    this.#socket?.close()
  }
}
