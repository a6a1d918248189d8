// What a phone says over TCP to know that its flow is alive: a ping of two line ends, which the other side answers with one. A flow whose
// pong does not come, or whose connection ends, has failed, and another takes its place (RFC 5626 §3.5.1, §4.4.1).

import { type Endpoint, type Host, NO_TIMER, type Timer } from '../../../platform/host.ts'

/** What it needs of its user agent. */
export interface PingedFlow {
  /** Finds where requests go first; undefined if there is no such place now. */
  first(found: (next: Endpoint | undefined) => void): void
  /** Sends over the connection to `to`, which is opened if there is none. */
  ping(bytes: Uint8Array, to: Endpoint): void
  /** Gives up the connection to `to`. */
  drop(to: Endpoint): void
  /** The flow has failed: whoever registered over it must do so again. */
  changed(shown: undefined): void
}

const PING = Uint8Array.of(13, 10, 13, 10)
/** How long a pong may take, ms (§4.4.1). */
const PONG_MS = 10_000
/** Each ping 95 to 120 s after the last, where nothing else is said, ms (§4.4.1). */
const LEAST_MS = 95_000
const SPREAD_MS = 25_000

/** The pings of one user agent, from its making until it is stopped. */
export class StreamKeepAlive {
  readonly #host: Host
  readonly #flow: PingedFlow
  readonly #everyMs: number | undefined
  /** Undefined once it is stopped. */
  #next: Timer | undefined = NO_TIMER
  #pong: Timer = NO_TIMER
  #place: Endpoint | undefined

  /** `everyMs`: from one ping to the next, above 0; absent: 95 to 120 s by chance each time. */
  constructor(host: Host, flow: PingedFlow, everyMs: number | undefined) {
    this.#host = host
    this.#flow = flow
    this.#everyMs = everyMs
    this.#ping()
  }

  /** The far end has answered. */
  pong(from: Endpoint): void {
    if (from !== this.#place) return
    this.#host.cancel(this.#pong)
    this.#pong = NO_TIMER
  }

  /** A connection has ended. */
  ended(to: Endpoint): void {
    if (to !== this.#place) return
    this.#failed('connection ended')
    this.#flow.changed(undefined)
  }

  /** How many timers run: that of the next ping, and that of the pong that is waited for. */
  get timers(): number {
    return (this.#next === undefined ? 0 : 1) + (this.#pong === NO_TIMER ? 0 : 1)
  }

  stop(): void {
    if (this.#next !== undefined) this.#host.cancel(this.#next)
    this.#host.cancel(this.#pong)
    this.#next = undefined
    this.#place = undefined
  }

  #ping(): void {
    this.#flow.first((next) => {
      // It takes a while to find the place by name.
      if (this.#next === undefined) return
      this.#place = next
      if (next === undefined) return
      this.#flow.ping(PING, next)
      if (this.#pong === NO_TIMER) this.#pong = this.#host.after(PONG_MS, () => this.#silent())
    })
    const delayMs = this.#everyMs ?? LEAST_MS + SPREAD_MS * this.#host.random('keep-alive').next()
    this.#next = this.#host.after(delayMs, () => this.#ping())
  }

  #silent(): void {
    const place = this.#place
    this.#failed(`no pong for ${PONG_MS / 1000} s`)
    if (place !== undefined) this.#flow.drop(place)
    this.#flow.changed(undefined)
  }

  #failed(why: string): void {
    this.#host.cancel(this.#pong)
    this.#pong = NO_TIMER
    this.#host.trace.remark('flow failed', { why })
  }
}
