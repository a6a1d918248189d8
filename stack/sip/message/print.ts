// A message as bytes: what was not changed goes out as it came in.

import { asciiEncodeInto, latin1EncodeInto } from '../../../platform/text.ts'
import { findLine } from './head.ts'
import { ID } from './headers.ts'
import type { Message } from './message.ts'
import { bodyOf } from './stored.ts'

/** The bytes of a message, never to be written to. One that came without Content-Length gets it here. */
export function print(message: Message): Uint8Array {
  const { head, origin } = message
  if (origin !== undefined) return origin
  const { bodyFrom, bodyTo, text: all } = bodyOf(message)
  const bodyLength = bodyTo - bodyFrom
  const length = findLine(head, ID.contentLength, '') < 0 ? `Content-Length: ${bodyLength}\r\n` : ''
  let text = head.source.length === head.end ? head.source : head.source.slice(0, head.end)
  text += `${length}\r\n`
  if (head.ascii && all !== undefined) {
    text += all.slice(bodyFrom, bodyTo)
    const bytes = room(text.length)
    asciiEncodeInto(text, bytes)
    return bytes
  }
  const bytes = room(text.length + bodyLength)
  latin1EncodeInto(text, bytes)
  if (bodyLength > 0) bytes.set(message.body, text.length)
  return bytes
}

/** Bytes for messages are cut from larger pieces: making an array of its own for each would cost more than printing it. */
const PIECE = 65536
let piece = new Uint8Array(PIECE)
let used = 0

function room(length: number): Uint8Array {
  if (length > PIECE / 8) return new Uint8Array(length)
  if (used + length > PIECE) {
    piece = new Uint8Array(PIECE)
    used = 0
  }
  used += length
  return piece.subarray(used - length, used)
}
