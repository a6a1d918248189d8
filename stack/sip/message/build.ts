// Messages made from nothing: what is written here is held to what the parser asks, so nothing malformed is ever sent.

import { bug } from '../../../platform/assert.ts'
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

function build(startLine: string, headers: readonly Header[], body: Uint8Array, viaLess: boolean): Message {
  let text = `${latin1FromUtf8(startLine)}\r\n`
  for (const [name, value] of headers) text += lineText(makeLine(name, value))
  text += lineText(makeLine('Content-Length', String(body.length)))
  const ascii = isAscii(text)
  if (text.length > CAPACITY) bug(`headers of ${text.length} bytes; at most ${CAPACITY} are read`)
  scanner.scanPart(text, ascii, ascii)
  const findings = new Findings()
  if (!examine(findings, true, viaLess)) bug(`${findings.faulty}: expected ${scanner.expectation()}`)
  const head = Head.written(text, text, findings.end, ascii, true, findings.index)
  return store(findings.method, findings.status, head, placeOf(body), findings)
}
