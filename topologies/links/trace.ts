// Links driven by traces, pasted into the topology: the arrivals of a real RTP stream, or mahimahi's delivery opportunities.

import type { TraceRow } from '../../sim/network/laws/trace.ts'
import { checked } from '../yaml/shape.ts'

const HEADER = 't_rel_s,seq,rtp_ts'
/** Clocks of RTP payloads, Hz. */
const CLOCKS = [8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 90_000]
/** A sequence number is 16 bits, a timestamp 32. */
const SEQUENCES = 65_536
const TIMESTAMPS = 4_294_967_296
/** Longer gaps are a new stream, not loss. */
const LONGEST_GAP = 1000

/** The arrivals of an RTP stream as CSV: `t_rel_s,seq,rtp_ts` and more columns, a line a packet. */
export const arrivals = checked(`arrivals as CSV, beginning with ${HEADER}`, (text) => {
  const read = readArrivals(text)
  return typeof read === 'string' ? read : undefined
})

/** Times in ms, one a line, at each of which a packet may leave. */
export const opportunities = checked('times in ms, one a line', (text) => {
  const read = readOpportunities(text)
  return typeof read === 'string' ? read : undefined
})

interface Arrival {
  readonly seconds: number
  readonly sequence: number
  readonly timestamp: number
}

/** What the stream's packets met on their way, in their order: lost, or how much later than the quickest each came; or what is wrong with the text. */
export function readArrivals(text: string): readonly TraceRow[] | string {
  const [header = '', ...lines] = text.trim().split(/\r?\n/)
  if (!header.startsWith(HEADER)) return `a first line that begins with ${HEADER}, not "${header.slice(0, 40)}"`
  const rows: Arrival[] = []
  for (const [n, line] of lines.entries()) {
    const [seconds, sequence, timestamp] = line.split(',').map(Number)
    if (
      !(
        seconds! >= 0 &&
        seconds! < 1e6 &&
        sequence! >= 0 &&
        sequence! < SEQUENCES &&
        timestamp! >= 0 &&
        timestamp! < TIMESTAMPS
      )
    ) {
      return `a time in s, a sequence number and a timestamp in line ${n + 2}, not "${line.slice(0, 40)}"`
    }
    rows.push({ seconds: seconds!, sequence: sequence!, timestamp: timestamp! })
  }
  const packets = inOrder(rows)
  if (packets.length < 2) return 'at least two packets'
  return wayOf(packets)
}

/** The times; or what is wrong with the text. */
export function readOpportunities(text: string): readonly number[] | string {
  const times: number[] = []
  for (const [n, word] of text.trim().split(/\s+/).entries()) {
    const time = /^\d{1,9}(?:\.\d{1,6})?$/.test(word) ? Number(word) : Number.NaN
    if (Number.isNaN(time)) return `times in ms, one a line, not "${word.slice(0, 40)}" in line ${n + 1}`
    if (time < (times[n - 1] ?? 0)) return `times that never fall, but line ${n + 1} has ${time} after ${times[n - 1]}`
    times.push(time)
  }
  return times[times.length - 1] === 0 ? 'a last time above 0: it is when the trace begins anew' : times
}

/** Each packet once, numbers unrolled, by their sequence. */
function inOrder(rows: readonly Arrival[]): readonly Arrival[] {
  const found = new Map<number, Arrival>()
  let last = rows[0]
  for (const row of rows) {
    const sequence = nearestTo(last!.sequence, row.sequence, SEQUENCES)
    const timestamp = nearestTo(last!.timestamp, row.timestamp, TIMESTAMPS)
    last = { seconds: row.seconds, sequence, timestamp }
    if (!found.has(sequence)) found.set(sequence, last)
  }
  return [...found.values()].sort((x, y) => x.sequence - y.sequence)
}

function nearestTo(last: number, value: number, modulus: number): number {
  return value + Math.round((last - value) / modulus) * modulus
}

function wayOf(packets: readonly Arrival[]): readonly TraceRow[] {
  const clock = clockOf(packets)
  const late = packets.map(({ seconds, timestamp }) => seconds - (timestamp - packets[0]!.timestamp) / clock)
  const level = withoutDrift(packets, late)
  const least = level.reduce((smallest, one) => Math.min(smallest, one), Number.POSITIVE_INFINITY)
  const rows: TraceRow[] = []
  packets.forEach(({ sequence }, n) => {
    const missing = n === 0 ? 0 : sequence - packets[n - 1]!.sequence - 1
    for (let k = 0; k < missing && missing < LONGEST_GAP; k++) rows.push('lost')
    rows.push(Math.round((level[n]! - least) * 1e9))
  })
  return rows
}

/** The payload's clock: the usual one that is nearest to timestamps over time. */
function clockOf(packets: readonly Arrival[]): number {
  const [first, last] = [packets[0]!, packets[packets.length - 1]!]
  const rate = (last.timestamp - first.timestamp) / (last.seconds - first.seconds)
  return CLOCKS.reduce((best, one) => (Math.abs(one / rate - 1) < Math.abs(best / rate - 1) ? one : best))
}

/** Two clocks drift apart: what the quickest packets of the first and of the last third say is taken away. */
function withoutDrift(packets: readonly Arrival[], late: readonly number[]): readonly number[] {
  const third = Math.floor(late.length / 3)
  if (third < 50) return late
  const quickest = (from: number, to: number): number => {
    let best = from
    for (let n = from; n < to; n++) if (late[n]! < late[best]!) best = n
    return best
  }
  const [a, b] = [quickest(0, third), quickest(late.length - third, late.length)]
  const slope = (late[b]! - late[a]!) / (packets[b]!.seconds - packets[a]!.seconds)
  return late.map((one, n) => one - slope * packets[n]!.seconds)
}
