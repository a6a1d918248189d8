// What a receiver knows of one RTP source: how many packets were expected and came, twice or late, and how unevenly
// (RFC 3550 §6.4.1, appendices A.1, A.3 and A.8). Nothing is allocated per packet.

/** A sequence number at most this far ahead is a gap, not a restart of the source (appendix A.1). */
const MAX_DROPOUT = 3000
/** One at most this far behind is a late packet or a repeated one. */
const MAX_MISORDER = 100
/** The last sequence numbers whose coming is remembered: a power of two above MAX_MISORDER. */
const WINDOW = 128

/** Totals over one source, since its first packet. */
export interface ReceptionReport {
  /** Its SSRC, 0 to 2³²−1. */
  readonly ssrc: number
  /** Packets that came, repeated ones among them. */
  readonly received: number
  /** By the sequence numbers: highest − first + 1, with wraps counted (A.3). */
  readonly expected: number
  /** Expected and never come: `expected − (received − duplicates)`, 0 or more. A.3 itself subtracts the repeated ones as well. */
  readonly lost: number
  readonly duplicates: number
  /** Packets that came after one with a higher number. */
  readonly reordered: number
  /** Packets left out of all the above because their number leapt (A.1): more than 3,000 ahead or 100 behind. */
  readonly strays: number
  /** Interarrival jitter at the end, ms (A.8). */
  readonly jitterMs: number
  /** The highest it ever was, ms. */
  readonly peakJitterMs: number
}

/** The statistics of one source. */
export class Reception {
  /** The SSRC as a signed integer, which costs no object. */
  readonly source: number
  // Bit n & 127 of these four words tells whether the packet numbered n came, for the last 128 numbers.
  #came0 = 0
  #came1 = 0
  #came2 = 0
  #came3 = 0
  #first = -1
  /** The highest number, wraps counted. */
  #highest = -1
  /** Where the source would go on, had it restarted; −1 where nothing hints at it. */
  #restart = -1
  #expectedBefore = 0
  #received = 0
  #duplicates = 0
  #reordered = 0
  #strays = 0
  #lastTimestamp = 0
  #lastArrivalMs = 0
  #jitterMs = 0
  #peakJitterMs = 0

  constructor(ssrc: number) {
    this.source = ssrc | 0
  }

  /** One packet: its sequence number (0–65535), its timestamp (modulo 2³²), when it came, and how long a tick of its clock is, in ms. */
  packet(sequence: number, timestamp: number, arrivalMs: number, msPerTick: number): void {
    if (this.#highest < 0) {
      this.#begin(sequence, timestamp, arrivalMs)
      return
    }
    const ahead = (sequence - this.#highest) & 0xffff
    if (ahead === 1) this.#advance(1)
    else if (ahead !== 0 && ahead < MAX_DROPOUT) this.#advance(ahead)
    else if (ahead === 0 || ahead > 65536 - MAX_MISORDER) this.#late(this.#highest + (ahead === 0 ? 0 : ahead - 65536))
    else if (sequence !== this.#restart) {
      this.#strays++
      this.#restart = (sequence + 1) & 0xffff
      return
    } else {
      this.#expectedBefore += this.#expected()
      this.#begin(sequence, timestamp, arrivalMs)
      return
    }
    this.#received++
    this.#restart = -1
    this.#measure(timestamp, arrivalMs, msPerTick)
  }

  report(): ReceptionReport {
    const expected = this.#expectedBefore + this.#expected()
    return {
      ssrc: this.source >>> 0,
      received: this.#received,
      expected,
      lost: expected - (this.#received - this.#duplicates),
      duplicates: this.#duplicates,
      reordered: this.#reordered,
      strays: this.#strays,
      jitterMs: this.#jitterMs,
      peakJitterMs: this.#peakJitterMs,
    }
  }

  #expected(): number {
    return this.#highest < 0 ? 0 : this.#highest - this.#first + 1
  }

  #begin(sequence: number, timestamp: number, arrivalMs: number): void {
    // One wrap ahead, so that a packet from before the first one still has a number of its own.
    this.#first = sequence + 65536
    this.#highest = sequence + 65536
    this.#restart = -1
    this.#came0 = this.#came1 = this.#came2 = this.#came3 = 0
    this.#mark(this.#highest)
    this.#received++
    this.#lastTimestamp = timestamp | 0
    this.#lastArrivalMs = arrivalMs
  }

  #advance(by: number): void {
    const highest = this.#highest + by
    for (let number = Math.max(this.#highest + 1, highest - WINDOW + 1); number < highest; number++)
      this.#unmark(number)
    this.#highest = highest
    this.#mark(highest)
  }

  #late(number: number): void {
    if (number < this.#first) this.#first = number
    else if (this.#isMarked(number)) {
      this.#duplicates++
      return
    }
    this.#mark(number)
    this.#reordered++
  }

  #measure(timestamp: number, arrivalMs: number, msPerTick: number): void {
    const sentApartMs = ((timestamp - this.#lastTimestamp) | 0) * msPerTick
    const difference = arrivalMs - this.#lastArrivalMs - sentApartMs
    this.#lastTimestamp = timestamp | 0
    this.#lastArrivalMs = arrivalMs
    this.#jitterMs += (Math.abs(difference) - this.#jitterMs) / 16
    if (this.#jitterMs > this.#peakJitterMs) this.#peakJitterMs = this.#jitterMs
  }

  #mark(number: number): void {
    this.#setWord(number, this.#word(number) | (1 << (number & 31)))
  }

  #unmark(number: number): void {
    this.#setWord(number, this.#word(number) & ~(1 << (number & 31)))
  }

  #isMarked(number: number): boolean {
    return (this.#word(number) & (1 << (number & 31))) !== 0
  }

  #word(number: number): number {
    if ((number & 64) === 0) return (number & 32) === 0 ? this.#came0 : this.#came1
    return (number & 32) === 0 ? this.#came2 : this.#came3
  }

  #setWord(number: number, word: number): void {
    if ((number & 64) === 0) {
      if ((number & 32) === 0) this.#came0 = word
      else this.#came1 = word
    } else if ((number & 32) === 0) this.#came2 = word
    else this.#came3 = word
  }
}
