// Bytes to a message: strict, in linear time, and never by an exception.

import { asciiDecode, latin1Decode, latin1FromUtf8, utf8Decode } from '../../../platform/text.ts'
import { CODE } from './characters.ts'
import { Head } from './head.ts'
import { mended } from './lenience.ts'
import type { Message } from './message.ts'
import { Scanner } from './scanner.ts'
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
  const text = asciiDecode(bytes)
  scanner.plain = text !== undefined
  scanner.bytes = bytes
  scanner.text = text ?? headText(bytes)
  const findings = new Findings()
  if (examine(scanner, findings)) return made(scanner.text, scanner, bytes, scanner.plain, findings)
  return isFolded(scanner) ? readUnfolded(scanner.text, bytes) : fault(findings)
}

/** The head as text, one character a byte, with the empty line after it, and perhaps more. */
function headText(bytes: Uint8Array): string {
  const text = utf8Decode(bytes)
  if (text.length === bytes.length) return text
  const end = text.indexOf('\r\n\r\n')
  return latin1FromUtf8(end < 0 ? text : text.slice(0, end + 4))
}

/** True if some value of the head goes on in a further line. */
function isFolded({ text }: Scanner): boolean {
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
  scanner.bytes = bytes
  scanner.text = latin1Decode(bytes)
  const ascii = scanner.plain
  scanner.plain = false
  const findings = new Findings()
  return examine(scanner, findings) ? made(source, scanner, datagram, ascii, findings) : fault(findings)
}

/** Where the empty line after the headers ends; where there is none, the end. */
function headEnd(bytes: Uint8Array): number {
  for (let at = 0; at + 3 < bytes.length; at++)
    if (bytes[at] === CR && bytes[at + 1] === LF && bytes[at + 2] === CR && bytes[at + 3] === LF) return at + 4
  return bytes.length
}

function made(
  source: string,
  { text, bytes }: Scanner,
  datagram: Uint8Array,
  ascii: boolean,
  findings: Findings,
): Reading {
  const { contentLength, end, index, methodTo, status } = findings
  const bodyFrom = end + 2
  const there = datagram.length - bodyFrom
  if (contentLength > there) {
    findings.faulty = 'Content-Length'
    const expected = `at most ${there}, which is what follows the headers, not ${contentLength}`
    return { ok: false, issue: { at: 'Content-Length', expected, byte: bodyFrom } }
  }
  const bodyTo = contentLength < 0 ? datagram.length : bodyFrom + contentLength
  const method = methodTo < 0 ? '' : text.slice(0, methodTo)
  const head = new Head(source, text, end, ascii, contentLength >= 0, index)
  const place = { datagram, bodyFrom, bodyTo, text: ascii ? source : undefined }
  return { ok: true, value: store(method, status, head, bytes, place, findings) }
}

function fault(findings: Findings): Reading & { readonly ok: false } {
  if (findings.faulty === 'message') scanner.refuse(scanner.bytes.length, 'an empty line after the headers')
  return { ok: false, issue: { at: findings.faulty, expected: scanner.expectation(), byte: scanner.faultAt } }
}
