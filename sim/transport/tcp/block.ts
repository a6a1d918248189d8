// The transmission control block (RFC 9293 §3.3.1): all that a connection remembers, and nothing that it does.

import type { KnownEndpoint } from '../../network/endpoint.ts'
import { Challenges } from './challenges.ts'
import { Congestion } from './congestion.ts'
import { PLAIN_HEADER, type Segment, type SynOptions } from './header.ts'
import { Reassembly } from './reassembly.ts'
import { RoundTrip } from './roundTrip.ts'
import { Scoreboard } from './scoreboard.ts'
import { SendQueue } from './sendQueue.ts'
import { advance, distance, type Sequence } from './sequence.ts'
import type { FilledTcpSettings } from './settings.ts'
import type { TcpState } from './states.ts'

/** What is assumed of who does not say (RFC 9293 §3.7.1). */
const MSS_UNKNOWN = { ipv4: 536, ipv6: 1220 } as const
const MSS_OFFERED = { ipv4: 1460, ipv6: 1440 } as const
const STAMPS_BYTES = 12
const LARGEST_FIELD = 65_535
const LARGEST_SCALE = 14

/** Names as in RFC 9293: `una`, `nxt` and `window` are SND.UNA, SND.NXT and SND.WND. */
export class ControlBlock {
  readonly local: KnownEndpoint
  readonly remote: KnownEndpoint
  readonly settings: FilledTcpSettings
  readonly dscp: number
  /** The largest packet for the other side, as far as the host knew when this began, bytes; infinite on the loopback. */
  readonly #mtuBytes: number
  state: TcpState

  // Sending.
  readonly iss: Sequence
  una: Sequence
  nxt: Sequence
  /** The highest sequence number sent: what NXT falls back from when the timer fires. */
  max: Sequence
  window = 0
  wl1: Sequence = 0
  wl2: Sequence = 0
  /** The largest window that the other side has offered. */
  largestWindow = 0
  /** The most data in a segment. */
  mss: number
  sendScale = 0
  readonly queue: SendQueue
  readonly congestion: Congestion
  /** What the other side has beyond a hole; always empty where it does not say. */
  readonly scoreboard = new Scoreboard()
  readonly roundTrip: RoundTrip
  /** FIN follows the queue. */
  finQueued = false
  /** `send` has said to wait. */
  blocked = false
  /** The segment whose round trip is measured ends here, and when it was sent, ms. */
  timing = false
  timed: Sequence = 0
  timedAtMs = 0
  /** When something was last sent, ms. */
  sentAtMs = 0
  probes = 0
  /** Probes of the closed window, one after the other. */
  unheard = 0

  // Receiving.
  irs: Sequence = 0
  rcvNxt: Sequence = 0
  /** The right edge of the window as it was advertised: it never moves left. */
  rcvEdge: Sequence = 0
  receiveScale = 0
  readonly reassembly = new Reassembly()
  paused = false
  /** Data that waits for `resume`. */
  readonly waiting: { readonly body: Uint8Array; readonly at: number; readonly length: number }[] = []
  waitingBytes = 0
  /** An acknowledgment is due at once. */
  ackNow = false
  /** Data bytes received since the last acknowledgment. */
  unacked = 0
  /** The longest segment received, for "every second full-sized segment". */
  longestReceived = 536

  readonly challenges = new Challenges()

  /** Selective acknowledgments (RFC 2018): offered, then agreed upon. */
  selective: boolean

  // Timestamps (RFC 7323).
  stamped: boolean
  recentStamp: Sequence = 0
  lastAckSent: Sequence = 0

  constructor(
    local: KnownEndpoint,
    remote: KnownEndpoint,
    settings: FilledTcpSettings,
    dscp: number,
    iss: Sequence,
    state: TcpState,
    mtuBytes: number,
  ) {
    this.#mtuBytes = mtuBytes
    this.local = local
    this.remote = remote
    this.settings = settings
    this.dscp = dscp
    this.iss = iss
    this.state = state
    this.una = iss
    this.nxt = iss
    this.max = iss
    this.mss = MSS_UNKNOWN[local.isIpv6 ? 'ipv6' : 'ipv4']
    this.queue = new SendQueue(advance(iss, 1))
    this.congestion = new Congestion(this.mss, settings.initialWindowSegments, iss)
    this.roundTrip = new RoundTrip(settings.minimumRtoMs)
    this.stamped = settings.timestamps
    this.selective = settings.selectiveAcknowledgments
    if (settings.windowScale) {
      while (
        LARGEST_FIELD * (1 << this.receiveScale) < settings.receiveBufferBytes &&
        this.receiveScale < LARGEST_SCALE
      )
        this.receiveScale++
    }
  }

  /** What a SYN of ours offers, which the host's link has room for (RFC 9293 §3.7.1); a SYN ACK offers nothing that the SYN did not (RFC 7323 §1.3). */
  get offer(): SynOptions {
    const { settings, local } = this
    const most = settings.mss ?? MSS_OFFERED[local.isIpv6 ? 'ipv6' : 'ipv4']
    return {
      mss: Math.max(1, Math.min(most, this.#mtuBytes - (local.isIpv6 ? 40 : 20) - PLAIN_HEADER)),
      scale: settings.windowScale ? this.receiveScale : undefined,
      stamped: this.stamped,
      selective: this.selective,
    }
  }

  /** Takes what the other side's SYN offers: 0 and −1 stand for nothing. */
  takeOffer({ mss, scale, stamped, selective }: Pick<Segment, 'mss' | 'scale' | 'stamped' | 'selective'>): void {
    this.stamped &&= stamped
    this.selective &&= selective
    const least = Math.min(this.offer.mss, mss === 0 ? this.mss : mss)
    this.mss = Math.max(1, least - (this.stamped ? STAMPS_BYTES : 0))
    if (this.settings.windowScale && scale >= 0) this.sendScale = scale
    else {
      this.sendScale = 0
      this.receiveScale = 0
    }
  }

  /** The way carries packets of so many bytes at most. True if segments must be smaller from now on; an MTU that no IP has is not believed. */
  narrow(mtuBytes: number): boolean {
    const headers = (this.local.isIpv6 ? 40 : 20) + PLAIN_HEADER + (this.stamped ? STAMPS_BYTES : 0)
    const least = this.local.isIpv6 ? 1280 : 68
    const fits = Math.max(least, mtuBytes) - headers
    if (fits >= this.mss) return false
    this.mss = fits
    this.congestion.narrow(fits)
    return true
  }

  /** True until our SYN is acknowledged. */
  get isOpening(): boolean {
    return this.state === 'SYN-SENT' || this.state === 'SYN-RECEIVED'
  }

  /** Bytes on their way, FIN and SYN counted. */
  get flight(): number {
    return distance(this.una, this.nxt)
  }

  /** What the receive buffer has room for. */
  get room(): number {
    const { receiveBufferBytes } = this.settings
    const most = LARGEST_FIELD * (1 << this.receiveScale)
    return Math.max(0, Math.min(most, receiveBufferBytes - this.waitingBytes))
  }

  /** True once our FIN is acknowledged. */
  get finAcknowledged(): boolean {
    return this.finQueued && distance(this.queue.end, this.una) > 0
  }
}
