// Offers and answers (RFC 3264): what a party proposes, and what the other one makes of it. What both then do is in `agreement.ts`.

import { parseAddress } from '../../platform/address.ts'
import type { Codec } from '../rtp/codec.ts'
import {
  type Attribute,
  addressOf,
  type Connection,
  type Direction,
  directionOf,
  type Media,
  type SessionDescription,
  type Time,
} from './description.ts'
import { formatsOf, isFormatOf, rtpmap } from './format.ts'

/** One's own side of a session. */
export interface LocalSession {
  /** Where one's media is wanted: an IP address. */
  readonly address: string
  /** Numbers this session among the user's: an integer, 0 or more. */
  readonly sessionId: number
  /** Default `-`. */
  readonly username?: string
  readonly streams: readonly LocalStream[]
  /** What one said last in this session, where this is not the first time: its version goes up by one if something changed (§8). */
  readonly previous?: SessionDescription
}

/** One stream that one wants, or would take. */
export interface LocalStream {
  /** Default `audio`. */
  readonly kind?: string
  /** Where one's socket listens, 1–65535; 0 refuses or ends the stream. */
  readonly port: number
  /** In order of preference, at least one. */
  readonly codecs: readonly Codec[]
  /** What one is ready to do, default `sendrecv`; `sendonly` and `inactive` put the far end on hold. */
  readonly direction?: Direction
  /** How long the packets should be that one receives, ms; default not said. */
  readonly packetMs?: number
}

const RTP_AVP = 'RTP/AVP'
const ALWAYS: readonly Time[] = [{ start: '0', stop: '0', repeats: [] }]

/** A description that proposes `mine`. */
export function offer(mine: LocalSession): SessionDescription {
  return describe(
    mine,
    mine.streams.map((stream) => {
      const formats = stream.codecs.map((codec) => ({ codec, payloadType: codec.payloadType }))
      return makeMedia(stream, formats, stream.direction ?? 'sendrecv')
    }),
  )
}

/**
 * The answer to `offered`: each of its streams, in its order, taken by the first of `mine` of that kind that is still free and has a codec for
 * it, with the codecs that both have in the order offered and under the offer's numbers; refused with port 0 where there is none (§6).
 */
export function answer(offered: SessionDescription, mine: LocalSession): SessionDescription {
  const free = [...mine.streams]
  const media = offered.media.map((theirs) => {
    if (theirs.port === 0 || theirs.protocol !== RTP_AVP) return refuse(theirs)
    for (const [at, stream] of free.entries()) {
      const formats = fits(theirs, stream) ? commonFormats(theirs, stream.codecs) : []
      if (formats.length === 0) continue
      free.splice(at, 1)
      return makeMedia(stream, formats, answerDirection(offered, theirs, stream.direction ?? 'sendrecv'))
    }
    return refuse(theirs)
  })
  return describe(mine, media, offered.times)
}

function fits(theirs: Media, { kind = 'audio', port }: LocalStream): boolean {
  return kind === theirs.kind && port > 0
}

function commonFormats(theirs: Media, codecs: readonly Codec[]): { codec: Codec; payloadType: number }[] {
  return formatsOf(theirs).flatMap((format) => {
    const codec = codecs.find((one) => isFormatOf(format, one))
    return codec === undefined ? [] : [{ codec, payloadType: format.payloadType }]
  })
}

/** §6.1: the mirror of what is offered, as far as one is ready to. A connection of 0.0.0.0 wants nothing sent to it (RFC 3264 §8.4). */
function answerDirection(offered: SessionDescription, theirs: Media, ready: Direction): Direction {
  const theirDirection = directionOf(offered, theirs)
  const sends = mayReceive(theirDirection) && maySend(ready) && !isNowhere(addressOf(offered, theirs))
  const receives = maySend(theirDirection) && mayReceive(ready)
  if (sends) return receives ? 'sendrecv' : 'sendonly'
  return receives ? 'recvonly' : 'inactive'
}

/** True for a direction in which the one who says it sends. */
export function maySend(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly'
}

/** True for a direction in which the one who says it receives. */
export function mayReceive(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly'
}

/** The old way to say "send me nothing": the address 0.0.0.0, or a name in `.invalid`. */
export function isNowhere(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || address.endsWith('.invalid')
}

function makeMedia(
  stream: LocalStream,
  formats: readonly { codec: Codec; payloadType: number }[],
  direction: Direction,
): Media {
  const maps: Attribute[] = formats.map(({ codec, payloadType }) => ({
    name: 'rtpmap',
    value: rtpmap(codec, payloadType),
  }))
  const packet = stream.packetMs === undefined ? [] : [{ name: 'ptime', value: `${stream.packetMs}` }]
  return {
    kind: stream.kind ?? 'audio',
    port: stream.port,
    protocol: RTP_AVP,
    formats: formats.map(({ payloadType }) => `${payloadType}`),
    connections: [],
    bandwidths: [],
    attributes: [...maps, ...packet, { name: direction }],
  }
}

/** §6: port 0; the formats stand there for the grammar's sake. */
function refuse(theirs: Media): Media {
  const { kind, protocol, formats } = theirs
  return { kind, port: 0, protocol, formats, connections: [], bandwidths: [], attributes: [] }
}

/** `times`: the offer's in its answer (§6), always in an offer (§5). */
function describe(mine: LocalSession, media: readonly Media[], times: readonly Time[] = ALWAYS): SessionDescription {
  const connection = connectionTo(mine.address)
  const sessionId = `${mine.sessionId}`
  const username = mine.username ?? '-'
  const description: SessionDescription = {
    origin: { username, sessionId, version: mine.previous?.origin.version ?? sessionId, ...connection },
    name: '-',
    emails: [],
    phones: [],
    connection,
    bandwidths: [],
    times,
    attributes: [],
    media,
    lineEnd: '\r\n',
  }
  return mine.previous === undefined ? description : revise(mine.previous, description)
}

function connectionTo(address: string): Connection {
  const parsed = parseAddress(address)
  return { netType: 'IN', addressType: parsed.ok && parsed.value.length === 16 ? 'IP6' : 'IP4', address }
}

/** §8: the version stands still where nothing changed, and is one higher where something did. */
function revise(previous: SessionDescription, next: SessionDescription): SessionDescription {
  if (JSON.stringify(previous) === JSON.stringify(next)) return previous
  return { ...next, origin: { ...next.origin, version: `${BigInt(previous.origin.version) + 1n}` } }
}
