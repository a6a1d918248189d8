// One end of a call's voice: a socket that talks in packets of 20 ms and listens on the same port (symmetric RTP, RFC 4961).
// The path of a packet out and in allocates nothing: one timer callback for life, one shared head, payloads by reference.

import {
  type Datagram,
  type Endpoint,
  type Host,
  NO_TIMER,
  type UdpSocket,
  type Unreachable,
} from '../../platform/host.ts'
import { type Result, success } from '../../platform/result.ts'
import type { Codec } from './codec.ts'
import { RTP_HEAD_BYTES, writeRtpHead } from './packet.ts'
import { Reception, type ReceptionReport } from './reception.ts'
import { TRACK_PACKETS, type VoiceTrack, voiceTrack } from './voice.ts'

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
  /** No packet is sent at or after this time of the host's clock, ms; default never. */
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
/** RTCP packets seen on an RTP port (200–204 without the marker's bit, RFC 5761 §4). */
const RTCP_FIRST = 72
const RTCP_LAST = 76

/** Every session writes its head here: sockets copy it before `send` returns. */
const head = new Uint8Array(RTP_HEAD_BYTES)

/** How a session talks: one object for all that talk alike, so that twenty thousand talkers find it in the cache. */
interface Manner {
  readonly track: VoiceTrack
  readonly payloadType: number
  readonly silenceSuppression: boolean
  readonly dscp: number
  readonly packetMs: number
  readonly ticksPerPacket: number
  readonly msPerTick: number
}

const manners = new Map<string, Manner>()

/** An RTP endpoint. It listens from its opening on; it talks between {@link talk} and {@link hush}. */
export class RtpSession {
  readonly #host: Host
  #socket: UdpSocket | undefined
  /** Who takes what is no RTP. */
  #other: ((datagram: Datagram) => void) | undefined
  readonly #tick: () => void
  #timer = NO_TIMER

  #remote: Endpoint | undefined
  #manner: Manner | undefined
  #startMs = 0
  #frames = 0
  /** How many frames there will be; -1: without end. */
  #lastFrame = -1
  #inTrack = 0
  #spoke = false

  #ssrc = 0
  #sequence = 0
  #timestamp = 0
  #sent = 0

  #reception: Reception | undefined
  #earlier: readonly Reception[] | undefined
  #unreachable = false

  constructor(host: Host) {
    this.#host = host
    this.#tick = this.#frame.bind(this)
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
    const session = new RtpSession(host)
    session.#other = other
    const opened = host.udp(options, session)
    if (!opened.ok) return opened
    session.#socket = opened.value
    return success(session)
  }

  /** Where it listens; undefined once closed. */
  get local(): Endpoint | undefined {
    return this.#socket?.local
  }

  get talking(): boolean {
    return this.#timer !== NO_TIMER
  }

  /** Begins to talk, or goes on elsewhere or otherwise: SSRC and sequence are kept, the timestamp leaps over the pause. */
  talk(options: TalkOptions): void {
    const { codec, packetMs = codec.packetMs } = options
    const startMs = this.#host.now() + (options.phaseMs ?? 0)
    this.#stopTimer()
    if (this.#sent === 0 && this.#frames === 0) this.#draw()
    else this.#timestamp = (this.#timestamp + Math.round(((startMs - this.#dueMs()) * codec.clockHz) / 1000)) | 0
    this.#remote = options.remote
    this.#manner = mannerOf(options, packetMs)
    this.#startMs = startMs
    this.#lastFrame = framesUntil(startMs, packetMs, options.untilMs)
    this.#frames = 0
    this.#spoke = false
    if (this.#host.trace.on) this.#remarkStart(options.remote, codec, packetMs)
    this.#schedule()
  }

  /** Sends something that is no RTP from the session's port. */
  send(to: Endpoint, head: Uint8Array, body: Uint8Array): void {
    this.#socket?.send(to, head, body)
  }

  /** Stops talking; goes on listening. */
  hush(): void {
    this.#stopTimer()
  }

  /** Ends the session: its port is free again. What it did goes on record as `media ended`. */
  close(): void {
    if (this.#socket === undefined) return
    this.#stopTimer()
    this.#socket.close()
    this.#socket = undefined
    if (this.#host.trace.on) this.#remarkEnd()
  }

  report(): SessionReport {
    const sources = this.#reception === undefined ? [] : [...(this.#earlier ?? []), this.#reception]
    return { sent: this.#sent, sources: sources.map((reception) => reception.report()) }
  }

  /** A datagram for the session's port. What is no RTP, RTCP among it, is another's. */
  received(datagram: Datagram): void {
    let bytes = datagram.head
    let at = datagram.headAt
    if (datagram.headLength < RTP_HEAD_BYTES) {
      if (datagram.length < RTP_HEAD_BYTES) return
      bytes = datagram.bytes()
      at = 0
    }
    const payloadType = bytes[at + 1]! & 0x7f
    if (bytes[at]! >> 6 !== 2 || (payloadType >= RTCP_FIRST && payloadType <= RTCP_LAST)) {
      this.#other?.(datagram)
      return
    }
    const ssrc = (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!
    const reception = this.#reception?.source === ssrc ? this.#reception : this.#source(ssrc, datagram.from)
    const timestamp = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!
    reception.packet(
      (bytes[at + 2]! << 8) | bytes[at + 3]!,
      timestamp,
      this.#host.now(),
      this.#manner?.msPerTick ?? 1 / 8,
    )
  }

  /** A packet could not get there. A phone goes on talking: the way may come back. */
  failed(to: Endpoint, why: Unreachable): void {
    if (this.#unreachable) return
    this.#unreachable = true
    this.#host.trace.remark('media unreachable', { to: `${to.address}:${to.port}`, why })
  }

  /** RFC 3550 §5.1: SSRC, first sequence number and first timestamp are random. So is the place in the voice. */
  #draw(): void {
    const random = this.#host.random('rtp')
    this.#ssrc = random.below(0x1_0000_0000) | 0
    this.#sequence = random.below(0x1_0000)
    this.#timestamp = random.below(0x1_0000_0000) | 0
    this.#inTrack = random.below(TRACK_PACKETS)
  }

  /** One packet's time has come. */
  #frame(): void {
    const { track, silenceSuppression, payloadType, dscp, ticksPerPacket } = this.#manner!
    const inTrack = this.#inTrack
    const speaks = !silenceSuppression || track.speaking[inTrack] === 1
    if (speaks) {
      const marker = silenceSuppression && !this.#spoke
      writeRtpHead(head, marker, payloadType, this.#sequence, this.#timestamp, this.#ssrc)
      this.#sequence = (this.#sequence + 1) & 0xffff
      this.#sent++
      this.#socket!.send(this.#remote!, head, track.payloads[inTrack]!, dscp)
    }
    this.#spoke = speaks
    this.#timestamp = (this.#timestamp + ticksPerPacket) | 0
    this.#inTrack = (inTrack + 1) & (TRACK_PACKETS - 1)
    this.#frames++
    this.#schedule()
  }

  /** Counted from the start, so that neither rounding nor a late timer adds up. */
  #dueMs(): number {
    return this.#startMs + this.#frames * (this.#manner?.packetMs ?? 0)
  }

  #schedule(): void {
    if (this.#frames === this.#lastFrame) {
      this.#timer = NO_TIMER
      return
    }
    const delayMs = this.#dueMs() - this.#host.now()
    this.#timer = this.#host.after(Math.max(delayMs, 0), this.#tick)
  }

  #stopTimer(): void {
    if (this.#timer !== NO_TIMER) this.#host.cancel(this.#timer)
    this.#timer = NO_TIMER
  }

  #source(ssrc: number, from: Endpoint): Reception {
    const known = this.#earlier?.find((reception) => reception.source === ssrc)
    const reception = known ?? new Reception(ssrc)
    if (this.#reception !== undefined) {
      const others = (this.#earlier ?? []).filter((other) => other !== known)
      this.#earlier = [...others, this.#reception].slice(1 - SOURCES_KEPT)
    }
    this.#reception = reception
    if (known === undefined && this.#host.trace.on) {
      this.#host.trace.remark('media received', { from: `${from.address}:${from.port}`, ssrc: ssrc >>> 0 })
    }
    return reception
  }

  #remarkStart(remote: Endpoint, codec: Codec, packetMs: number): void {
    const to = `${remote.address}:${remote.port}`
    this.#host.trace.remark('media started', { to, codec: codec.name, packetMs, ssrc: this.#ssrc >>> 0 })
  }

  #remarkEnd(): void {
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
    this.#host.trace.remark('media ended', { sent, expected, received, lost, jitterMs })
  }
}

function mannerOf(options: TalkOptions, packetMs: number): Manner {
  const { codec, payloadType = codec.payloadType, silenceSuppression = false, dscp = EXPEDITED_FORWARDING } = options
  const key = `${codec.name} ${codec.clockHz} ${payloadType} ${packetMs} ${silenceSuppression} ${dscp}`
  const known = manners.get(key)
  if (known !== undefined) return known
  const made: Manner = {
    ...{ track: voiceTrack(codec, packetMs), payloadType, silenceSuppression, dscp, packetMs },
    ticksPerPacket: (packetMs * codec.clockHz) / 1000,
    msPerTick: 1000 / codec.clockHz,
  }
  manners.set(key, made)
  return made
}

/** How many frames begin before `untilMs`; -1: without end. */
function framesUntil(startMs: number, packetMs: number, untilMs = Number.POSITIVE_INFINITY): number {
  if (untilMs === Number.POSITIVE_INFINITY) return -1
  let frames = Math.max(0, Math.floor((untilMs - startMs) / packetMs) - 1)
  while (startMs + frames * packetMs < untilMs) frames++
  return frames
}
