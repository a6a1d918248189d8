// The media of one call of a phone: what its offers and answers say, and the voice that follows from them.

import { addressTowards, canonicalAddress } from '../../platform/address.ts'
import type { Host } from '../../platform/host.ts'
import { failure, type Result, success } from '../../platform/result.ts'
import type { Codec } from '../rtp/codec.ts'
import type { RtpSession } from '../rtp/session.ts'
import { agreed, type Flow } from '../sdp/agreement.ts'
import { addressOf, type SessionDescription } from '../sdp/description.ts'
import { answer, type LocalSession, offer } from '../sdp/offer.ts'
import { parseSdp } from '../sdp/parse.ts'
import { printSdp } from '../sdp/print.ts'
import type { Body, Session } from '../sip/call/session.ts'
import { ACCEPT } from '../sip/user-agent/capabilities.ts'
import type { TransportAddress } from '../stun/attributes.ts'
import type { Mirror } from '../stun/mirror.ts'
import type { RtpPorts } from './rtpPorts.ts'

/** How a phone talks. */
export interface Voice {
  readonly host: Host
  readonly ports: RtpPorts
  /** In order of preference, at least one. */
  readonly codecs: readonly Codec[]
  /** False: it listens only. */
  readonly talk: boolean
  /** How its packets are marked, 0–63; absent: as expedited. */
  readonly dscp?: number | undefined
  /** Tells how the media's ports are seen from outside; absent: as they are inside. */
  readonly mirror?: Mirror | undefined
}

/** One call's media. Its port is open from the first description on: what comes early is heard. */
export class Conversation implements Session {
  readonly #voice: Voice
  /** Numbers the conversations of one phone: the description's session id. */
  readonly #sessionId: number
  readonly #peer: () => string
  #rtp: RtpSession | undefined
  #isPortless = false
  /** How our port is seen from outside, where that was asked. */
  #shown: TransportAddress | undefined
  #mine: SessionDescription | undefined
  /** What we send, once both sides have said what they want. */
  #sending: Flow | undefined

  /** `peer`: where the other side's signalling is, an address or a name: an offer has an address of the same version, an answer one of the offer's. */
  constructor(voice: Voice, sessionId: number, peer: () => string) {
    this.#voice = voice
    this.#peer = peer
    this.#sessionId = sessionId
  }

  /** Finds out what a description of ours is to say, and calls `ready`, at once where there is nobody to ask. */
  prepare(ready: () => void): void {
    const { mirror } = this.#voice
    if (mirror !== undefined) this.#open()
    if (mirror === undefined || this.#rtp === undefined) {
      ready()
      return
    }
    mirror.ask(this.#rtp, (shown) => {
      this.#shown = shown
      ready()
    })
  }

  offer(peer = this.#peer()): Body {
    const local = this.#local(peer)
    const previous = this.#mine
    const isOther = previous !== undefined && previous.origin.address !== local.address
    const mine = previous === undefined ? offer(local) : isOther ? offer({ ...local, previous }) : previous
    this.#mine = mine
    return { contentType: ACCEPT, bytes: printSdp(mine) }
  }

  answer(offered: Uint8Array): Result<Body> {
    const theirs = parseSdp(offered)
    if (!theirs.ok) return theirs
    const [first] = theirs.value.media
    const mine = answer(theirs.value, this.#local(first && addressOf(theirs.value, first)))
    const stream = agreed(theirs.value, mine).find(({ accepted }) => accepted)
    if (stream === undefined) return failure('offer', `a stream of ${this.#codecNames()}`)
    this.#agreed(stream.toOfferer, stream.toAnswerer)
    return success({ contentType: ACCEPT, bytes: printSdp(mine) })
  }

  accept(answered: Uint8Array): Result<undefined> {
    const theirs = parseSdp(answered)
    if (!theirs.ok) return theirs
    const stream = this.#mine && agreed(this.#mine, theirs.value).find(({ accepted }) => accepted)
    if (stream === undefined) return failure('answer', `a stream of ${this.#codecNames()}`)
    this.#agreed(stream.toAnswerer, stream.toOfferer)
    return success(undefined)
  }

  /** What goes out, and what comes in; undefined: nothing. */
  #agreed(sending: Flow | undefined, hearing: Flow | undefined): void {
    this.#sending = sending
    if (hearing !== undefined) this.#rtp?.hear(hearing.codec)
  }

  talk(): void {
    const { host, talk, dscp } = this.#voice
    if (this.#sending === undefined || !talk) return
    const { port, codec, payloadType, packetMs } = this.#sending
    const address = canonicalAddress(this.#sending.address)
    if (address === undefined) host.trace.remark('media not sent', { to: this.#sending.address })
    else {
      const marked = dscp === undefined ? {} : { dscp }
      this.#rtp?.talk({ remote: host.endpoint(address, port), codec, payloadType, packetMs, ...marked })
    }
  }

  hush(): void {
    this.#rtp?.hush()
  }

  close(): void {
    this.#rtp?.close()
    this.#rtp = undefined
  }

  /** Our side of the session. Without a free port it has port 0: no stream. */
  #local(peer = this.#peer()): LocalSession {
    const { host, codecs } = this.#voice
    this.#open()
    const inside = {
      address: addressTowards(host.addresses(), peer) ?? '0.0.0.0',
      port: this.#rtp?.local?.port ?? 0,
    }
    const { address, port } = this.#shown ?? inside
    return { address, sessionId: this.#sessionId, streams: [{ port, codecs }] }
  }

  #open(): void {
    const { host, ports, mirror } = this.#voice
    if (this.#rtp !== undefined) return
    const opened = ports.open(host, mirror && ((datagram) => void mirror.receive(datagram)))
    if (!opened.ok) {
      if (!this.#isPortless) host.trace.remark('no media: every port for RTP is taken')
      this.#isPortless = true
      return
    }
    this.#rtp = opened.value
    this.#rtp.hear(this.#voice.codecs[0]!) // what comes before the answer
  }

  #codecNames(): string {
    return this.#voice.codecs.map(({ name }) => name).join(' or ')
  }
}
