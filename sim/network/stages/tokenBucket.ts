// A token bucket: tokens for bytes come at a rate, up to a burst; who wants to send must find as many as it has bytes.

import type { Ticks } from '../../kernel/event.ts'

export interface TokenBucketOptions {
  /** Bits per second, above 0. */
  readonly rateBps: number
  /** Bytes that may go at once; a longer packet needs a full bucket, and leaves a debt. */
  readonly burstBytes: number
}

/** Full at the start. */
export class TokenBucket {
  readonly #burst: number
  /** Bytes a tick. */
  readonly #rate: number
  #tokens: number
  #at: Ticks = 0

  constructor({ rateBps, burstBytes }: TokenBucketOptions, tickNs: number) {
    this.#burst = burstBytes
    this.#rate = (rateBps * tickNs) / 8e9
    this.#tokens = burstBytes
  }

  /** When there are tokens for so many bytes: `now` or later, rounded up to a tick. */
  readyAt(bytes: number, now: Ticks): Ticks {
    this.#fill(now)
    const missing = Math.min(bytes, this.#burst) - this.#tokens
    return missing <= 0 ? now : now + Math.max(1, Math.ceil(missing / this.#rate))
  }

  /** How long it takes until so many bytes have had their tokens, one packet after another. Changes nothing: not all runs ask. */
  wait(bytes: number, now: Ticks): Ticks {
    return Math.max(0, Math.ceil((bytes - this.#tokensAt(now)) / this.#rate))
  }

  /** Takes the tokens for a packet that is ready. */
  take(bytes: number, now: Ticks): void {
    this.#fill(now)
    this.#tokens -= bytes
  }

  #fill(now: Ticks): void {
    this.#tokens = this.#tokensAt(now)
    this.#at = now
  }

  #tokensAt(now: Ticks): number {
    return Math.min(this.#burst, this.#tokens + (now - this.#at) * this.#rate)
  }
}
