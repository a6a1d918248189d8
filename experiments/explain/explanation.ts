// A message explained field by field: what each is for, where that is defined, and what is wrong with it. Any bytes get an answer.

import { utf8FromLatin1 } from '../../platform/text.ts'
import { HEADERS, headerId, UNKNOWN } from '../../stack/sip/message/headers.ts'
import { parseMessage } from '../../stack/sip/message/parse.ts'
import { reasonPhrase } from '../../stack/sip/message/reasons.ts'
import { parseUri } from '../../stack/sip/message/uri.ts'
import { bodyLines } from './body.ts'
import { HEADER_PURPOSES } from './headerPurposes.ts'
import { CLASS_PURPOSES, METHOD_PURPOSES, STATUS_PURPOSES } from './methodPurposes.ts'
import { type Part, partsOf, uriParts } from './parts.ts'
import { type Problem, problemsOf } from './problems.ts'
import { shown, type Wire, type WireLine, wireOf } from './wire.ts'

/** One line of the message, explained. */
export interface ExplainedLine {
  /** From 1, counted over head and body. */
  readonly number: number
  /** The line itself, as it can be shown. */
  readonly text: string
  readonly meaning: string
  readonly section: string
  readonly parts: readonly Part[]
}

/** A whole message, explained. */
export interface Explanation {
  /** What it is and whether it would be taken, in a sentence. */
  readonly summary: string
  /** False for what siptwin's own stack would refuse. */
  readonly accepted: boolean
  readonly head: readonly ExplainedLine[]
  readonly body: readonly ExplainedLine[]
  /** In the order of the lines; those of the whole message, line 0, last. */
  readonly problems: readonly Problem[]
}

/** Explains bytes. Never fails; linear in their number. */
export function explain(given: Uint8Array): Explanation {
  const wire = wireOf(given)
  const reading = parseMessage(wire.bytes)
  const accepted = reading.ok
  if (!accepted && !isSip(wire)) return { summary: notSip(given), accepted, head: [], body: [], problems: [] }
  const problems = problemsOf(wire, reading)
  const head = wire.lines.map((line, place) => (place === 0 ? startLine(line) : headerLine(line)))
  return { summary: summaryOf(wire, accepted, problems), accepted, head, body: bodyLines(wire), problems }
}

/** True for what at least begins like SIP: one line says so, or a later one has a header's form. */
function isSip({ bytes, lines }: Wire): boolean {
  if (isCapture(bytes)) return false
  const first = lines[0]?.text ?? ''
  return (
    /^SIP\/|[ \t]SIP\/\d/.test(first) ||
    (lines.length > 2 && lines.some(({ text }) => /^(via|v|call-id|i)[ \t]*:/i.test(text)))
  )
}

/** True for what begins as a file of pcapng or pcap does, whose packets may well have lines of SIP in them. */
function isCapture(bytes: Uint8Array): boolean {
  const magic = String.fromCharCode(...bytes.subarray(0, 4))
  return ['\n\r\r\n', '\xa1\xb2\xc3\xd4', '\xd4\xc3\xb2\xa1', '\xa1\xb2\x3c\x4d', '\x4d\x3c\xb2\xa1'].includes(magic)
}

function notSip(given: Uint8Array): string {
  if (given.length === 0) return 'This is no SIP message: there is nothing at all.'
  if (isCapture(given)) return 'This is no SIP message but a capture of packets: siptwin audit reads it.'
  const beginning = shown(String.fromCharCode(...given.subarray(0, 16)))
  return `This is no SIP message: it begins with "${beginning}", not with a method such as INVITE or with SIP/2.0.`
}

function summaryOf(wire: Wire, accepted: boolean, problems: readonly Problem[]): string {
  const first = wire.lines[0]?.text ?? ''
  const status = /^SIP\/\S+ +(\d{3})/.exec(first)?.[1]
  const what = status === undefined ? `A request, ${shown(first.split(' ')[0] ?? '')}` : `A response, ${status}`
  const size = `${Math.max(0, wire.lines.length - 1)} headers and ${wire.body?.length ?? 0} bytes after them`
  const verdict = accepted ? 'siptwin accepts it' : 'siptwin refuses it'
  const count =
    problems.length === 0
      ? 'nothing is wrong with it'
      : problems.length === 1
        ? 'see the one remark'
        : `see the ${problems.length} remarks`
  return `${what}, with ${size}: ${verdict}, ${count}.`
}

function startLine(line: WireLine): ExplainedLine {
  const { number, text } = line
  const status = /^SIP\/\S+ +(\d{3})(?: +(.*))?$/s.exec(text)
  if (status !== null) return statusLine(number, text, Number(status[1]), status[2] ?? '')
  const [method = '', uri = '', version = ''] = text.split(' ').filter((word) => word !== '')
  const [asks, defined] = METHOD_PURPOSES[method] ?? ['asks something that siptwin does not know', '']
  const parsed = parseUri(uri)
  return {
    number,
    text: shown(text),
    meaning: 'The request line: what is asked, of whom, in which version of SIP.',
    section: 'RFC 3261 §7.1',
    parts: [
      { text: shown(method), meaning: `the method: ${asks}`, section: defined },
      {
        text: shown(uri),
        meaning: 'the Request-URI: whom the request goes to now; proxies change it',
        section: 'RFC 3261 §8.1.1.1',
      },
      ...(parsed.ok ? uriParts(parsed.value).map(shownPart) : []),
      ...(version === ''
        ? []
        : [{ text: shown(version), meaning: 'the version, always SIP/2.0', section: 'RFC 3261 §7.1' }]),
    ],
  }
}

function statusLine(number: number, text: string, status: number, reason: string): ExplainedLine {
  const unknown = ['a response of no known class', ''] as const
  const [says, defined] = CLASS_PURPOSES[Math.floor(status / 100)] ?? unknown
  const parts: Part[] = [{ text: String(status), meaning: says, section: defined }]
  const more = STATUS_PURPOSES[status]
  if (more !== undefined) parts.push({ text: reasonPhrase(status), meaning: more[0], section: more[1] })
  if (reason !== '')
    parts.push({ text: shown(reason), meaning: 'the reason phrase, for people only', section: 'RFC 3261 §7.2' })
  return {
    number,
    text: shown(text),
    meaning:
      'The status line: what became of the request. The first digit decides; proxies may choose, change and make responses.',
    section: 'RFC 3261 §7.2',
    parts,
  }
}

function headerLine({ number, text }: WireLine): ExplainedLine {
  const colon = text.indexOf(':')
  const name = colon < 0 ? '' : text.slice(0, colon).trim()
  const id = headerId(name)
  if (name === '')
    return {
      number,
      text: shown(text),
      meaning: 'This is no header: a header is Name: value.',
      section: 'RFC 3261 §7.3',
      parts: [],
    }
  if (id === UNKNOWN)
    return {
      number,
      text: shown(text),
      meaning: 'A header that siptwin does not know: it is passed on as it is.',
      section: 'RFC 3261 §7.3.1',
      parts: [],
    }
  const header = HEADERS[id]!
  const spelled = header.name.toLowerCase() === name.toLowerCase() ? '' : `${header.name} in its short form. `
  const value = utf8FromLatin1(text.slice(colon + 1)).trim()
  return {
    number,
    text: shown(text),
    meaning: `${spelled}${HEADER_PURPOSES[header.name] ?? ''}`,
    section: header.section,
    parts: partsOf(header.name, value).map(shownPart),
  }
}

function shownPart({ text, meaning, section }: Part): Part {
  return { text: shown(text), meaning, section }
}
