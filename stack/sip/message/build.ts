// Messages made from nothing: what is written here is held to what the parser asks, so nothing malformed is ever sent.

import { bug } from '../../../platform/assert.ts'
import type { Issue } from '../../../platform/result.ts'
import { isAscii, latin1FromUtf8 } from '../../../platform/text.ts'
import { placeOf } from './content.ts'
import { Head } from './head.ts'
import { lineText, makeLine } from './line.ts'
import type { Message, Request, Response } from './message.ts'
import { reasonPhrase } from './reasons.ts'
import { CAPACITY, scanner } from './scanner.ts'
import { store } from './stored.ts'
import { printUri, type Uri } from './uri.ts'
import { examine, Findings } from './verdict.ts'

/** A header to write: its name, and its value as it is to stand. */
export type Header = readonly [name: string, value: string]

const EMPTY = new Uint8Array(0)

/**
 * A new request. Content-Length is written here and must not be among the headers; mandatory headers
 * must, but for Via, which the transport writes. What is malformed is a bug.
 */
export function request(parts: {
  readonly method: string
  readonly uri: Uri
  readonly headers: readonly Header[]
  readonly body?: Uint8Array | undefined
}): Request {
  const message = build(`${parts.method} ${printUri(parts.uri)} SIP/2.0`, parts.headers, parts.body ?? EMPTY, true)
  return message.kind === 'request' ? message : bug('a request was built as a response')
}

/** A new response, by default with the status's own reason phrase (RFC 3261 §21). The same rules as for {@link request}. */
export function response(parts: {
  readonly status: number
  readonly reason?: string
  readonly headers: readonly Header[]
  readonly body?: Uint8Array | undefined
}): Response {
  const reason = parts.reason ?? reasonPhrase(parts.status)
  const message = build(`SIP/2.0 ${parts.status} ${reason}`, parts.headers, parts.body ?? EMPTY, false)
  return message.kind === 'response' ? message : bug('a response was built as a request')
}

/** What is wrong with these headers in a request that has all others that it must: a value, or one header too many. Undefined where nothing is. */
export function headersIssue(headers: readonly Header[]): Issue | undefined {
  const broken = headers.find(([name, value]) => !/^[\w.!%*+`'~-]+$/.test(name) || /[\r\n]/.test(value))
  if (broken !== undefined) return { at: broken[0], expected: 'a name that a header can have, and one line of text' }
  const examined = examineLines('INVITE sip:a SIP/2.0', [...REST, ...headers], true)
  return 'issue' in examined ? examined.issue : undefined
}

const REST: readonly Header[] = [
  ['From', '<sip:a>;tag=a'],
  ['To', '<sip:a>'],
  ['Call-ID', 'a'],
  ['CSeq', '1 INVITE'],
]

function build(startLine: string, headers: readonly Header[], body: Uint8Array, viaLess: boolean): Message {
  const examined = examineLines(startLine, [...headers, ['Content-Length', String(body.length)]], viaLess)
  if ('issue' in examined) return bug(`${examined.issue.at}: expected ${examined.issue.expected}`)
  const { text, ascii, findings } = examined
  const head = Head.written(text, text, findings.end, ascii, true, findings.index)
  return store(findings.method, findings.status, head, placeOf(body), findings)
}

type Examined =
  | { readonly text: string; readonly ascii: boolean; readonly findings: Findings }
  | { readonly issue: Issue }

function examineLines(startLine: string, headers: readonly Header[], viaLess: boolean): Examined {
  let text = `${latin1FromUtf8(startLine)}\r\n`
  for (const [name, value] of headers) text += lineText(makeLine(name, value))
  const ascii = isAscii(text)
  if (text.length > CAPACITY)
    return { issue: { at: 'headers', expected: `${CAPACITY} bytes at most, not ${text.length}` } }
  scanner.scanPart(text, ascii, ascii)
  const findings = new Findings()
  if (!examine(findings, true, viaLess)) return { issue: scanner.issue(findings.faulty) }
  return { text, ascii, findings }
}
