// Congestion control: slow start, congestion avoidance, fast retransmit and fast recovery (RFC 5681), by NewReno (RFC 6582).

import { isBefore, isUpTo, type Sequence } from './sequence.ts'

const DUPLICATES = 3
/** "Arbitrarily high" (RFC 5681 §3.1). */
const HIGH = 0x3fffffff

/** What an acknowledgment asks of the sender. */
export type AckAdvice = 'go on' | 'retransmit'

/** cwnd and ssthresh of one connection, bytes. */
export class Congestion {
  readonly #initialSegments: number | undefined
  #mss: number
  /** The congestion window. */
  window: number
  threshold = HIGH
  /** Acknowledged in congestion avoidance since the window last grew. */
  #acknowledged = 0
  #duplicates = 0
  #recovering = false
  /** Partial acknowledgments in this recovery. */
  #partial = 0
  /** What was to be sent next when the last loss was noticed: who acknowledges no more may speak of what was said again (RFC 6582 §3.2). */
  #recover: Sequence

  constructor(mss: number, initialSegments: number | undefined, iss: Sequence) {
    this.#initialSegments = initialSegments
    this.#mss = mss
    this.#recover = iss
    this.window = this.#initial()
  }

  /** In fast recovery. */
  get recovering(): boolean {
    return this.#recovering
  }

  /** Duplicates seen in a row. */
  get duplicates(): number {
    return this.#duplicates
  }

  /** True for the first partial acknowledgment of a recovery, which alone restarts the timer (RFC 6582 §3.2, step 3). */
  get isFirstPartial(): boolean {
    return this.#partial === 1
  }

  /** The handshake is done: the segments' size is known, and whether a SYN was lost (then the window is one segment, RFC 5681 §3.1). */
  established(mss: number, lostSyn: boolean): void {
    this.#mss = mss
    this.window = lostSyn ? mss : this.#initial()
  }

  /** Segments are smaller from now on. */
  narrow(mss: number): void {
    this.#mss = mss
  }

  /** Nothing was sent for longer than the RTO (RFC 5681 §4.1). */
  idled(): void {
    this.window = Math.min(this.window, this.#initial())
  }

  /** New data is acknowledged: `bytes`, up to but not including `una`; `flight`: what is then still on its way. */
  acknowledged(una: Sequence, bytes: number, flight: number): AckAdvice {
    this.#duplicates = 0
    if (this.#recovering) return this.#recovered(una, bytes, flight)
    const mss = this.#mss
    if (this.window < this.threshold) {
      this.window += Math.min(bytes, mss)
      return 'go on'
    }
    this.#acknowledged += bytes
    if (this.#acknowledged < this.window) return 'go on'
    this.#acknowledged -= this.window
    this.window += mss
    return 'go on'
  }

  /** A duplicate acknowledgment of `una` (RFC 5681 §2); `flight` bytes are on their way, `max` is the highest sequence number sent. */
  duplicate(una: Sequence, flight: number, max: Sequence): AckAdvice {
    this.#duplicates++
    if (this.#recovering) {
      this.window += this.#mss
      return 'go on'
    }
    if (this.#duplicates !== DUPLICATES || isUpTo(una, this.#recover)) return 'go on'
    this.#halve(flight)
    this.#recover = max
    this.#recovering = true
    this.#partial = 0
    this.window = this.threshold + DUPLICATES * this.#mss
    return 'retransmit'
  }

  /** What the first two duplicates allow beyond the window (RFC 3042), bytes. */
  get limitedTransmit(): number {
    return this.#recovering || this.#duplicates >= DUPLICATES ? 0 : this.#duplicates * this.#mss
  }

  /** The retransmission timer has fired (RFC 5681 §3.1); `again`: for the same segment as before, which leaves the threshold. */
  timedOut(flight: number, max: Sequence, again: boolean): void {
    if (!again) this.#halve(flight)
    this.window = this.#mss
    this.#recover = max
    this.#recovering = false
    this.#duplicates = 0
    this.#acknowledged = 0
  }

  #recovered(una: Sequence, bytes: number, flight: number): AckAdvice {
    if (isBefore(this.#recover, una) || una === this.#recover) {
      this.#recovering = false
      this.window = Math.min(this.threshold, Math.max(flight, this.#mss) + this.#mss)
      this.#acknowledged = 0
      return 'go on'
    }
    this.#partial++
    this.window = Math.max(this.#mss, this.window - bytes + (bytes >= this.#mss ? this.#mss : 0))
    return 'retransmit'
  }

  #halve(flight: number): void {
    this.threshold = Math.max(Math.floor(flight / 2), 2 * this.#mss)
  }

  /** RFC 5681 §3.1. */
  #initial(): number {
    const mss = this.#mss
    return (this.#initialSegments ?? (mss > 2190 ? 2 : mss > 1095 ? 3 : 4)) * mss
  }
}
