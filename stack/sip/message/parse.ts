// Bytes to a message: strict, in linear time, and never by an exception.

import { asciiDecode, latin1Decode } from '../../../platform/text.ts'
import { CODE } from './characters.ts'
import { Head } from './head.ts'
import { mended } from './lenience.ts'
import type { Message } from './message.ts'
import { CAPACITY, scanner } from './scanner.ts'
import { store } from './stored.ts'
import { examine, Findings } from './verdict.ts'

const { HTAB, LF, CR, SP } = CODE

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
  const text = asciiDecode(bytes)
  scanner.scan(bytes, text ?? headText(bytes), text !== undefined)
  const findings = new Findings()
  if (examine(findings)) return made(scanner.text, bytes, scanner.plain, findings)
  return isFolded(scanner.text) ? readUnfolded(scanner.text, bytes) : fault(findings)
}

/** The head as text, one character a byte, with the empty line after it. */
function headText(bytes: Uint8Array): string {
  return latin1Decode(bytes.subarray(0, headEnd(bytes)))
}

/** True if some value of the head goes on in a further line. */
function isFolded(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  return /\r\n[ \t]/.test(end < 0 ? text : text.slice(0, end))
}

/** Reads a head in which values go on in further lines (§7.3.1): with two tabs for each line end, nothing moves. */
function readUnfolded(source: string, datagram: Uint8Array): Reading {
  const end = headEnd(datagram)
  const bytes = datagram.slice(0, end)
  for (let at = 1; at + 2 < end; at++) {
    if (bytes[at] !== CR || bytes[at + 1] !== LF || (bytes[at + 2] !== SP && bytes[at + 2] !== HTAB)) continue
    bytes[at] = HTAB
    bytes[at + 1] = HTAB
  }
  const ascii = scanner.plain
  scanner.scan(bytes, latin1Decode(bytes), false)
  const findings = new Findings()
  return examine(findings) ? made(source, datagram, ascii, findings) : fault(findings)
}

/** Where the empty line after the headers ends; where there is none, the end. */
function headEnd(bytes: Uint8Array): number {
  for (let at = 0; at + 3 < bytes.length; at++)
    if (bytes[at] === CR && bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return at + 4
  return bytes.length
}

/** The message that the scanner has before it. */
function made(source: string, datagram: Uint8Array, ascii: boolean, findings: Findings): Reading {
  const { text } = scanner
  const { contentLength, end, index, method, status } = findings
  const bodyFrom = end + 2
  const there = datagram.length - bodyFrom
  if (contentLength > there) {
    findings.faulty = 'Content-Length'
    const expected = `at most ${there}, which is what follows the headers, not ${contentLength}`
    return { ok: false, issue: { at: 'Content-Length', expected, byte: bodyFrom } }
  }
  const bodyTo = contentLength < 0 ? datagram.length : bodyFrom + contentLength
  const head = Head.written(source, text, end, ascii, contentLength >= 0, index, datagram)
  const place = { datagram, bodyFrom, bodyTo, text: ascii ? source : undefined }
  return { ok: true, value: store(method, status, head, place, findings) }
}

function fault(findings: Findings): Reading & { readonly ok: false } {
  if (scanner.faultAt >= CAPACITY) {
    findings.faulty = 'message'
    scanner.refuse(CAPACITY, `headers of at most ${CAPACITY} bytes`)
  } else if (findings.faulty === 'message') scanner.refuse(scanner.length, 'an empty line after the headers')
  return { ok: false, issue: { at: findings.faulty, expected: scanner.expectation(), byte: scanner.faultAt } }
}
