// The session description that a message holds: an offer or an answer (RFC 3261 §13.2.1).

import type { Message } from '../message/message.ts'
import { ACCEPT } from '../user-agent/capabilities.ts'

const NONE = new Uint8Array(0)

/** The session description in a message, an offer or an answer; empty where its body is something else, or there is none. */
export function descriptionIn({ body, contentType }: Message): Uint8Array {
  const type = contentType?.replace(/\s*;.*$/, '').toLowerCase()
  return type === undefined || type === ACCEPT ? body : NONE
}
