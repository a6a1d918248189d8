// Writes a session description, its lines in the order that RFC 8866 §9 orders.

import { encodeText } from './charset.ts'
import type { Attribute, Bandwidth, Connection, Media, SessionDescription, Time } from './description.ts'

/** The description's bytes: for one that was parsed, exactly the bytes it was parsed from. */
export function printSdp(description: SessionDescription): Uint8Array {
  const { origin, lineEnd } = description
  const { username, sessionId, version, netType, addressType, address } = origin
  const lines = [
    'v=0',
    `o=${username} ${sessionId} ${version} ${netType} ${addressType} ${address}`,
    `s=${description.name}`,
    ...optional('i', description.information),
    ...optional('u', description.uri),
    ...description.emails.map((email) => `e=${email}`),
    ...description.phones.map((phone) => `p=${phone}`),
    ...(description.connection === undefined ? [] : [connectionLine(description.connection)]),
    ...description.bandwidths.map(bandwidthLine),
    ...description.times.flatMap(timeLines),
    ...optional('k', description.key),
    ...description.attributes.map(attributeLine),
    ...description.media.flatMap(mediaLines),
  ]
  return encodeText(lines.map((line) => line + lineEnd).join(''))
}

function mediaLines(media: Media): string[] {
  const port = media.portCount === undefined ? media.port : `${media.port}/${media.portCount}`
  return [
    `m=${media.kind} ${port} ${media.protocol} ${media.formats.join(' ')}`,
    ...optional('i', media.information),
    ...media.connections.map(connectionLine),
    ...media.bandwidths.map(bandwidthLine),
    ...optional('k', media.key),
    ...media.attributes.map(attributeLine),
  ]
}

function timeLines({ start, stop, repeats, zones }: Time): string[] {
  return [`t=${start} ${stop}`, ...repeats.map((repeat) => `r=${repeat}`), ...optional('z', zones)]
}

function connectionLine({ netType, addressType, address }: Connection): string {
  return `c=${netType} ${addressType} ${address}`
}

function bandwidthLine({ type, amount }: Bandwidth): string {
  return `b=${type}:${amount}`
}

function attributeLine({ name, value }: Attribute): string {
  return value === undefined ? `a=${name}` : `a=${name}:${value}`
}

function optional(type: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${type}=${value}`]
}
