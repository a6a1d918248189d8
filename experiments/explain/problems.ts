// What is wrong with a message, or doubtful: what the codec refuses, and what goes wrong later although the codec takes it.

import { latin1Decode } from '../../platform/text.ts'
import { HEADERS, headerId, UNKNOWN } from '../../stack/sip/message/headers.ts'
import type { Message } from '../../stack/sip/message/message.ts'
import type { Reading } from '../../stack/sip/message/parse.ts'
import { shown, type Wire, type WireLine } from './wire.ts'

/** One remark on a message. */
export interface Problem {
  /** The line it is about, from 1; 0 for the whole message. */
  readonly line: number
  /** Where in that line, from 1; 0 for all of it. */
  readonly column: number
  readonly sentence: string
  readonly section: string
  /** True for what makes siptwin refuse the message. */
  readonly refuses: boolean
}

/** All remarks, in the order of the lines; those on the whole message last. */
export function problemsOf(wire: Wire, reading: Reading): readonly Problem[] {
  const found: Problem[] = [...missing(wire), ...lengths(wire)]
  if (!reading.ok) found.push(...refusal(wire, reading.issue, found))
  else found.push(...doubts(wire, reading.value))
  if (wire.fromFile && wire.lines.length > 0)
    found.push(
      doubt(
        0,
        'lines end in a line feed alone, as in a file: explained as if each were CR and LF, as on the wire',
        'RFC 3261 §7',
      ),
    )
  return found.sort((one, other) => (one.line === 0 ? 1e9 : one.line) - (other.line === 0 ? 1e9 : other.line))
}

/** The value of the first line of this header, in either form; undefined if there is none. */
export function headerValue(wire: Wire, name: string): string | undefined {
  const line = headerLines(wire, name)[0]
  return line?.text.slice(line.text.indexOf(':') + 1).trim()
}

function headerLines({ lines }: Wire, name: string): WireLine[] {
  const id = headerId(name)
  return lines.slice(1).filter(({ text }) => {
    const colon = text.indexOf(':')
    return colon > 0 && id !== UNKNOWN && headerId(text.slice(0, colon).trim()) === id
  })
}

function doubt(line: number, sentence: string, section: string): Problem {
  return { line, column: 0, sentence, section, refuses: false }
}

function missing(wire: Wire): Problem[] {
  return HEADERS.filter(({ mandatory, name }) => mandatory && headerLines(wire, name).length === 0).map(
    ({ name, section }) => ({
      line: 0,
      column: 0,
      sentence: `${name} is missing, which every message has`,
      section,
      refuses: true,
    }),
  )
}

/** Content-Length beside what is really there (§18.3). */
function lengths(wire: Wire): Problem[] {
  const line = headerLines(wire, 'Content-Length')[0]
  const there = wire.body?.length ?? 0
  if (line === undefined)
    return there === 0
      ? []
      : [
          doubt(
            0,
            `Content-Length is missing: over UDP the ${there} bytes to the end are the body, over TCP nobody could tell`,
            'RFC 3261 §20.14, §18.3',
          ),
        ]
  const value = headerValue(wire, 'Content-Length') ?? ''
  if (!/^\d{1,15}$/.test(value) || Number(value) === there) return []
  const column = line.text.indexOf(value, line.text.indexOf(':')) + 1
  const length = Number(value)
  const section = 'RFC 3261 §18.3'
  if (length > there)
    return [
      {
        line: line.number,
        column,
        sentence: `Content-Length says ${length}, but only ${there} bytes follow: over UDP the message is refused, over TCP its receiver waits for the rest`,
        section,
        refuses: true,
      },
    ]
  const kept = latin1Decode((wire.body ?? new Uint8Array(0)).subarray(0, length)).split(/\r?\n/)
  const cut = shown(kept.at(-1) ?? '')
  const where = cut === '' ? '' : `, inside the line that begins "${cut}"`
  const sentence = `Content-Length says ${length}, but ${there} bytes follow: over UDP the body is cut after ${length} bytes${where}; over TCP the other ${there - length} would be taken for the next message`
  const end = (wire.lines.at(-1)?.number ?? 0) + 1 + kept.length
  return [
    { line: line.number, column, sentence, section, refuses: false },
    { line: end, column: cut.length + 1, sentence: 'here Content-Length ends the body', section, refuses: false },
  ]
}

/** What the codec found first, unless it was said already. */
function refusal(
  wire: Wire,
  fault: { readonly at: string; readonly expected: string; readonly byte: number },
  said: readonly Problem[],
): Problem[] {
  const { at, byte, expected } = fault
  if (said.some(({ refuses, sentence }) => refuses && sentence.startsWith(`${at} `))) return []
  const line = wire.lines.findLast(({ from }) => from <= byte)
  const inside = line !== undefined && byte <= line.from + line.text.length
  const header = HEADERS.find(({ name }) => name === at)
  return [
    {
      line: inside ? line.number : 0,
      column: inside ? byte - line.from + 1 : 0,
      sentence: `${shown(at)}: expected ${sayable(expected)}`,
      section: header?.section ?? 'RFC 3261 §7',
      refuses: true,
    },
  ]
}

/** The codec's words, and after them what stood there, one character for each byte. */
function sayable(expected: string): string {
  const found = expected.lastIndexOf(', not "')
  return found < 0 ? expected : `${expected.slice(0, found)}${shown(expected.slice(found))}`
}

/** What the codec takes, and what is likely to go wrong all the same. */
function doubts(wire: Wire, message: Message): Problem[] {
  const found: Problem[] = []
  const at = (name: string): number => headerLines(wire, name)[0]?.number ?? 0
  const { contacts, kind, via } = message
  const branch = via.parameters.get('branch')
  if (branch === undefined)
    found.push(doubt(at('Via'), 'the first Via has no branch: its sender follows RFC 2543', 'RFC 3261 §8.1.1.7'))
  else if (!branch.startsWith('z9hG4bK') || branch === 'z9hG4bK')
    found.push(
      doubt(
        at('Via'),
        'the branch does not begin with z9hG4bK and more: the transaction must be told in RFC 2543’s way',
        'RFC 3261 §17.2.3',
      ),
    )
  if (!message.from.parameters.has('tag'))
    found.push(doubt(at('From'), 'From has no tag: its sender follows RFC 2543', 'RFC 3261 §8.1.1.3'))
  if (kind === 'request' && message.maxForwards === undefined)
    found.push(doubt(0, 'Max-Forwards is missing, which every request has', 'RFC 3261 §8.1.1.6'))
  if (kind === 'response' && message.status > 100 && message.toTag === undefined)
    found.push(doubt(at('To'), 'To has no tag, which every response but a 100 has', 'RFC 3261 §8.2.6.2'))
  const answers = kind === 'response' && message.status >= 200 && message.status < 300
  if ((kind === 'request' || answers) && message.cseq.method === 'INVITE' && contacts.length === 0)
    found.push(
      doubt(
        0,
        'Contact is missing: requests within the dialog would not know where to go',
        'RFC 3261 §8.1.1.8, §12.1.1',
      ),
    )
  if ((wire.body?.length ?? 0) > 0 && message.contentType === undefined)
    found.push(doubt(0, 'Content-Type is missing, although there is a body', 'RFC 3261 §20.15'))
  const hidden = contacts === '*' ? undefined : contacts.find(({ uri }) => isPrivate(uri.host))
  if (hidden !== undefined) {
    const sentence = `${hidden.uri.host} can be reached only within its own network: behind a NAT, requests to this Contact get lost`
    found.push(doubt(at('Contact'), sentence, 'RFC 1918, RFC 5626'))
  }
  return found
}

function isPrivate(host: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)[\d.]+$/.test(host)
}
