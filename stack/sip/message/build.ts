// Messages made from nothing: what is written here is held to what the parser asks, so nothing malformed is ever sent.

import { bug } from '../../../platform/assert.ts'
import { isAscii, latin1Decode, latin1FromUtf8, utf8Encode } from '../../../platform/text.ts'
import type { Message, Request, Response } from './message.ts'
import { reasonPhrase } from './reasons.ts'
import { Scanner } from './scanner.ts'
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
  let written = `${startLine}\r\n`
  for (const [name, value] of headers) written += line(name, value)
  written += line('Content-Length', String(body.length))
  const bytes = utf8Encode(written)
  const ascii = bytes.length === written.length
  const text = ascii ? written : latin1Decode(bytes)
  const scanner = new Scanner()
  scanner.bytes = bytes
  scanner.text = text
  const findings = new Findings()
  const end = text.length
  if (!examine(scanner, end, findings, viaLess)) bug(`${findings.faulty}: expected ${scanner.issue('').expected}`)
  const method = findings.methodTo < 0 ? '' : text.slice(0, findings.methodTo)
  const content = { bytes, datagram: body, bodyFrom: 0, bodyTo: body.length }
  return store(method, findings.status, { source: text, text, end, ascii, index: findings.index }, content, findings)
}

/** One header line, one character a byte. A line break in its value would be another header: a bug. */
export function line(name: string, value: string): string {
  const text = isAscii(value) ? value : latin1FromUtf8(value)
  if (text.includes('\r') || text.includes('\n'))
    bug(`a value of ${name} holds a line break: ${JSON.stringify(value.slice(0, 40))}`)
  return `${name}: ${text}\r\n`
}
