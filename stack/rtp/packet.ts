// An RTP packet, bytes to value and back (RFC 3550 §5.1), and the twelve bytes that a talking endpoint writes fifty times a second.

import { failure, type Result, success } from '../../platform/result.ts'

/** One RTP packet. `payload` and the extension's `data` are views into the bytes parsed: copy what must live longer. */
export interface RtpPacket {
  readonly marker: boolean
  /** 0–127. */
  readonly payloadType: number
  /** 0–65535. */
  readonly sequence: number
  /** 0 to 2³²−1, in units of the codec's clock. */
  readonly timestamp: number
  /** The synchronisation source, 0 to 2³²−1. */
  readonly ssrc: number
  /** The sources that a mixer put together, at most 15. */
  readonly contributors: readonly number[]
  /** The header extension (§5.3.1): 16 bits that its profile defines, and whole 32-bit words. */
  readonly extension?: RtpExtension
  readonly payload: Uint8Array
  /** Bytes of padding after the payload, 0–255, the count itself among them. */
  readonly paddingBytes: number
}

export interface RtpExtension {
  /** 0–65535. */
  readonly profile: number
  /** A multiple of 4 bytes, at most 262,140. */
  readonly data: Uint8Array
}

/** Bytes of a head without contributors and extension. */
export const RTP_HEAD_BYTES = 12

/** Reads one packet; an issue names the byte where something else was expected. Linear in the number of contributors. */
export function parseRtp(bytes: Uint8Array): Result<RtpPacket> {
  if (bytes.length < RTP_HEAD_BYTES) return failure(`byte ${bytes.length}`, 'the 12 bytes of an RTP head')
  const first = bytes[0]!
  if (first >> 6 !== 2) return failure('byte 0', `RTP version 2, not ${first >> 6}`)
  const contributorCount = first & 0x0f
  let at = RTP_HEAD_BYTES + 4 * contributorCount
  if (bytes.length < at) return failure(`byte ${bytes.length}`, `${contributorCount} contributing sources`)
  const contributors: number[] = []
  for (let source = RTP_HEAD_BYTES; source < at; source += 4) contributors.push(word(bytes, source))

  let extension: RtpExtension | undefined
  if ((first & 0x10) !== 0) {
    if (bytes.length < at + 4) return failure(`byte ${bytes.length}`, 'the head of the extension that byte 0 announces')
    const end = at + 4 + 4 * half(bytes, at + 2)
    if (bytes.length < end) return failure(`byte ${bytes.length}`, `an extension of ${half(bytes, at + 2)} words`)
    extension = { profile: half(bytes, at), data: bytes.subarray(at + 4, end) }
    at = end
  }

  let paddingBytes = 0
  if ((first & 0x20) !== 0) {
    paddingBytes = bytes[bytes.length - 1]!
    if (paddingBytes === 0 || paddingBytes > bytes.length - at) {
      return failure(`byte ${bytes.length - 1}`, `a padding of 1 to ${bytes.length - at} bytes, not ${paddingBytes}`)
    }
  }
  return success({
    marker: bytes[1]! >= 0x80,
    payloadType: bytes[1]! & 0x7f,
    sequence: half(bytes, 2),
    timestamp: word(bytes, 4),
    ssrc: word(bytes, 8),
    contributors,
    ...(extension === undefined ? {} : { extension }),
    payload: bytes.subarray(at, bytes.length - paddingBytes),
    paddingBytes,
  })
}

/** The packet's bytes; the inverse of {@link parseRtp} (padding is written as zeros and its count). */
export function printRtp(packet: RtpPacket): Uint8Array {
  const { contributors, extension, payload, paddingBytes } = packet
  const extensionBytes = extension === undefined ? 0 : 4 + extension.data.length
  const payloadAt = RTP_HEAD_BYTES + 4 * contributors.length + extensionBytes
  const bytes = new Uint8Array(payloadAt + payload.length + paddingBytes)
  writeRtpHead(bytes, packet.marker, packet.payloadType, packet.sequence, packet.timestamp, packet.ssrc)
  bytes[0] = 0x80 | (paddingBytes > 0 ? 0x20 : 0) | (extension === undefined ? 0 : 0x10) | contributors.length
  let at = RTP_HEAD_BYTES
  for (const contributor of contributors) {
    writeWord(bytes, at, contributor)
    at += 4
  }
  if (extension !== undefined) {
    writeWord(bytes, at, (extension.profile << 16) | (extension.data.length >> 2))
    bytes.set(extension.data, at + 4)
  }
  bytes.set(payload, payloadAt)
  if (paddingBytes > 0) bytes[bytes.length - 1] = paddingBytes
  return bytes
}

/** Writes the twelve bytes of a plain head to the start of `bytes`. Numbers are taken modulo their fields' sizes. */
export function writeRtpHead(
  bytes: Uint8Array,
  marker: boolean,
  payloadType: number,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  bytes[0] = 0x80
  bytes[1] = marker ? payloadType | 0x80 : payloadType
  bytes[2] = sequence >> 8
  bytes[3] = sequence
  writeWord(bytes, 4, timestamp)
  writeWord(bytes, 8, ssrc)
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

function half(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
