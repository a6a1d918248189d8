// Bytes to a message: strict, in linear time, and never by an exception.

import { asciiDecode, latin1Decode } from '../../../platform/text.ts'
import type { Head } from './head.ts'
import { mended } from './lenience.ts'
import type { Message } from './message.ts'
import { CR, LF, Scanner } from './scanner.ts'
import { store } from './stored.ts'
import { examine, Findings } from './verdict.ts'

/** Why bytes are no message. */
export interface Fault {
  /** A header's name, `start line`, `Request-URI`, `line 7`, or `message`. */
  readonly at: string
  /** What was expected there, as the end of a sentence. */
  readonly expected: string
  /** At which byte it was. */
  readonly byte: number
}

/** What becomes of bytes: a message, or the first fault in them. */
export type Reading = { readonly ok: true; readonly value: Message } | { readonly ok: false; readonly issue: Fault }

const scanner = new Scanner()

/**
 * Reads the message that one datagram holds. Bytes beyond Content-Length are cut off, too few are an issue (RFC 3261 §18.3); without
 * that header the body goes to the end. Empty lines before the start line are passed over (§7.5). `bytes` must not change afterwards.
 */
export function parseMessage(bytes: Uint8Array): Reading {
  const from = bytes[0] === CR ? leadingLines(bytes) : 0
  const datagram = from === 0 ? bytes : bytes.subarray(from)
  const reading = read(datagram)
  if (reading.ok) return reading
  const right = mended(datagram)
  if (right === undefined) return from === 0 ? reading : later(reading, from)
  const again = read(right.bytes)
  if (!again.ok) return again.issue.at === 'message' ? reading : again
  return right.unended && again.value.first('Content-Length') === undefined ? reading : again
}

function later(reading: Reading & { readonly ok: false }, by: number): Reading & { readonly ok: false } {
  return { ok: false, issue: { ...reading.issue, byte: reading.issue.byte + by } }
}

function leadingLines(bytes: Uint8Array): number {
  let from = 0
  while (bytes[from] === CR && bytes[from + 1] === LF) from += 2
  return from
}

function read(bytes: Uint8Array): Reading {
  let text = asciiDecode(bytes)
  let ascii = true
  let end = -1
  if (text === undefined) {
    end = headEnd(bytes)
    const head = bytes.subarray(0, Math.max(end, 0))
    text = asciiDecode(head)
    ascii = text !== undefined
    text ??= latin1Decode(head)
  } else {
    end = text.indexOf('\r\n\r\n')
    if (end >= 0) end += 2
  }
  if (end < 0) return fault('message', 'an empty line after the headers', bytes.length)
  const findings = new Findings()
  scanner.bytes = bytes
  scanner.text = text
  if (examine(scanner, end, findings))
    return made({ source: text, text, end, ascii, index: findings.index }, bytes, bytes, findings)
  const folded = /\r\n[ \t]/.test(text.slice(0, end))
  if (!folded) return fault(findings.faulty, scanner.issue('').expected, scanner.faultAt)
  return readUnfolded(text, bytes, end, ascii)
}

/** Reads a head in which values go on in further lines (§7.3.1): with blanks for the line ends, nothing moves. */
function readUnfolded(source: string, datagram: Uint8Array, end: number, ascii: boolean): Reading {
  const bytes = datagram.slice(0, end + 2)
  for (let at = 1; at < end - 2; at++) {
    if (bytes[at] !== CR || bytes[at + 1] !== LF || (bytes[at + 2] !== 32 && bytes[at + 2] !== 9)) continue
    bytes[at] = 32
    bytes[at + 1] = 32
  }
  const text = latin1Decode(bytes)
  const findings = new Findings()
  scanner.bytes = bytes
  scanner.text = text
  if (examine(scanner, end, findings))
    return made({ source, text, end, ascii, index: findings.index }, bytes, datagram, findings)
  return fault(findings.faulty, scanner.issue('').expected, scanner.faultAt)
}

/** Where the empty line after the headers begins; -1 if there is none. */
function headEnd(bytes: Uint8Array): number {
  for (let at = 0; at + 3 < bytes.length; at++)
    if (bytes[at] === CR && bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return at + 2
  return -1
}

function made(head: Head, bytes: Uint8Array, datagram: Uint8Array, findings: Findings): Reading {
  const bodyFrom = head.end + 2
  const there = datagram.length - bodyFrom
  const length = findings.contentLength < 0 ? there : findings.contentLength
  if (length > there)
    return fault('Content-Length', `at most ${there}, which is what follows the headers, not ${length}`, bodyFrom)
  const content = { bytes, datagram, bodyFrom, bodyTo: bodyFrom + length }
  const method = findings.methodTo < 0 ? '' : head.text.slice(0, findings.methodTo)
  return { ok: true, value: store(method, findings.status, head, content, findings) }
}

function fault(at: string, expected: string, byte: number): Reading & { readonly ok: false } {
  return { ok: false, issue: { at, expected, byte } }
}
