// A body explained: a session description line by line, any other by its size.

import { latin1Decode, utf8FromLatin1 } from '../../platform/text.ts'
import type { ExplainedLine } from './explanation.ts'
import { headerValue } from './problems.ts'
import { ATTRIBUTE_PURPOSES, SDP_PURPOSES } from './sdpPurposes.ts'
import { shown, type Wire } from './wire.ts'

/** The lines of a session description, explained; one line that says what there is, for any other body; none for none. */
export function bodyLines(wire: Wire): readonly ExplainedLine[] {
  const { body, lines } = wire
  if (body === undefined || body.length === 0) return []
  const type = (headerValue(wire, 'Content-Type') ?? '').toLowerCase()
  const number = (lines.at(-1)?.number ?? 0) + 2
  if (!type.startsWith('application/sdp'))
    return [{ number, text: `(${body.length} bytes)`, meaning: meaningOf(type), section: 'RFC 3261 §7.4', parts: [] }]
  const rows = latin1Decode(body).split(/\r?\n/)
  if (rows.at(-1) === '') rows.pop()
  return rows.map((text, place) => sdpLine(number + place, text))
}

function meaningOf(type: string): string {
  if (type === '') return 'A body whose kind nobody says.'
  if (type.startsWith('multipart/')) return 'A body of several parts, which siptwin passes on as it is.'
  return `A body of the kind ${shown(type)}, which siptwin passes on as it is.`
}

function sdpLine(number: number, text: string): ExplainedLine {
  const letter = text.charAt(1) === '=' ? text.charAt(0) : ''
  const [purpose, section] = SDP_PURPOSES[letter] ?? [
    'no line of SDP: those are a letter, = and a value',
    'RFC 8866 §5',
  ]
  const line = { number, text: shown(text), meaning: sentence(purpose), section, parts: [] }
  if (letter !== 'a') return letter === 'm' ? { ...line, parts: mediaParts(text) } : line
  const name = text.slice(2).split(':', 1)[0] ?? ''
  const known = ATTRIBUTE_PURPOSES[name]
  return known === undefined ? line : { ...line, meaning: sentence(known[0]), section: known[1] }
}

function sentence(purpose: string): string {
  return `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}.`
}

/** Static payload types that are met most (RFC 3551 §6). */
const PAYLOADS: Readonly<Record<string, string>> = {
  '0': 'G.711 µ-law',
  '3': 'GSM',
  '4': 'G.723.1',
  '8': 'G.711 A-law',
  '9': 'G.722',
  '13': 'comfort noise',
  '18': 'G.729',
  '31': 'H.261',
  '34': 'H.263',
}

function mediaParts(text: string): ExplainedLine['parts'] {
  const [kind = '', port = '', protocol = '', ...formats] = utf8FromLatin1(text.slice(2)).split(' ').slice(0, MOST)
  const parts = [
    { text: shown(kind), meaning: 'the kind of media', section: '' },
    {
      text: shown(port),
      meaning: port === '0' ? 'port 0: this stream is refused or ended' : 'the port where it is wanted',
      section: '',
    },
    { text: shown(protocol), meaning: 'the protocol that carries it', section: '' },
  ]
  for (const format of formats) {
    const dynamic =
      /^\d+$/.test(format) && Number(format) >= 96 ? 'a payload type that an a=rtpmap line explains' : 'a format'
    parts.push({
      text: shown(format),
      meaning: PAYLOADS[format] ?? dynamic,
      section: PAYLOADS[format] === undefined ? '' : 'RFC 3551 §6',
    })
  }
  return parts
}

/** Words of an m= line that are explained, at most. */
const MOST = 64
