// Bytes to a message: strict, in linear time, and never by an exception.

import { failure, type Result, success } from '../../../platform/result.ts'
import { latin1Decode, utf8Decode } from '../../../platform/text.ts'
import { excerpt, findLine, type Head, indexHead, valueAt } from './head.ts'
import { ID } from './headers.ts'
import { type Message, type StartLine, store } from './message.ts'
import { Scanner } from './scanner.ts'
import { scanUri } from './uri.ts'
import { isMethod, judge } from './verdict.ts'

const CR = 13
const LF = 10

/**
 * Reads the message that one datagram holds. Bytes beyond Content-Length are cut off, too few are an issue (RFC 3261 §18.3); without
 * that header the body goes to the end. Empty lines before the start line are passed over (§7.5). `bytes` must not change afterwards.
 */
export function parseMessage(bytes: Uint8Array): Result<Message> {
  let from = 0
  while (bytes[from] === CR && bytes[from + 1] === LF) from += 2
  const end = headEnd(bytes, from)
  if (end < 0) return failure('message', 'an empty line after the headers')
  const text = utf8Decode(bytes.subarray(from, end))
  const latin1 = text.length === end - from && hasHighBytes(bytes, from, end)
  const indexed = indexHead(latin1 ? latin1Decode(bytes.subarray(from, end)) : text, latin1)
  if (!indexed.ok) return indexed
  const head = indexed.value
  const start = parseStartLine(head.text.slice(0, head.startEnd))
  if (!start.ok) return start
  const issue = judge(start.value, head)
  if (issue !== undefined) return { ok: false, issue }
  const body = cutBody(head, bytes.subarray(end + 2))
  return body.ok ? success(store(start.value, head, body.value)) : body
}

/** Where the empty line after the headers begins; -1 if there is none. */
function headEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(CR, from); at >= 0; at = bytes.indexOf(CR, at + 1))
    if (bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return at + 2
  return -1
}

function hasHighBytes(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! > 127) return true
  return false
}

function cutBody(head: Head, rest: Uint8Array): Result<Uint8Array> {
  const line = findLine(head, ID.contentLength, '')
  if (line < 0) return success(rest)
  const length = Number(valueAt(head, line))
  if (length > rest.length)
    return failure('Content-Length', `at most ${rest.length}, which is what follows, not ${length}`)
  return success(rest.subarray(0, length))
}

/** Reads a Request-Line or a Status-Line (§7.1, §7.2): single spaces, and nothing after. */
export function parseStartLine(line: string): Result<StartLine> {
  if (/^SIP\//i.test(line)) return parseStatusLine(line)
  const methodEnd = line.indexOf(' ')
  const uriEnd = line.lastIndexOf(' ')
  const method = line.slice(0, Math.max(methodEnd, 0))
  if (!isMethod(method)) return failure('start line', `a method or SIP/2.0, not ${excerpt(line, 0, line.length)}`)
  const version = line.slice(uriEnd + 1)
  if (version.toUpperCase() !== 'SIP/2.0')
    return failure('start line', `SIP/2.0 after the Request-URI, not ${excerpt(version, 0, 24)}`)
  const scanner = new Scanner().over(line, methodEnd + 1, Math.max(uriEnd, methodEnd + 1))
  const uri = scanUri(scanner, true)
  if (uri === undefined || scanner.at < scanner.end) return { ok: false, issue: scanner.issue('Request-URI') }
  if (uri.headers !== '') return failure('Request-URI', 'a URI without headers (RFC 3261 §19.1.1)')
  return success({ kind: 'request', method, uri })
}

function parseStatusLine(line: string): Result<StartLine> {
  const parts = /^SIP\/2\.0 ([1-6]\d\d) ([^\x00-\x08\x0a-\x1f\x7f]*)$/i.exec(line)
  if (parts === null)
    return failure('start line', `SIP/2.0, a status of 100–699 and a reason, not ${excerpt(line, 0, line.length)}`)
  return success({ kind: 'response', status: Number(parts[1]), reason: parts[2]! })
}
