// Messages as a test writes them: only what matters, the rest is filled in.

import { utf8Encode } from '../../../platform/text.ts'
import type { Message, Request, Response } from '../../../stack/sip/message/message.ts'
import { parseMessage } from '../../../stack/sip/message/parse.ts'
import { print } from '../../../stack/sip/message/print.ts'

const DEFAULTS = [
  'Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa',
  'Max-Forwards: 70',
  'From: <sip:alice@example.com>;tag=a',
  'To: <sip:bob@example.com>',
  'Call-ID: 1',
]

/** `INVITE sip:bob@example.com` with these header lines; the mandatory ones that are missing are filled in. */
export function requestOf(start: string, ...lines: string[]): Request {
  const message = read(`${start} SIP/2.0`, start.split(' ')[0] ?? '', lines)
  if (message.kind !== 'request') throw new Error(`${start} is no request`)
  return message
}

/** `180 INVITE`, with these header lines. */
export function responseOf(start: string, ...lines: string[]): Response {
  const [status, method = ''] = start.split(' ')
  const message = read(`SIP/2.0 ${status} Because`, method, lines)
  if (message.kind !== 'response') throw new Error(`${start} is no response`)
  return message
}

/** A message's lines, without the empty ones at its end. */
export function linesOf(message: Message): string[] {
  return new TextDecoder().decode(print(message)).trimEnd().split('\r\n')
}

function read(startLine: string, method: string, lines: readonly string[]): Message {
  const given = new Set(lines.map((line) => line.slice(0, line.indexOf(':'))))
  const defaults = [...DEFAULTS, `CSeq: 1 ${method}`].filter((line) => !given.has(line.slice(0, line.indexOf(':'))))
  const parsed = parseMessage(utf8Encode([startLine, ...defaults, ...lines, '', ''].join('\r\n')))
  if (!parsed.ok) throw new Error(`${parsed.issue.at}: ${parsed.issue.expected}`)
  return parsed.value
}
