// A STUN server as a program: with two addresses it can say what NATs do (RFC 5780), with one where a phone is seen.

import type { Datagram, Host, Program, RunningProgram, UdpSocket } from '../../platform/host.ts'
import type { Issue } from '../../platform/result.ts'
import { StunGatekeeper } from '../stun/gatekeeper.ts'
import { type StunPlace, type StunPolicy, stunReply } from '../stun/server.ts'
import { STUN_PORT } from '../stun/whereabouts.ts'

export interface StunServerOptions {
  /** P1, 1–65535; default 3478. */
  readonly port?: number
  /** P2, another one; default 3479. */
  readonly alternatePort?: number
  /** What long-term credentials are for; default the host's name. */
  readonly realm?: string
  /** By user name; with any, every request must prove who sent it. */
  readonly passwords?: Readonly<Record<string, string>>
  /** How long a nonce is good, ms; default 600,000. */
  readonly nonceMs?: number
}

const NOTHING = new Uint8Array(0)

/** The program. It has no verbs. A1 and A2 are the first two addresses of one version; with one alone there is neither OTHER-ADDRESS nor CHANGE-REQUEST. */
export const stunServer: Program<StunServerOptions> = {
  name: 'stun-server',
  start: (host, options) => new StunServer(host, options),
}

class StunServer implements RunningProgram {
  readonly #host: Host
  readonly #policy: StunPolicy
  readonly #sockets = new Map<string, UdpSocket>()
  #issue: Issue | undefined

  constructor(host: Host, options: StunServerOptions) {
    const { port = STUN_PORT, alternatePort = STUN_PORT + 1 } = options
    this.#host = host
    this.#policy = { software: 'siptwin', gatekeeper: gatekeeperOf(host, options) }
    for (const version of [4, 6] as const) {
      const addresses = host.addresses().filter((address) => address.includes(':') === (version === 6))
      const [first, second] = addresses
      if (first !== undefined && second !== undefined) this.#openFour(first, second, port, alternatePort)
      else if (first !== undefined) this.#open({ here: { address: first, port }, other: undefined })
    }
  }

  do(verb: string): Issue {
    return this.#issue ?? { at: 'do', expected: `no verb: a STUN server has none, not ${verb}` }
  }

  stop(): void {
    for (const socket of this.#sockets.values()) socket.close()
    this.#sockets.clear()
  }

  /** RFC 5780 §6: each of two ports on each of two addresses. */
  #openFour(first: string, second: string, port: number, alternatePort: number): void {
    for (const address of [first, second]) {
      for (const one of [port, alternatePort]) {
        const other = { address: address === first ? second : first, port: one === port ? alternatePort : port }
        this.#open({ here: { address, port: one }, other })
      }
    }
  }

  #open(place: StunPlace): void {
    const opened = this.#host.udp(place.here, {
      received: (datagram) => this.#received(datagram, place),
      failed: () => {},
    })
    if (opened.ok) this.#sockets.set(keyOf(place.here), opened.value)
    else this.#issue ??= opened.issue
  }

  #received(datagram: Datagram, place: StunPlace): void {
    const { from } = datagram
    const reply = stunReply(datagram.bytes(), from, place, this.#policy, this.#host.now())
    if (reply === undefined) return
    const { to, bytes } = reply
    this.#sockets.get(keyOf(reply.from))?.send(this.#host.endpoint(to.address, to.port), NOTHING, bytes)
  }
}

function keyOf({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${address} ${port}`
}

function gatekeeperOf(host: Host, { realm, passwords, nonceMs }: StunServerOptions): StunGatekeeper | undefined {
  if (passwords === undefined) return undefined
  const random = host.random('stun secret')
  const secret = Uint8Array.from({ length: 32 }, () => random.below(256))
  const known = new Map(Object.entries(passwords))
  return new StunGatekeeper({ realm: realm ?? host.name, passwords: known, secret, ...(nonceMs && { nonceMs }) })
}
