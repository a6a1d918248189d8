// A message as bytes: what was not changed goes out as it came in.

import type { Message } from './message.ts'
import { bytesOf } from './stored.ts'

/** The bytes of a message, never to be written to. One that came without Content-Length gets it here. */
export function print(message: Message): Uint8Array {
  return message.origin ?? bytesOf(message)
}
