// A token bucket without tokens: the time at which the bucket would be full again says all (the virtual scheduling of ITU-T I.371).

import type { Ticks } from '../../kernel/event.ts'

/** Lets `burst` packets through at once, and in the long run `packetsPerSecond`. */
export class Policer {
  readonly #ticksPerPacket: number
  readonly #mostAhead: number
  /** When the bucket will be full again. */
  #fullAt = 0

  constructor(packetsPerSecond: number, burst: number, tickNs: number) {
    this.#ticksPerPacket = 1e9 / tickNs / packetsPerSecond
    this.#mostAhead = (burst - 1) * this.#ticksPerPacket
  }

  /** Takes a token; false if there is none. */
  admits(now: Ticks): boolean {
    const ahead = this.#fullAt - now
    if (ahead > this.#mostAhead) return false
    this.#fullAt = Math.max(this.#fullAt, now) + this.#ticksPerPacket
    return true
  }
}
