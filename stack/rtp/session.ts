// One end of a call's voice: a socket that talks in packets of 20 ms and listens on the same port (symmetric RTP, RFC 4961).
// The path of a packet out and in allocates nothing: the session itself is what its timer calls, one shared head, payloads by reference.

import type { Bell } from '../../platform/bell.ts'
import { printEndpoint } from '../../platform/endpoint.ts'
import {
  type Datagram,
  type Endpoint,
  type Host,
  NO_TIMER,
  type UdpReceiver,
  type UdpSocket,
  type Unreachable,
} from '../../platform/host.ts'
import { type Result, success } from '../../platform/result.ts'
import { type Row, Rows } from '../../platform/rows.ts'
import type { Codec } from './codec.ts'
import { type Manner, mannerOf } from './manner.ts'
import { RTP_HEAD_BYTES, writeRtpHead } from './packet.ts'
import {
  beginReception,
  hears,
  keepReception,
  RECEPTION_WIDTH,
  type ReceptionReport,
  receivePacket,
  reportReception,
  resumeReception,
} from './reception.ts'
import { TRACK_PACKETS } from './voice.ts'

/** Where and how to talk. */
export interface TalkOptions {
  /** Where the packets go. */
  readonly remote: Endpoint
  readonly codec: Codec
  /** The number that the far end gave to the codec; default the codec's own. */
  readonly payloadType?: number
  /** How much voice a packet holds, ms, a multiple of the codec's frame; default the codec's. */
  readonly packetMs?: number
  /** True: nothing is sent in pauses, and each spurt's first packet has the marker (RFC 3551 §4.1). Default false. */
  readonly silenceSuppression?: boolean
  /** From now to the first packet, ms, default 0. Packets follow at exact multiples of `packetMs` from there. */
  readonly phaseMs?: number
  /** No packet is sent at or after this time of the host's monotonic clock, ms; default never. */
  readonly untilMs?: number
  /** 0–63, default 46: expedited forwarding. */
  readonly dscp?: number
}

/** What a session did, in totals since it was opened. */
export interface SessionReport {
  readonly sent: number
  /** One for each source heard, in order of its first packet; of more than eight the last eight. */
  readonly sources: readonly ReceptionReport[]
}

const EXPEDITED_FORWARDING = 46
const SOURCES_KEPT = 8
/** What was held up for longer, ms, is not made good: PJMEDIA catches up as much. */
const MOST_LATE_MS = 500
/** More frames than anybody says: at 10 ms, what is said in 248 days. */
const NO_END = 0x7fff_ffff
/** RTCP packets seen on an RTP port (200–204 without the marker's bit, RFC 5761 §4). */
const RTCP_FIRST = 72
const RTCP_LAST = 76

/** Of a session that has not talked yet: the timestamp's tick is that of most codecs. */
const LISTENER = { msPerTick: 1 / 8 }

const NOBODY: readonly Row[] = []

// Folded into the code, as imports are not.
const HEAD_BYTES = RTP_HEAD_BYTES
const TRACK_MASK = TRACK_PACKETS - 1

/** Every session writes its head here: sockets copy it before `send` returns. */
const head = new Uint8Array(RTP_HEAD_BYTES)

// A session's row of 128 bytes: two doubles, then integers, then what it counts of the source that it hears. What a packet going out needs
// is one line of the cache, what one coming in needs the other.
const RECEPTION = 6
const rows = new Rows(RECEPTION + RECEPTION_WIDTH)
/** When the first frame since `talk` was due. */
const START_MS = 0
/** The timer of the next frame; {@link NO_TIMER} where it does not talk. */
const TIMER = 1
const FRAMES = 4
/** How many frames there will be; {@link NO_END} where it talks until it is hushed. */
const LAST_FRAME = 5
const IN_TRACK = 6
/** 1 where the last frame was sent. */
const SPOKE = 7
const SSRC = 8
const SEQUENCE = 9
const TIMESTAMP = 10
const SENT = 11

/** What a session seldom needs. */
interface Aside {
  /** The sources that it heard before the present one. */
  earlier: readonly Row[]
  /** Who takes what is no RTP. */
  readonly other: ((datagram: Datagram) => void) | undefined
  unreachable: boolean
  /** As {@link TalkOptions.untilMs}; looked at only where a frame is late. */
  untilMs: number | undefined
}

/**
 * An RTP endpoint. It listens from its opening on; it talks between {@link talk} and {@link hush}. Each packet needs what it has, so that it has
 * no more, and its private members are so to TypeScript alone: the smaller sessions are, the more of them the cache holds.
 */
export class RtpSession implements UdpReceiver, Bell {
  declare private readonly doubles: Float64Array
  declare private readonly integers: Int32Array
  declare private readonly start: number
  declare private readonly host: Host
  declare private manner: Manner | undefined
  declare private remote: Endpoint | undefined
  declare private socket: UdpSocket | undefined
  declare private readonly aside: Aside

  constructor(host: Host, other?: (datagram: Datagram) => void) {
    const { doubles, integers, start } = rows.take()
    this.doubles = doubles
    this.integers = integers
    this.start = start
    this.host = host
    this.manner = undefined
    this.remote = undefined
    this.socket = undefined
    this.aside = { earlier: NOBODY, other, unreachable: false, untilMs: undefined }
    doubles[start + TIMER] = NO_TIMER
    beginReception(this.reception(), 0)
  }

  /**
   * Opens the session's socket, or says why it cannot. `port`: 1–65535, by custom even; absent or 0: any. `address`: one of the host's.
   * `other` takes what comes and is no RTP, such as STUN.
   */
  static open(
    host: Host,
    options: { readonly port?: number; readonly address?: string },
    other?: (datagram: Datagram) => void,
  ): Result<RtpSession> {
    const session = new RtpSession(host, other)
    const opened = host.udp(options, session)
    if (!opened.ok) return opened
    session.socket = opened.value
    return success(session)
  }

  /** Where it listens; undefined once closed. */
  get local(): Endpoint | undefined {
    return this.socket?.local
  }

  get talking(): boolean {
    return this.doubles[this.start + TIMER] !== NO_TIMER
  }

  /** Begins to talk, or goes on elsewhere or otherwise: SSRC and sequence are kept, the timestamp leaps over the pause. */
  talk(options: TalkOptions): void {
    const { codec, packetMs = codec.packetMs, silenceSuppression = false, dscp = EXPEDITED_FORWARDING } = options
    const integers = this.integers
    const base = this.start * 2
    const startMs = this.host.monotonic() + (options.phaseMs ?? 0)
    this.stopTimer()
    if (integers[base + SENT] === 0 && integers[base + FRAMES] === 0) this.draw()
    else integers[base + TIMESTAMP]! += Math.round(((startMs - this.dueMs()) * codec.clockHz) / 1000)
    this.remote = options.remote
    this.manner = mannerOf(codec, packetMs, options.payloadType ?? codec.payloadType, silenceSuppression, dscp)
    this.doubles[this.start + START_MS] = startMs
    this.aside.untilMs = options.untilMs
    integers[base + LAST_FRAME] = framesUntil(startMs, packetMs, options.untilMs)
    integers[base + FRAMES] = 0
    integers[base + SPOKE] = 0
    if (this.host.trace.on) this.remarkStart(options.remote, codec, packetMs)
    this.schedule(startMs - this.host.monotonic())
  }

  /** What is heard is in this codec: its clock is that of the timestamps that jitter is reckoned by. Once it talks, that is what it says itself. */
  hear(codec: Codec): void {
    const base = this.start * 2
    if (this.integers[base + SENT] !== 0 || this.integers[base + FRAMES] !== 0 || this.talking) return
    this.manner = mannerOf(codec, codec.packetMs, codec.payloadType, false, EXPEDITED_FORWARDING)
  }

  /** Sends something that is no RTP from the session's port. */
  send(to: Endpoint, head: Uint8Array, body: Uint8Array): void {
    this.socket?.send(to, head, body)
  }

  /** Stops talking; goes on listening. */
  hush(): void {
    this.stopTimer()
  }

  /** Ends the session: its port is free again. What it did goes on record as `media ended`. */
  close(): void {
    if (this.socket === undefined) return
    this.stopTimer()
    this.socket.close()
    this.socket = undefined
    if (this.host.trace.on) this.remarkEnd()
  }

  report(): SessionReport {
    const present = keepReception(this.reception())
    const sources = present === undefined ? [] : [...this.aside.earlier, present]
    return { sent: this.integers[this.start * 2 + SENT]!, sources: sources.map(reportReception) }
  }

  /** A datagram for the session's port. What is no RTP, RTCP among it, is another's. */
  received(datagram: Datagram): void {
    let bytes = datagram.head
    let at = datagram.headAt
    if (datagram.headLength < HEAD_BYTES) {
      if (datagram.length < HEAD_BYTES) return
      bytes = datagram.bytes()
      at = 0
    }
    const payloadType = bytes[at + 1]! & 0x7f
    if (bytes[at]! >> 6 !== 2 || (payloadType >= RTCP_FIRST && payloadType <= RTCP_LAST)) {
      this.aside.other?.(datagram)
      return
    }
    const ssrc = (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!
    const integers = this.integers
    const start = this.start + RECEPTION
    if (!hears(integers, start, ssrc)) this.turnTo(ssrc, datagram.from)
    const timestamp = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!
    const sequence = (bytes[at + 2]! << 8) | bytes[at + 3]!
    receivePacket(this.doubles, integers, start, datagram, sequence, timestamp, this.manner ?? LISTENER)
  }

  /** A packet could not get there. A phone goes on talking: the way may come back. */
  failed(to: Endpoint, why: Unreachable): void {
    if (this.aside.unreachable) return
    this.aside.unreachable = true
    this.host.trace.remark('media unreachable', { to: printEndpoint(to), why })
  }

  /** RFC 3550 §5.1: SSRC, first sequence number and first timestamp are random. So is the place in the voice. */
  private draw(): void {
    const random = this.host.random('rtp')
    const base = this.start * 2
    this.integers[base + SSRC] = random.below(0x1_0000_0000)
    this.integers[base + SEQUENCE] = random.below(0x1_0000)
    this.integers[base + TIMESTAMP] = random.below(0x1_0000_0000)
    this.integers[base + IN_TRACK] = random.below(TRACK_PACKETS)
  }

  /** One packet's time has come. */
  ring(): void {
    const { doubles, integers, start, host } = this
    const { track, silenceSuppression, payloadType, dscp, ticksPerPacket, packetMs } = this.manner!
    const nowMs = host.monotonic()
    const base = start * 2
    // Counted from the start, so that neither rounding nor a late timer adds up.
    const startMs = doubles[start + START_MS]!
    const frames = integers[base + FRAMES]!
    const dueMs = startMs + frames * packetMs
    if (nowMs > dueMs && this.isPast(nowMs, nowMs - dueMs)) return
    const inTrack = integers[base + IN_TRACK]!
    const timestamp = integers[base + TIMESTAMP]!
    const speaks = !silenceSuppression || track.speaking[inTrack] === 1
    if (speaks) {
      const marker = silenceSuppression && integers[base + SPOKE] === 0
      const sequence = integers[base + SEQUENCE]!
      writeRtpHead(head, marker, payloadType, sequence, timestamp, integers[base + SSRC]!)
      integers[base + SEQUENCE] = (sequence + 1) & 0xffff
      integers[base + SENT]! += 1
      this.socket!.send(this.remote!, head, track.payloads[inTrack]!, dscp)
    }
    integers[base + SPOKE] = speaks ? 1 : 0
    integers[base + TIMESTAMP] = timestamp + ticksPerPacket
    integers[base + IN_TRACK] = (inTrack + 1) & TRACK_MASK
    integers[base + FRAMES] = frames + 1
    this.schedule(startMs + (frames + 1) * packetMs - nowMs)
  }

  /** Counted from the start, so that neither rounding nor a late timer adds up. */
  private dueMs(): number {
    return this.doubles[this.start + START_MS]! + this.integers[this.start * 2 + FRAMES]! * (this.manner?.packetMs ?? 0)
  }

  /** The next frame is due in `delayMs`. */
  private schedule(delayMs: number): void {
    const base = this.start * 2
    const isLast = this.integers[base + FRAMES]! >= this.integers[base + LAST_FRAME]!
    this.doubles[this.start + TIMER] = isLast ? NO_TIMER : this.host.after(Math.max(delayMs, 0), this)
  }

  /**
   * A frame is late: its host was held up. Without time left the talk ends. Where it is later than {@link MOST_LATE_MS}, the frame that is
   * due now goes out in its place: the timestamp counts those between (RFC 3550 §5.1), the sequence does not. False where it is to be sent.
   */
  private isPast(nowMs: number, lateMs: number): boolean {
    const { untilMs } = this.aside
    if (untilMs !== undefined && nowMs >= untilMs) {
      this.doubles[this.start + TIMER] = NO_TIMER
      return true
    }
    if (lateMs <= MOST_LATE_MS) return false
    const { packetMs, ticksPerPacket } = this.manner!
    const skipped = Math.floor(lateMs / packetMs)
    if (skipped === 0) return false
    const { integers } = this
    const base = this.start * 2
    integers[base + FRAMES]! += skipped
    integers[base + TIMESTAMP]! += skipped * ticksPerPacket
    integers[base + IN_TRACK] = (integers[base + IN_TRACK]! + skipped) & TRACK_MASK
    integers[base + SPOKE] = 0
    this.ring()
    return true
  }

  private stopTimer(): void {
    const timer = this.doubles[this.start + TIMER]!
    if (timer !== NO_TIMER) this.host.cancel(timer)
    this.doubles[this.start + TIMER] = NO_TIMER
  }

  /** Where it counts what it hears. */
  private reception(): Row {
    return { doubles: this.doubles, integers: this.integers, start: this.start + RECEPTION }
  }

  /** Another source is heard from now on: a new one, or one of before. */
  private turnTo(ssrc: number, from: Endpoint): void {
    const before = this.aside.earlier
    const known = before.find(({ integers, start }) => hears(integers, start, ssrc))
    const present = keepReception(this.reception())
    if (present !== undefined) {
      this.aside.earlier = [...before.filter((other) => other !== known), present].slice(1 - SOURCES_KEPT)
    }
    if (known !== undefined) {
      resumeReception(this.reception(), known)
      return
    }
    beginReception(this.reception(), ssrc)
    if (this.host.trace.on) {
      this.host.trace.remark('media received', { from: printEndpoint(from), ssrc: ssrc >>> 0 })
    }
  }

  private remarkStart(remote: Endpoint, codec: Codec, packetMs: number): void {
    this.host.trace.remark('media started', {
      to: printEndpoint(remote),
      codec: codec.name,
      packetMs,
      ssrc: this.integers[this.start * 2 + SSRC]! >>> 0,
    })
  }

  private remarkEnd(): void {
    const { sent, sources } = this.report()
    let expected = 0
    let received = 0
    let lost = 0
    let jitterMs = 0
    for (const source of sources) {
      expected += source.expected
      received += source.received
      lost += source.lost
      jitterMs = Math.max(jitterMs, source.jitterMs)
    }
    this.host.trace.remark('media ended', { sent, expected, received, lost, jitterMs })
  }
}

/** How many frames begin before `untilMs`. */
function framesUntil(startMs: number, packetMs: number, untilMs = Number.POSITIVE_INFINITY): number {
  if (untilMs - startMs >= NO_END * packetMs) return NO_END
  let frames = Math.max(0, Math.floor((untilMs - startMs) / packetMs) - 1)
  while (startMs + frames * packetMs < untilMs) frames++
  return frames
}
