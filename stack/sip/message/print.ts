// A message as bytes: what was not changed goes out as it came in.

import { latin1Encode, utf8Encode } from '../../../platform/text.ts'
import { hasContentLength } from './head.ts'
import type { Message } from './message.ts'

/** The bytes of a message. One that came without Content-Length gets it here. */
export function print(message: Message): Uint8Array {
  const { head, body } = message
  const text = `${head.text}${hasContentLength(head) ? '' : `Content-Length: ${body.length}\r\n`}\r\n`
  const bytes = head.latin1 ? latin1Encode(text) : utf8Encode(text)
  if (body.length === 0) return bytes
  const all = new Uint8Array(bytes.length + body.length)
  all.set(bytes)
  all.set(body, bytes.length)
  return all
}
