// What an offer and its answer come to (RFC 3264 §7): for each stream who sends what to where.

import { type Codec, codecNamed } from '../rtp/codec.ts'
import { addressOf, attributeOf, directionOf, type Media, type SessionDescription } from './description.ts'
import { type Format, formatsOf, isFormatOf } from './format.ts'
import { isNowhere, mayReceive, maySend } from './offer.ts'

/** One stream of a session. */
export interface AgreedStream {
  readonly kind: string
  /** False where either side gave port 0, or no codec is common to both: there is no stream. */
  readonly accepted: boolean
  /** What the offerer sends; undefined where it should be silent (hold, refusal). */
  readonly toAnswerer: Flow | undefined
  /** What the answerer sends. */
  readonly toOfferer: Flow | undefined
}

/** One way of a stream: what to send, and where. */
export interface Flow {
  /** An IP address, or a name that is to be resolved. */
  readonly address: string
  /** 1–65535. */
  readonly port: number
  readonly codec: Codec
  /** 0–127: the receiver's number for the codec. */
  readonly payloadType: number
  /** As the receiver asked, in whole frames of the codec; else the codec's own, ms. */
  readonly packetMs: number
}

/** The streams of the session, in the order of the offer's. An answer with fewer refuses the rest. */
export function agreed(offered: SessionDescription, answered: SessionDescription): readonly AgreedStream[] {
  return offered.media.map((offeredMedia, at) => {
    const answeredMedia = answered.media[at]
    const refused = { kind: offeredMedia.kind, accepted: false, toAnswerer: undefined, toOfferer: undefined }
    if (answeredMedia === undefined || answeredMedia.port === 0 || offeredMedia.port === 0) return refused
    const common = commonFormat(offeredMedia, answeredMedia)
    if (common === undefined) return refused
    const { codec, inOffer, inAnswer } = common
    return {
      kind: offeredMedia.kind,
      accepted: true,
      toAnswerer: flow(offered, offeredMedia, answered, answeredMedia, codec, inAnswer.payloadType),
      toOfferer: flow(answered, answeredMedia, offered, offeredMedia, codec, inOffer.payloadType),
    }
  })
}

/** The answer's first format that the offer has, and whose codec we have. */
function commonFormat(
  offeredMedia: Media,
  answeredMedia: Media,
): { codec: Codec; inOffer: Format; inAnswer: Format } | undefined {
  const offeredFormats = formatsOf(offeredMedia)
  for (const inAnswer of formatsOf(answeredMedia)) {
    const codec = codecNamed(inAnswer.encoding)
    if (codec === undefined || !isFormatOf(inAnswer, codec)) continue
    const inOffer = offeredFormats.find((format) => isFormatOf(format, codec))
    if (inOffer !== undefined) return { codec, inOffer, inAnswer }
  }
  return undefined
}

function flow(
  sender: SessionDescription,
  sent: Media,
  receiver: SessionDescription,
  received: Media,
  codec: Codec,
  payloadType: number,
): Flow | undefined {
  const address = addressOf(receiver, received)
  if (!maySend(directionOf(sender, sent)) || !mayReceive(directionOf(receiver, received)) || isNowhere(address)) {
    return undefined
  }
  return { address, port: received.port, codec, payloadType, packetMs: packetMsFor(codec, received) }
}

/** `a=ptime` rounded to whole frames, no longer than `a=maxptime` (RFC 8866 §6.4). */
function packetMsFor(codec: Codec, received: Media): number {
  const requested = milliseconds(attributeOf(received, 'ptime')) ?? codec.packetMs
  const longest = milliseconds(attributeOf(received, 'maxptime')) ?? Number.POSITIVE_INFINITY
  return codec.frameMs * Math.max(1, Math.floor(Math.min(requested, longest) / codec.frameMs))
}

/** 1–200 ms, else nothing that we would follow. */
function milliseconds(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN)
  return value >= 1 && value <= 200 ? value : undefined
}
