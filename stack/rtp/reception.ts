// What a receiver knows of one RTP source: how many packets were expected and came, twice or late, and how unevenly
// (RFC 3550 §6.4.1, appendices A.1, A.3 and A.8). Nothing is allocated per packet.

import type { Datagram } from '../../platform/host.ts'
import type { Row } from '../../platform/rows.ts'
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

/** How many doubles the numbers of one source take. They may stand in the row of something larger: a session has those of its own source. */
export const RECEPTION_WIDTH = 10

// A source's numbers, from where they start: integers that are seldom asked for, then the doubles and integers that every packet asks for, in
// 64 bytes, which are one line of the cache where they begin one.
const DUPLICATES = 0
const REORDERED = 1
const STRAYS = 2
const EXPECTED_BEFORE = 3
const LAST_ARRIVAL_MS = 2
const JITTER_MS = 3
const PEAK_JITTER_MS = 4
/** The first number and the highest, wraps counted; −1 before the first packet. */
const FIRST = 10
const HIGHEST = 11
/** Where the source would go on, had it restarted; −1 where nothing hints at it. */
const RESTART = 12
const LAST_TIMESTAMP = 13
const RECEIVED = 14
/** The SSRC as a signed integer, which costs no object. */
const SOURCE = 15
/** Bit n & 127 of these four words tells whether the packet numbered n came, for the last 128 numbers. */
const CAME = 16

/** Begins the statistics of a source in a row of zeros, or over another's. */
export function beginReception({ doubles, integers, start }: Row, ssrc: number): void {
  doubles.fill(0, start, start + RECEPTION_WIDTH)
  integers[start * 2 + SOURCE] = ssrc
  integers[start * 2 + HIGHEST] = -1
}

/** True once a packet of that source, an SSRC as a signed integer, is in the statistics. */
export function hears(integers: Int32Array, start: number, ssrc: number): boolean {
  return integers[start * 2 + SOURCE] === ssrc && integers[start * 2 + HIGHEST]! >= 0
}

/** The statistics as they stand, in a row of their own; undefined where no packet has come. */
export function keepReception({ doubles, integers, start }: Row): Row | undefined {
  if (integers[start * 2 + HIGHEST]! < 0) return undefined
  const kept = doubles.slice(start, start + RECEPTION_WIDTH)
  return { doubles: kept, integers: new Int32Array(kept.buffer), start: 0 }
}

/** Goes on from statistics that were kept. */
export function resumeReception({ doubles, start }: Row, kept: Row): void {
  doubles.set(kept.doubles, start)
}

/**
 * One packet, come as `datagram`, into the statistics that stand in a row from `start` on (see {@link Row}, whose parts these are:
 * a row itself would be an object for each packet): its sequence number (0–65535), its timestamp (modulo 2³²), and how long a tick of that is.
 */
export function receivePacket(
  doubles: Float64Array,
  integers: Int32Array,
  start: number,
  datagram: Pick<Datagram, 'arrivedMs'>,
  sequence: number,
  timestamp: number,
  manner: Pick<Manner, 'msPerTick'>,
): void {
  const base = start * 2
  const highest = integers[base + HIGHEST]!
  const ahead = (sequence - highest) & 0xffff
  if (highest < 0) {
    begin(integers, base, sequence, timestamp)
    doubles[start + LAST_ARRIVAL_MS] = datagram.arrivedMs
    return
  }
  if (ahead === 1) {
    integers[base + HIGHEST] = highest + 1
    mark(integers, base, highest + 1)
  } else if (ahead !== 0 && ahead < MAX_DROPOUT) advance(integers, base, ahead)
  else if (ahead === 0 || ahead > 65536 - MAX_MISORDER) {
    late(integers, base, highest + (ahead === 0 ? 0 : ahead - 65536))
  } else {
    if (leap(integers, base, sequence, timestamp)) doubles[start + LAST_ARRIVAL_MS] = datagram.arrivedMs
    return
  }
  integers[base + RECEIVED]! += 1
  integers[base + RESTART] = -1
  const arrivalMs = datagram.arrivedMs
  const sentApartMs = ((timestamp - integers[base + LAST_TIMESTAMP]!) | 0) * manner.msPerTick
  const difference = arrivalMs - doubles[start + LAST_ARRIVAL_MS]! - sentApartMs
  integers[base + LAST_TIMESTAMP] = timestamp
  doubles[start + LAST_ARRIVAL_MS] = arrivalMs
  const before = doubles[start + JITTER_MS]!
  const jitterMs = before + (Math.abs(difference) - before) / 16
  doubles[start + JITTER_MS] = jitterMs
  if (jitterMs > doubles[start + PEAK_JITTER_MS]!) doubles[start + PEAK_JITTER_MS] = jitterMs
}

/** What has come from the source so far. */
export function reportReception({ doubles, integers, start }: Row): ReceptionReport {
  const count = (what: number): number => integers[start * 2 + what]!
  const expected = count(EXPECTED_BEFORE) + expectedNow(integers, start * 2)
  return {
    ssrc: count(SOURCE) >>> 0,
    received: count(RECEIVED),
    expected,
    lost: expected - (count(RECEIVED) - count(DUPLICATES)),
    duplicates: count(DUPLICATES),
    reordered: count(REORDERED),
    strays: count(STRAYS),
    jitterMs: doubles[start + JITTER_MS]!,
    peakJitterMs: doubles[start + PEAK_JITTER_MS]!,
  }
}

function expectedNow(integers: Int32Array, base: number): number {
  const highest = integers[base + HIGHEST]!
  return highest < 0 ? 0 : highest - integers[base + FIRST]! + 1
}

function begin(integers: Int32Array, base: number, sequence: number, timestamp: number): void {
  // One wrap ahead, so that a packet from before the first one still has a number of its own.
  integers[base + FIRST] = integers[base + HIGHEST] = sequence + 65536
  integers[base + RESTART] = -1
  integers.fill(0, base + CAME, base + CAME + WINDOW / 32)
  mark(integers, base, sequence + 65536)
  integers[base + RECEIVED]! += 1
  integers[base + LAST_TIMESTAMP] = timestamp
}

function advance(integers: Int32Array, base: number, by: number): void {
  const before = integers[base + HIGHEST]!
  const highest = before + by
  for (let number = Math.max(before + 1, highest - WINDOW + 1); number < highest; number++) {
    integers[wordOf(base, number)]! &= ~(1 << number)
  }
  integers[base + HIGHEST] = highest
  mark(integers, base, highest)
}

function late(integers: Int32Array, base: number, number: number): void {
  if (number < integers[base + FIRST]!) integers[base + FIRST] = number
  else if ((integers[wordOf(base, number)]! & (1 << number)) !== 0) {
    integers[base + DUPLICATES]! += 1
    return
  }
  mark(integers, base, number)
  integers[base + REORDERED]! += 1
}

/** A number far from the others is a stray, unless the next one goes on from it: then the source has restarted, which is what is told. */
function leap(integers: Int32Array, base: number, sequence: number, timestamp: number): boolean {
  if (sequence === integers[base + RESTART]!) {
    integers[base + EXPECTED_BEFORE]! += expectedNow(integers, base)
    begin(integers, base, sequence, timestamp)
    return true
  }
  integers[base + STRAYS]! += 1
  integers[base + RESTART] = (sequence + 1) & 0xffff
  return false
}

function mark(integers: Int32Array, base: number, number: number): void {
  integers[wordOf(base, number)]! |= 1 << number
}

function wordOf(base: number, number: number): number {
  return base + CAME + ((number >> 5) & (WINDOW / 32 - 1))
}
