// The bytes of a head and a body together.

import { asciiEncodeInto, latin1EncodeInto } from '../../../platform/text.ts'
import type { Head } from './head.ts'
import type { Splice } from './splice.ts'

/** Which part of a datagram a body is. */
export interface BodyPlace {
  readonly datagram: Uint8Array
  readonly bodyFrom: number
  readonly bodyTo: number
  /** The datagram as text, if it is known that no byte of it is above 127. */
  readonly text: string | undefined
}

/** The place of a body that stands alone. */
export function placeOf(body: Uint8Array): BodyPlace {
  return { datagram: body, bodyFrom: 0, bodyTo: body.length, text: body.length === 0 ? '' : undefined }
}

/** A message's bytes, with the Content-Length that it may lack. Never to be written to. */
export function contentOf(head: Head, { bodyFrom, bodyTo, datagram, text: all }: BodyPlace): Uint8Array {
  const { splice } = head
  if (splice !== undefined && splice.base.bytes === datagram && head.sized) return moved(splice, datagram, bodyTo)
  const bodyLength = bodyTo - bodyFrom
  let text = head.source.length === head.end ? head.source : head.source.slice(0, head.end)
  text += head.sized ? '\r\n' : `Content-Length: ${bodyLength}\r\n\r\n`
  if (head.ascii && all !== undefined) {
    if (bodyLength > 0) text += all.slice(bodyFrom, bodyTo)
    const bytes = room(text.length)
    asciiEncodeInto(text, bytes)
    return bytes
  }
  const bytes = room(text.length + bodyLength)
  if (head.ascii) asciiEncodeInto(text, bytes)
  else latin1EncodeInto(text, bytes)
  if (bodyLength > 0) bytes.set(datagram.subarray(bodyFrom, bodyTo), text.length)
  return bytes
}

/** The bytes of which `to` are a message, with the hunks made at its head. */
function moved(splice: Splice, datagram: Uint8Array, to: number): Uint8Array {
  const { incoming } = splice
  const bytes = to === datagram.length ? datagram : datagram.subarray(0, to)
  const needed = incoming + to
  if (needed > PIECE / 8) {
    const own = new Uint8Array(needed)
    own.set(bytes, incoming)
    return own.subarray(0, splice.moveInto(own, 0, incoming, needed))
  }
  if (used + needed > PIECE) renew()
  const begin = used
  piece.set(bytes, begin + incoming)
  used = splice.moveInto(piece, begin, begin + incoming, begin + needed)
  return piece.subarray(begin, used)
}

/** Bytes for messages are cut from larger pieces: making an array of its own for each would cost more than printing it. */
const PIECE = 65536
let piece = new Uint8Array(PIECE)
let used = 0

function room(length: number): Uint8Array {
  if (length > PIECE / 8) return new Uint8Array(length)
  if (used + length > PIECE) renew()
  used += length
  return piece.subarray(used - length, used)
}

function renew(): void {
  piece = new Uint8Array(PIECE)
  used = 0
}
