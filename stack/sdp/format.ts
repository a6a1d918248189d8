// What a stream's formats mean: payload types with their encodings, from `a=rtpmap` or from RFC 3551's static table.

import type { Codec } from '../rtp/codec.ts'
import type { Media } from './description.ts'

/** One RTP format of a stream. */
export interface Format {
  /** 0–127. */
  readonly payloadType: number
  /** The encoding's name as written: `PCMU`. */
  readonly encoding: string
  /** 1 or more. */
  readonly clockHz: number
  /** Default 1. */
  readonly channels: number
}

// RFC 3551 tables 4 and 5.
// biome-ignore format: a table
const STATIC: Readonly<Record<string, readonly [encoding: string, clockHz: number, channels: number]>> = {
  0:  ['PCMU', 8000, 1],   3:  ['GSM', 8000, 1],    4:  ['G723', 8000, 1],   5:  ['DVI4', 8000, 1],   6:  ['DVI4', 16000, 1],
  7:  ['LPC', 8000, 1],    8:  ['PCMA', 8000, 1],   9:  ['G722', 8000, 1],   10: ['L16', 44100, 2],   11: ['L16', 44100, 1],
  12: ['QCELP', 8000, 1],  13: ['CN', 8000, 1],     14: ['MPA', 90000, 1],   15: ['G728', 8000, 1],   16: ['DVI4', 11025, 1],
  17: ['DVI4', 22050, 1],  18: ['G729', 8000, 1],   25: ['CelB', 90000, 1],  26: ['JPEG', 90000, 1],  28: ['nv', 90000, 1],
  31: ['H261', 90000, 1],  32: ['MPV', 90000, 1],   33: ['MP2T', 90000, 1],  34: ['H263', 90000, 1],
}

const RTPMAP = /^(\d|[1-9]\d|1[01]\d|12[0-7]) ([^\s/]+)\/(\d{1,9})(?:\/(\d{1,3}))?$/

/** The formats of an RTP stream in order of preference, each once, at most 128; those that nothing explains are left out. */
export function formatsOf(media: Media): Format[] {
  const maps = new Map<string, Format>()
  for (const { name, value } of media.attributes) {
    const parts = name === 'rtpmap' && value !== undefined ? RTPMAP.exec(value) : null
    if (parts === null) continue
    const [, payloadType = '', encoding = '', clockHz, channels = '1'] = parts
    const format = { payloadType: Number(payloadType), encoding, clockHz: Number(clockHz), channels: Number(channels) }
    if (!maps.has(payloadType)) maps.set(payloadType, format)
  }
  return [...new Set(media.formats)].flatMap((text) => maps.get(text) ?? staticFormat(text) ?? [])
}

/** Equal encodings, whatever their payload types. G.722's clock is 8,000 by decree. */
export function isFormatOf(format: Format, codec: Codec): boolean {
  return (
    format.encoding.toLowerCase() === codec.name.toLowerCase() &&
    format.clockHz === codec.clockHz &&
    format.channels === codec.channels
  )
}

/** The value of `a=rtpmap` for a codec under that payload type: `0 PCMU/8000`. */
export function rtpmap(codec: Codec, payloadType: number): string {
  const channels = codec.channels === 1 ? '' : `/${codec.channels}`
  return `${payloadType} ${codec.name}/${codec.clockHz}${channels}`
}

function staticFormat(text: string): Format | undefined {
  const known = Object.hasOwn(STATIC, text) ? STATIC[text] : undefined
  if (known === undefined) return undefined
  const [encoding, clockHz, channels] = known
  return { payloadType: Number(text), encoding, clockHz, channels }
}
