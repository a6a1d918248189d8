// The steps by which header values are recognised: from left to right, byte by byte, in linear time whatever the bytes are.
// Each step is given a place and returns the place after what it recognised, or FAIL. The bytes end in CR, at which every run stops.

import type { Issue } from '../../../platform/result.ts'
import { latin1Decode, utf8Encode, utf8FromLatin1 } from '../../../platform/text.ts'
import { CLASS, CODE, isAll, CLASSES as TABLE } from './characters.ts'

const CLASSES = TABLE
const { TOKEN, VALUE, QUOTABLE, TEXT, BLANK, DIGIT, HEX } = CLASS
const { FAIL, HTAB, LF, CR, SP, QUOTE, PERCENT, SEMICOLON, EQUALS, BACKSLASH } = CODE

/** What is scanned, the last fault found, and marks: where the parts of the address, URI or Via recognised last begin and end. */
export class Scanner {
  bytes: Uint8Array = new Uint8Array(0)
  /** The same bytes, one character for each, for what is read out of them. */
  text = ''
  /** True if it is known that no byte is above 127, and that no line was folded. */
  plain = false
  faultAt = 0
  expected = ''

  headerId = 0
  displayFrom = FAIL
  displayTo = FAIL
  uriFrom = 0
  schemeTo = 0
  userTo = FAIL
  passwordFrom = FAIL
  hostFrom = 0
  hostTo = 0
  port = FAIL
  uriParametersFrom = 0
  uriParametersTo = 0
  uriTo = 0
  parametersFrom = 0
  parametersTo = 0
  transportFrom = 0
  transportTo = 0

  /** The text that was recognised at `from…to`, as it is to be read: decoded, and each fold a space. */
  slice(from: number, to: number): string {
    const text = this.text.slice(from, to)
    return this.plain ? text : utf8FromLatin1(text.replace(/[ \t]*\t\t[ \t]*/g, ' '))
  }

  /** Fails at a place, for want of what is `expected` there. */
  refuse(at: number, expected: string): typeof FAIL {
    this.faultAt = at
    this.expected = expected
    return FAIL
  }

  /** What went wrong, in the part of the input called `at`. */
  issue(at: string): Issue {
    return { at, expected: this.expectation() }
  }

  /** What was expected where the fault is, and what is there instead. */
  expectation(): string {
    const end = this.text.indexOf('\r', this.faultAt)
    const found = this.text.slice(this.faultAt, Math.min(end < 0 ? this.text.length : end, this.faultAt + 24))
    return `${this.expected}, not ${found === '' ? 'its end' : JSON.stringify(found)}`
  }
}

/** A scanner over one text that stands alone. */
export function scannerOver(text: string): Scanner {
  const scanner = new Scanner()
  scanner.bytes = utf8Encode(`${text}\r\n`)
  scanner.text = isAll(text, TEXT) ? `${text}\r\n` : latin1Decode(scanner.bytes)
  return scanner
}

/** Passes all bytes of a class. */
export function run(bytes: Uint8Array, at: number, bit: number): number {
  while ((CLASSES[bytes[at]!]! & bit) !== 0) at++
  return at
}

/** Passes all bytes of a class, and `%` with two hexadecimal digits. */
export function runEscaped(bytes: Uint8Array, at: number, bit: number): number {
  for (;;) {
    while ((CLASSES[bytes[at]!]! & bit) !== 0) at++
    if (bytes[at] !== PERCENT || !isHex(bytes[at + 1]) || !isHex(bytes[at + 2])) return at
    at += 3
  }
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && (CLASSES[byte]! & HEX) !== 0
}

/** Passes spaces and tabs. Folds are none any more when bytes are scanned. */
export function blanks(bytes: Uint8Array, at: number): number {
  while ((CLASSES[bytes[at]!]! & BLANK) !== 0) at++
  return at
}

/** Passes one byte and the white space about it (`SEMI`, `COMMA`, `EQUAL` …); FAIL without a word where it is not. */
export function separator(bytes: Uint8Array, at: number, byte: number): number {
  const here = bytes[at]!
  if (here === byte) return bytes[at + 1]! > SP ? at + 1 : blanks(bytes, at + 1)
  if (here !== SP && here !== HTAB) return FAIL
  at = blanks(bytes, at)
  return bytes[at] === byte ? blanks(bytes, at + 1) : FAIL
}

/** Passes a quoted string; `at` is on its first quote. */
export function passQuoted(scanner: Scanner, at: number): number {
  const { bytes } = scanner
  let next = at + 1
  for (;;) {
    while ((CLASSES[bytes[next]!]! & QUOTABLE) !== 0) next++
    if (bytes[next] === QUOTE) return next + 1
    if (bytes[next] !== BACKSLASH) break
    const pair = bytes[next + 1]
    if (pair === undefined || pair > 127 || pair === CR || pair === LF) break
    next += 2
  }
  return bytes[next] === CR
    ? scanner.refuse(at, 'a quoted string with its closing quote')
    : scanner.refuse(next, 'a character that a quoted string can hold')
}

/** Passes `*(SEMI generic-param)`, and marks where they stand. */
export function passParameters(scanner: Scanner, at: number): number {
  const { bytes } = scanner
  scanner.parametersFrom = at
  for (;;) {
    const name = bytes[at] === CR ? FAIL : separator(bytes, at, SEMICOLON)
    if (name === FAIL) break
    at = name
    while ((CLASSES[bytes[at]!]! & TOKEN) !== 0) at++
    if (at === name) return scanner.refuse(at, "a parameter's name")
    const value = bytes[at] === CR ? FAIL : separator(bytes, at, EQUALS)
    if (value === FAIL) continue
    at = bytes[value] === QUOTE ? passQuoted(scanner, value) : run(bytes, value, VALUE)
    if (at === FAIL) return FAIL
    if (at === value) return scanner.refuse(at, "a parameter's value")
  }
  scanner.parametersTo = at
  return at
}

/** The number whose digits stand at `from…to`; Infinity beyond 2⁵³. */
export function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + bytes[at]! - 48
  return number <= Number.MAX_SAFE_INTEGER ? number : Number.POSITIVE_INFINITY
}

/** Passes digits; where there are none, or their number is over `most`, says what was `expected`. */
export function passNumber(scanner: Scanner, at: number, most: number, expected: string): number {
  const to = run(scanner.bytes, at, DIGIT)
  return to > at && numberAt(scanner.bytes, at, to) <= most ? to : scanner.refuse(at, expected)
}
