// How long to wait for an acknowledgment (RFC 6298): the round trip as it was measured, and the timeout that follows.

/** Before the first measurement, ms (RFC 6298 §2.1). */
const FIRST_RTO_MS = 1000
/** RFC 6298 §5.7: where a SYN had to be sent again. */
const RTO_AFTER_LOST_SYN_MS = 3000
/** RFC 6298 §2.5: at least 60 s. */
const LONGEST_RTO_MS = 60_000
/** The clock's granularity G, ms: what timestamps count in. */
const GRANULARITY_MS = 1

/** SRTT, RTTVAR and RTO of one connection; all in ms. */
export class RoundTrip {
  readonly #leastMs: number
  #smoothedMs = 0
  #variationMs = 0
  #rtoMs = FIRST_RTO_MS
  #backedOff = 0

  constructor(leastMs: number) {
    this.#leastMs = leastMs
  }

  /** The retransmission timeout, back-off included. */
  get rtoMs(): number {
    return this.#rtoMs
  }

  /** How often in a row the timer has fired. */
  get backedOff(): number {
    return this.#backedOff
  }

  /** The smoothed round trip; 0 before the first measurement. */
  get smoothedMs(): number {
    return this.#smoothedMs
  }

  /** A measurement, never of what was sent twice (Karn; RFC 6298 §3). It ends a back-off. */
  measured(ms: number): void {
    if (this.#smoothedMs === 0) {
      this.#smoothedMs = ms
      this.#variationMs = ms / 2
    } else {
      this.#variationMs += (Math.abs(this.#smoothedMs - ms) - this.#variationMs) / 4
      this.#smoothedMs += (ms - this.#smoothedMs) / 8
    }
    this.#backedOff = 0
    const rto = this.#smoothedMs + Math.max(GRANULARITY_MS, 4 * this.#variationMs)
    this.#rtoMs = Math.min(LONGEST_RTO_MS, Math.max(this.#leastMs, rto))
  }

  /** The timer has fired (RFC 6298 §5.5). */
  backOff(): void {
    this.#backedOff++
    this.#rtoMs = Math.min(LONGEST_RTO_MS, this.#rtoMs * 2)
  }

  /** How long to wait before a closed window is probed, for the first time (0) or once more: doubled each time, apart from the RTO (RFC 9293 §3.8.6.1). */
  persistMs(probed: number): number {
    return Math.min(LONGEST_RTO_MS, this.#rtoMs * (1 << Math.min(probed, 16)))
  }

  /** The connection is established, and the timer of its SYN had fired (RFC 6298 §5.7). */
  lostSyn(): void {
    if (this.#backedOff > 0) this.#rtoMs = Math.max(this.#leastMs, RTO_AFTER_LOST_SYN_MS)
    this.#backedOff = 0
  }
}
