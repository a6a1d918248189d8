// Congestion control: slow start, congestion avoidance, fast retransmit and fast recovery (RFC 5681), by NewReno (RFC 6582), or with selective
// acknowledgments (RFC 6675).

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
  /** The other side says what it has beyond a hole. */
  #selective = false
  /** The congestion window. */
  window: number
  threshold = HIGH
  /** Acknowledged in congestion avoidance since the window last grew. */
  #acknowledged = 0
  #duplicates = 0
  /** What was on its way at the first duplicate: what limited transmit adds does not count (RFC 5681 §3.2, step 2). */
  #flightBefore = 0
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

  /** Whether an acknowledgment of something new restarts the timer: in NewReno's recovery the first partial one alone does (RFC 6582 §3.2, step 3). */
  get restartsTimer(): boolean {
    return !this.#recovering || this.#selective || this.#partial === 1
  }

  /**
   * The handshake is done: the segments' size is known, whether a SYN was lost (then the window is one segment, RFC 5681 §3.1), and whether
   * acknowledgments are selective.
   */
  established(mss: number, lostSyn: boolean, selective: boolean): void {
    this.#mss = mss
    this.#selective = selective
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
    if (++this.#duplicates === 1) this.#flightBefore = flight
    if (this.#recovering) {
      this.window += this.#mss
      return 'go on'
    }
    if (this.#duplicates !== DUPLICATES || isUpTo(una, this.#recover)) return 'go on'
    this.#recoverUpTo(max)
    this.window = this.threshold + DUPLICATES * this.#mss
    return 'retransmit'
  }

  /** An acknowledgment has told of more beyond a hole (RFC 6675 §5); `lost`: by that, what is missing at `una` is lost. */
  noticed(una: Sequence, flight: number, max: Sequence, lost: boolean): AckAdvice {
    if (++this.#duplicates === 1) this.#flightBefore = flight
    if (this.#recovering || isBefore(una, this.#recover)) return 'go on'
    if (this.#duplicates < DUPLICATES && !lost) return 'go on'
    this.#recoverUpTo(max)
    this.window = this.threshold
    return 'retransmit'
  }

  /** What the first two duplicates allow beyond the window (RFC 3042), bytes. Selective acknowledgments need no such rule: they say what has left the network. */
  get limitedTransmit(): number {
    return this.#recovering || this.#selective || this.#duplicates >= DUPLICATES ? 0 : this.#duplicates * this.#mss
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

  /** What is lost will be said again from the beginning, but for what the other side has. */
  endRecovery(): void {
    this.#recovering = false
  }

  #recovered(una: Sequence, bytes: number, flight: number): AckAdvice {
    if (isBefore(this.#recover, una) || una === this.#recover) {
      this.#recovering = false
      if (!this.#selective) this.window = Math.min(this.threshold, Math.max(flight, this.#mss) + this.#mss)
      this.#acknowledged = 0
      return 'go on'
    }
    if (this.#selective) return 'go on'
    this.#partial++
    this.window = Math.max(this.#mss, this.window - bytes + (bytes >= this.#mss ? this.#mss : 0))
    return 'retransmit'
  }

  #recoverUpTo(max: Sequence): void {
    this.#halve(this.#flightBefore)
    this.#recover = max
    this.#recovering = true
    this.#partial = 0
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
