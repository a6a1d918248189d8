// Messages made from nothing: what is written here is held to what the parser asks, so nothing malformed is ever sent.

import { bug } from '../../../platform/assert.ts'
import { excerpt, indexHead } from './head.ts'
import { type Message, type Request, type Response, store } from './message.ts'
import { parseStartLine } from './parse.ts'
import { reasonPhrase } from './reasons.ts'
import { printUri, type Uri } from './uri.ts'
import { judge } from './verdict.ts'

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
  const message = build(`${parts.method} ${printUri(parts.uri)} SIP/2.0`, parts.headers, parts.body ?? EMPTY)
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
  const message = build(`SIP/2.0 ${parts.status} ${reason}`, parts.headers, parts.body ?? EMPTY)
  return message.kind === 'response' ? message : bug('a response was built as a request')
}

function build(startLine: string, headers: readonly Header[], body: Uint8Array): Message {
  let text = `${startLine}\r\n`
  for (const [name, value] of headers) text += line(name, value)
  text += line('Content-Length', String(body.length))
  const head = indexHead(text, false)
  if (!head.ok) bug(`${head.issue.at}: expected ${head.issue.expected}`)
  const start = parseStartLine(startLine)
  if (!start.ok) bug(`${start.issue.at}: expected ${start.issue.expected}`)
  const issue = judge(start.value, head.value, start.value.kind === 'request')
  if (issue !== undefined) bug(`${issue.at}: expected ${issue.expected}`)
  return store(start.value, head.value, body)
}

/** One header line. A line break in its value would be another header: a bug. */
export function line(name: string, value: string): string {
  if (value.includes('\r') || value.includes('\n'))
    bug(`a value of ${name} holds a line break: ${excerpt(value, 0, value.length)}`)
  return `${name}: ${value}\r\n`
}
