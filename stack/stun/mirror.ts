// A phone's mirror: a STUN server that tells it how its ports are seen from outside its NATs.

import type { Datagram, Host, UdpSocket } from '../../platform/host.ts'
import type { TransportAddress } from './attributes.ts'
import { StunClient } from './client.ts'
import { attributeOf } from './message.ts'
import type { StunTimers } from './transaction.ts'
import { findServer, type ServerName } from './whereabouts.ts'

/** A caller does not wait 39.5 s for a server that is gone: sent at 0, 0.5, 1.5 and 3.5 s, given up at 4.5 s. */
const TIMERS: StunTimers = { rtoMs: 500, rc: 4, rm: 2 }

/** One phone's questions. */
export class Mirror {
  readonly #host: Host
  readonly #server: ServerName
  readonly #client: StunClient

  constructor(host: Host, server: ServerName) {
    this.#host = host
    this.#server = server
    this.#client = new StunClient(host, { timers: TIMERS })
  }

  /** Tells, later, how `socket` is seen; undefined where nobody says. */
  ask(socket: Pick<UdpSocket, 'send'>, tell: (shown: TransportAddress | undefined) => void): void {
    const silent = (why: string): void => {
      this.#host.trace.remark('STUN server silent', { server: this.#server.host, why })
      tell(undefined)
    }
    findServer(this.#host, this.#server, (server, why) => {
      if (server === undefined) silent(why)
      else
        this.#client.ask(socket, server, [], {
          answered: (response) => tell(attributeOf(response, 'XOR-MAPPED-ADDRESS')),
          failed: silent,
        })
    })
  }

  /** Takes a datagram that came to one of the phone's ports; false if it is no answer to us. */
  receive(datagram: Datagram): boolean {
    return this.#client.receive(datagram.bytes(), datagram.to)
  }

  close(): void {
    this.#client.close()
  }
}
