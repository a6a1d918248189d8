// What a datagram carries: SIP, RTP, or something that oracles do not look at.

import { peekDns } from '../../sim/dns/label.ts'
import { type Label, peekLabel } from '../../stack/sip/message/label.ts'
import type { Message } from '../../stack/sip/message/message.ts'
import { type Fault, parseMessage } from '../../stack/sip/message/parse.ts'
import type { Place } from './observation.ts'

export type Content =
  | { readonly kind: 'sip'; readonly message: Message; readonly surplusBytes: number }
  | { readonly kind: 'malformed'; readonly fault: Fault; readonly label: Label }
  | {
      readonly kind: 'rtp'
      readonly marker: boolean
      readonly payloadType: number
      readonly sequence: number
      readonly timestamp: number
      readonly ssrc: number
      readonly payload: Uint8Array
    }
  | { readonly kind: 'unreachable'; readonly about: Place }
  | { readonly kind: 'other' }

const OTHER: Content = { kind: 'other' }

/** Reads a UDP payload. RTCP, STUN and all else are `other`. */
export function contentOf(payload: Uint8Array): Content {
  const first = payload[0] ?? 0
  if (first >> 6 === 2) return rtpIn(payload)
  return first === 13 || (first >= 33 && first <= 126) ? sipIn(payload) : OTHER
}

/** Reads what may be a SIP message; `other` where it does not begin like one. */
export function sipIn(payload: Uint8Array): Content {
  const reading = parseMessage(payload)
  if (!reading.ok) {
    const label = peekLabel(payload)
    return label === undefined ? OTHER : { kind: 'malformed', fault: reading.issue, label }
  }
  const message = reading.value
  return { kind: 'sip', message, surplusBytes: surplus(payload, message) }
}

function surplus(payload: Uint8Array, { head, body }: Message): number {
  let lead = 0
  while (payload[lead] === 13 && payload[lead + 1] === 10) lead += 2
  return Math.max(0, payload.length - lead - head.end - 2 - body.length)
}

/** Version 2 and no packet type of RTCP (RFC 5761 §4). */
function rtpIn(payload: Uint8Array): Content {
  const type = payload[1] ?? 0
  if (payload.length < 12 || (type >= 192 && type <= 223)) return OTHER
  // What may be a question and its answers, in small numbers of each (RFC 1035 §4.1.1): a stream that looks so is far to seek.
  if (payload[4] === 0 && payload[6] === 0 && payload[8] === 0 && peekDns(payload) !== undefined) return OTHER
  return {
    kind: 'rtp',
    marker: type >= 128,
    payloadType: type & 127,
    sequence: (payload[2]! << 8) | payload[3]!,
    timestamp: word(payload, 4),
    ssrc: word(payload, 8),
    payload,
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}
