// What a receiver knows of one RTP source: how many packets were expected and came, twice or late, and how unevenly
// (RFC 3550 §6.4.1, appendices A.1, A.3 and A.8). Nothing is allocated per packet.

import type { Host } from '../../platform/host.ts'
import { Rows } from '../../platform/rows.ts'
import type { Manner } from './manner.ts'

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

// A source's row: four doubles, then integers.
const rows = new Rows(10)
const LAST_ARRIVAL_MS = 0
const JITTER_MS = 1
const PEAK_JITTER_MS = 2
/** Bit n & 127 of these four words tells whether the packet numbered n came, for the last 128 numbers. */
const CAME = 6
/** The first number and the highest, wraps counted; −1 before the first packet. */
const FIRST = 10
const HIGHEST = 11
/** Where the source would go on, had it restarted; −1 where nothing hints at it. */
const RESTART = 12
const LAST_TIMESTAMP = 13
const RECEIVED = 14
const DUPLICATES = 15
const REORDERED = 16
const STRAYS = 17
const EXPECTED_BEFORE = 18

/** The statistics of one source. */
export class Reception {
  /** The SSRC as a signed integer, which costs no object. */
  readonly source: number
  readonly #doubles: Float64Array
  readonly #integers: Int32Array
  readonly #start: number
  readonly #base: number

  readonly #host: Pick<Host, 'now'>

  /** `host`: whose clock tells when a packet came. */
  constructor(ssrc: number, host: Pick<Host, 'now'>) {
    this.source = ssrc | 0
    this.#host = host
    const { doubles, integers, start } = rows.take()
    this.#doubles = doubles
    this.#integers = integers
    this.#start = start
    this.#base = start * 2
    integers[this.#base + HIGHEST] = -1
  }

  /** One packet, come now: its sequence number (0–65535), its timestamp (modulo 2³²), and how long a tick of that is. */
  packet(sequence: number, timestamp: number, manner: Pick<Manner, 'msPerTick'>): void {
    const integers = this.#integers
    const base = this.#base
    const highest = integers[base + HIGHEST]!
    const ahead = (sequence - highest) & 0xffff
    if (highest < 0) {
      this.#begin(sequence, timestamp)
      return
    }
    if (ahead === 1) this.#advance(1)
    else if (ahead !== 0 && ahead < MAX_DROPOUT) this.#advance(ahead)
    else if (ahead === 0 || ahead > 65536 - MAX_MISORDER) this.#late(highest + (ahead === 0 ? 0 : ahead - 65536))
    else {
      this.#leap(sequence, timestamp)
      return
    }
    integers[base + RECEIVED]! += 1
    integers[base + RESTART] = -1
    this.#measure(timestamp, manner)
  }

  report(): ReceptionReport {
    const count = (what: number): number => this.#integers[this.#base + what]!
    const expected = count(EXPECTED_BEFORE) + this.#expected()
    return {
      ssrc: this.source >>> 0,
      received: count(RECEIVED),
      expected,
      lost: expected - (count(RECEIVED) - count(DUPLICATES)),
      duplicates: count(DUPLICATES),
      reordered: count(REORDERED),
      strays: count(STRAYS),
      jitterMs: this.#doubles[this.#start + JITTER_MS]!,
      peakJitterMs: this.#doubles[this.#start + PEAK_JITTER_MS]!,
    }
  }

  #expected(): number {
    const highest = this.#integers[this.#base + HIGHEST]!
    return highest < 0 ? 0 : highest - this.#integers[this.#base + FIRST]! + 1
  }

  #begin(sequence: number, timestamp: number): void {
    const integers = this.#integers
    const base = this.#base
    // One wrap ahead, so that a packet from before the first one still has a number of its own.
    integers[base + FIRST] = integers[base + HIGHEST] = sequence + 65536
    integers[base + RESTART] = -1
    integers.fill(0, base + CAME, base + CAME + WINDOW / 32)
    this.#mark(sequence + 65536)
    integers[base + RECEIVED]! += 1
    integers[base + LAST_TIMESTAMP] = timestamp
    this.#doubles[this.#start + LAST_ARRIVAL_MS] = this.#host.now()
  }

  #advance(by: number): void {
    const before = this.#integers[this.#base + HIGHEST]!
    const highest = before + by
    for (let number = Math.max(before + 1, highest - WINDOW + 1); number < highest; number++) this.#unmark(number)
    this.#integers[this.#base + HIGHEST] = highest
    this.#mark(highest)
  }

  #late(number: number): void {
    const integers = this.#integers
    const base = this.#base
    if (number < integers[base + FIRST]!) integers[base + FIRST] = number
    else if (this.#isMarked(number)) {
      integers[base + DUPLICATES]! += 1
      return
    }
    this.#mark(number)
    integers[base + REORDERED]! += 1
  }

  /** A number far from the others is a stray, unless the next one goes on from it: then the source has restarted. */
  #leap(sequence: number, timestamp: number): void {
    const integers = this.#integers
    const base = this.#base
    if (sequence === integers[base + RESTART]!) {
      integers[base + EXPECTED_BEFORE]! += this.#expected()
      this.#begin(sequence, timestamp)
      return
    }
    integers[base + STRAYS]! += 1
    integers[base + RESTART] = (sequence + 1) & 0xffff
  }

  #measure(timestamp: number, { msPerTick }: Pick<Manner, 'msPerTick'>): void {
    const doubles = this.#doubles
    const start = this.#start
    const arrivalMs = this.#host.now()
    const sentApartMs = ((timestamp - this.#integers[this.#base + LAST_TIMESTAMP]!) | 0) * msPerTick
    const difference = arrivalMs - doubles[start + LAST_ARRIVAL_MS]! - sentApartMs
    this.#integers[this.#base + LAST_TIMESTAMP] = timestamp
    doubles[start + LAST_ARRIVAL_MS] = arrivalMs
    const before = doubles[start + JITTER_MS]!
    const jitterMs = before + (Math.abs(difference) - before) / 16
    doubles[start + JITTER_MS] = jitterMs
    if (jitterMs > doubles[start + PEAK_JITTER_MS]!) doubles[start + PEAK_JITTER_MS] = jitterMs
  }

  #mark(number: number): void {
    this.#integers[this.#wordOf(number)]! |= 1 << number
  }

  #unmark(number: number): void {
    this.#integers[this.#wordOf(number)]! &= ~(1 << number)
  }

  #isMarked(number: number): boolean {
    return (this.#integers[this.#wordOf(number)]! & (1 << number)) !== 0
  }

  #wordOf(number: number): number {
    return this.#base + CAME + ((number >> 5) & (WINDOW / 32 - 1))
  }
}
