// The session description that a message holds: an offer or an answer (RFC 3261 §13.2.1).

import { parseDisposition, parseMediaType } from '../message/mediaType.ts'
import type { Message } from '../message/message.ts'
import { ACCEPT } from '../user-agent/capabilities.ts'

const NONE = new Uint8Array(0)

/** The session description in a message, an offer or an answer; empty where its body is something else, or there is none. */
export function descriptionIn(message: Message): Uint8Array {
  const { body, contentType } = message
  if (body.length === 0) return NONE
  if (contentType !== undefined && contentType !== ACCEPT && !isDescription(contentType)) return NONE
  return isSession(message) ? body : NONE
}

/** Whether the body is what the session is about, as it is where nothing is said of it (§20.11); another use is an `early-session` (RFC 3959). */
export function isSession(message: Message): boolean {
  const disposition = message.first('Content-Disposition')
  return disposition === undefined || parseDisposition(disposition)?.value === 'session'
}

function isDescription(contentType: string): boolean {
  return parseMediaType(contentType)?.value === ACCEPT
}
