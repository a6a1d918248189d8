// By what a message is known again on its way: by what NATs and SIP helpers leave as it is.

import { latin1Decode } from '../../platform/text.ts'
import type { Content } from '../oracles/payload.ts'

/** A branch that is unlike any other (RFC 3261 §8.1.1.7). */
const COOKIE = 'z9hG4bK'
const BRANCH = /\r\n(?:Via|v)[ \t]*:[^\r\n,]*;[ \t]*branch[ \t]*=[ \t]*([^ \t\r\n;,]+)/i
const NUMBER = /\r\nCSeq[ \t]*:[ \t]*0*(\d{1,10})/i

/** The same text for the same message, before and after a box has rewritten it; undefined for what is no message. `data` are its bytes. */
export function recognized(content: Content, data: Uint8Array): string | undefined {
  if (content.kind === 'rtp') return `${content.ssrc} ${content.sequence} ${content.timestamp}`
  if (content.kind === 'malformed') {
    const text = latin1Decode(data)
    const { name, call } = content.label
    return textOf(name, BRANCH.exec(text)?.[1] ?? '', NUMBER.exec(text)?.[1] ?? '', call)
  }
  if (content.kind !== 'sip') return undefined
  const { message } = content
  const { cseq, via, callId } = message
  const name = message.kind === 'request' ? message.method : `${message.status} ${cseq.method}`
  return textOf(name, via.parameters.get('branch') ?? '', String(cseq.number), callId)
}

/** As {@link recognized}, of a SIP message's beginning; undefined where its branch is not in it, or is unlike no other. */
export function recognizedPart(data: Uint8Array): string | undefined {
  const text = latin1Decode(data)
  const branch = BRANCH.exec(text)?.[1] ?? ''
  // A branch that the capture ends in may be cut as well.
  if (!branch.startsWith(COOKIE) || text.endsWith(branch)) return undefined
  const [first = '', second = ''] = text.split(' ', 2)
  return `${first.startsWith('SIP/') ? second : first} ${branch}`
}

/** The Call-ID may have an address in it, which helpers rewrite: it counts only where the branch says nothing. */
function textOf(name: string, branch: string, number: string, call: string): string {
  return branch.startsWith(COOKIE) ? `${name} ${number} ${branch}` : `${name} ${number} ${branch} ${call}`
}
