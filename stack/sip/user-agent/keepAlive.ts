// What a phone says to its proxy so that NATs remember it: CRLF CRLF, which nobody answers over UDP, or STUN, whose answer shows whether
// the flow is still the same (RFC 5626 §3.5, §4.4).

import { type Datagram, type Endpoint, type Host, NO_TIMER, type Timer } from '../../../platform/host.ts'
import type { TransportAddress } from '../../stun/attributes.ts'
import { StunClient } from '../../stun/client.ts'
import { attributeOf } from '../../stun/message.ts'

/** How a phone keeps its flow alive. */
export interface KeepAliveOptions {
  readonly by: 'crlf' | 'stun'
  /** From one word to the next, ms, above 0. Absent: 24 to 29 s by chance each time, as RFC 5626 §4.4.2 has it for UDP. */
  readonly everyMs?: number | undefined
}

/** What it needs of its user agent. */
export interface KeepAliveFlow {
  /** Finds where requests go first; undefined if there is no such place now. */
  first(found: (next: Endpoint | undefined) => void): void
  send(bytes: Uint8Array, to: Endpoint): void
  /** The flow's far end is silent, or sees us elsewhere: it is another flow now (§4.4.2). */
  changed(shown: TransportAddress | undefined): void
}

const CRLF_CRLF = Uint8Array.of(13, 10, 13, 10)
const LEAST_MS = 24_000
const SPREAD_MS = 5000

/** The keep-alive of one user agent, from its making until it is stopped. */
export class KeepAlive {
  readonly #host: Host
  readonly #flow: KeepAliveFlow
  readonly #options: KeepAliveOptions
  readonly #client: StunClient
  /** Of the next word; {@link NO_TIMER} while one is said. Undefined once it is stopped. */
  #timer: Timer | undefined = NO_TIMER
  #shown: TransportAddress | undefined

  constructor(host: Host, flow: KeepAliveFlow, options: KeepAliveOptions) {
    this.#host = host
    this.#flow = flow
    this.#options = options
    this.#client = new StunClient(host)
    this.#speak()
  }

  /** Takes a STUN datagram; false if it is no answer to us. */
  receive(datagram: Datagram): boolean {
    return this.#client.receive(datagram.bytes(), datagram.to)
  }

  /** How many timers run, those of a STUN transaction aside: 0 or 1. */
  get timers(): number {
    return this.#timer === undefined || this.#timer === NO_TIMER ? 0 : 1
  }

  stop(): void {
    if (this.#timer !== undefined) this.#host.cancel(this.#timer)
    this.#timer = undefined
    this.#client.close()
  }

  #speak(): void {
    this.#flow.first((next) => {
      // It takes a while to find the place by name.
      if (this.#timer === undefined) return
      if (this.#options.by === 'stun') this.#ask(next)
      else if (next !== undefined) this.#flow.send(CRLF_CRLF, next)
    })
    if (this.#options.by === 'crlf') this.#wait()
  }

  #wait(): void {
    const { everyMs } = this.#options
    const delayMs = everyMs ?? LEAST_MS + SPREAD_MS * this.#host.random('keep-alive').next()
    this.#timer = this.#host.after(delayMs, () => {
      this.#timer = NO_TIMER
      this.#speak()
    })
  }

  #ask(next: Endpoint | undefined): void {
    if (next === undefined) {
      this.#wait()
      return
    }
    const socket = { send: (to: Endpoint, _head: Uint8Array, bytes: Uint8Array) => this.#flow.send(bytes, to) }
    this.#client.ask(socket, next, [], {
      answered: (response) => this.#seen(attributeOf(response, 'XOR-MAPPED-ADDRESS')),
      failed: (why) => {
        this.#host.trace.remark('flow failed', { why })
        this.#seen(undefined)
      },
    })
  }

  #seen(shown: TransportAddress | undefined): void {
    const before = this.#shown
    this.#shown = shown
    this.#wait()
    const moved = before !== undefined && (before.address !== shown?.address || before.port !== shown.port)
    if (shown === undefined || moved) this.#flow.changed(shown)
  }
}
