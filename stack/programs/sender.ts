// A program that sends what it is told to, byte for byte, and listens: for messages that no stack would write.

import { printEndpoint } from '../../platform/endpoint.ts'
import type { Host, Program, RunningProgram, UdpSocket } from '../../platform/host.ts'
import { failure, type Issue } from '../../platform/result.ts'
import { latin1Decode, utf8Encode } from '../../platform/text.ts'
import { findDestination } from './destination.ts'

export interface SenderOptions {
  /** UDP port, 1–65535; default 5060. */
  readonly port?: number
}

/** The program. Verb: `send` {to, message}: one datagram, its line ends written as CRLF, to a host's name or address (port 5060 if none is given). */
export const sender: Program<SenderOptions> = {
  name: 'sender',
  start: (host, { port = 5060 }) => new Sender(host, port),
}

const NOTHING = new Uint8Array(0)

class Sender implements RunningProgram {
  readonly #host: Host
  readonly #socket: UdpSocket | undefined
  readonly #issue: Issue | undefined

  constructor(host: Host, port: number) {
    this.#host = host
    const opened = host.udp(
      { port },
      {
        received: (datagram) => {
          const [line = ''] = latin1Decode(datagram.bytes()).split('\r\n')
          host.trace.remark('received', { from: printEndpoint(datagram.from), line })
        },
        failed: (to, why) => host.trace.remark('unreachable', { to: printEndpoint(to), why }),
      },
    )
    if (opened.ok) this.#socket = opened.value
    else this.#issue = opened.issue
  }

  do(verb: string, { to, message }: Readonly<Record<string, unknown>>): Issue | undefined {
    if (verb !== 'send') return failure(verb, 'send').issue
    if (typeof to !== 'string' || typeof message !== 'string') return failure(verb, 'where `to`, and a `message`').issue
    const bytes = utf8Encode(message.replace(/\r?\n/g, '\r\n'))
    findDestination(this.#host, to, 5060, (place, why) => {
      if (place !== undefined) this.#socket?.send(place, bytes, NOTHING)
      else this.#host.trace.remark('not sent', { to, why })
    })
    return this.#issue
  }

  stop(): void {
    this.#socket?.close()
  }
}
