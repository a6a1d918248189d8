// The steps by which header values are recognised: from left to right, byte by byte, in linear time whatever the bytes are.
// Each step is given a place and returns the place after what it recognised, or FAIL. A byte of no class follows the bytes: every run stops there.

import type { Issue } from '../../../platform/result.ts'
import { asciiEncodeInto, latin1Decode, latin1EncodeInto, utf8Encode, utf8FromLatin1 } from '../../../platform/text.ts'
import { CLASS, CODE, isAll, CLASSES as TABLE } from './characters.ts'

const CLASSES = TABLE
const { TOKEN, VALUE, QUOTABLE, TEXT, BLANK, HEX } = CLASS
const { FAIL, HTAB, LF, CR, SP, QUOTE, PERCENT, ZERO, SEMICOLON, EQUALS, BACKSLASH } = CODE

/** How many bytes of a message are looked at, more than any head has: 256 KiB. */
export const CAPACITY = 262144

/** The bytes that are scanned. They are copied to one array that never moves: steps read a byte of it in half the time. */
export const SCANNED: Uint8Array = new Uint8Array(CAPACITY + 8)

const BYTES = SCANNED

/** The same, to be read four at a time. */
export const WORDS: DataView = new DataView(SCANNED.buffer)

/** What is scanned, the last fault found, and marks: where the parts of the address, URI, Via or CSeq recognised last begin and end. */
class Scanner {
  /** How many bytes there are. */
  length = 0
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
  numberTo = 0
  methodFrom = 0
  transportFrom = 0
  transportTo = 0

  /** Points at other bytes, of which the first {@link CAPACITY} are scanned. `plain`: see there. */
  scan(bytes: Uint8Array, text: string, plain: boolean): void {
    const scanned = bytes.length > CAPACITY ? bytes.subarray(0, CAPACITY) : bytes
    BYTES.set(scanned)
    BYTES[scanned.length] = 0
    this.length = scanned.length
    this.text = text
    this.plain = plain
  }

  /** Points at a part of a head that was found to be right, one character for each byte. */
  scanPart(text: string, ascii: boolean, unfolded: boolean): void {
    if (ascii) asciiEncodeInto(text, BYTES)
    else latin1EncodeInto(text, BYTES)
    BYTES[text.length] = 0
    this.length = text.length
    this.text = text
    this.plain = ascii && unfolded
  }

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

/** The one scanner. Whoever scans points it at the bytes first; nothing is kept in it from one message to the next. */
export const scanner: Scanner = new Scanner()

/** Scans one text that stands alone. */
export function scanText(text: string): void {
  const bytes = utf8Encode(`${text}\r\n`)
  scanner.scan(bytes, isAll(text, TEXT) ? `${text}\r\n` : latin1Decode(bytes), false)
}

/** Passes all bytes of a class. */
export function run(at: number, bit: number): number {
  while ((CLASSES[BYTES[at]!]! & bit) !== 0) at++
  return at
}

/** Passes all that any header may hold: `run(at, TEXT)`, four bytes at a time as long as all of them are no control characters. */
export function runText(at: number): number {
  for (;;) {
    const word = WORDS.getInt32(at, true)
    const deletes = word ^ 0x7f7f7f7f
    // The high bit of each byte is set in the first term below 32 and in the second at 127, and perhaps of bytes after such a one.
    if (((((word - 0x20202020) & ~word) | ((deletes - 0x01010101) & ~deletes)) & 0x80808080) !== 0) break
    at += 4
  }
  while ((CLASSES[BYTES[at]!]! & TEXT) !== 0) at++
  return at
}

/** Passes all bytes of a class, and `%` with two hexadecimal digits. */
export function runEscaped(at: number, bit: number): number {
  for (;;) {
    while ((CLASSES[BYTES[at]!]! & bit) !== 0) at++
    if (BYTES[at] !== PERCENT || !isHex(BYTES[at + 1]) || !isHex(BYTES[at + 2])) return at
    at += 3
  }
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && (CLASSES[byte]! & HEX) !== 0
}

/** Passes spaces and tabs. Folds are none any more when bytes are scanned. */
export function blanks(at: number): number {
  while ((CLASSES[BYTES[at]!]! & BLANK) !== 0) at++
  return at
}

/** Passes one byte and the white space about it (`SEMI`, `COMMA`, `EQUAL` …); FAIL without a word where it is not. */
export function separator(at: number, byte: number): number {
  const here = BYTES[at]!
  if (here === byte) return BYTES[at + 1]! > SP ? at + 1 : blanks(at + 1)
  if (here !== SP && here !== HTAB) return FAIL
  at = blanks(at)
  return BYTES[at] === byte ? blanks(at + 1) : FAIL
}

/** Passes a quoted string; `at` is on its first quote. */
export function passQuoted(at: number): number {
  let next = at + 1
  for (;;) {
    while ((CLASSES[BYTES[next]!]! & QUOTABLE) !== 0) next++
    if (BYTES[next] === QUOTE) return next + 1
    if (BYTES[next] !== BACKSLASH) break
    const pair = BYTES[next + 1]!
    if (next + 1 >= scanner.length || pair > 127 || pair === CR || pair === LF) break
    next += 2
  }
  return BYTES[next] === CR
    ? scanner.refuse(at, 'a quoted string with its closing quote')
    : scanner.refuse(next, 'a character that a quoted string can hold')
}

/** Passes `*(SEMI generic-param)`, and marks where they stand. */
export function passParameters(at: number): number {
  scanner.parametersFrom = at
  for (;;) {
    const byte = BYTES[at]
    if (byte === CR) break
    const name = byte === SEMICOLON && BYTES[at + 1]! > SP ? at + 1 : separator(at, SEMICOLON)
    if (name === FAIL) break
    at = name
    while ((CLASSES[BYTES[at]!]! & TOKEN) !== 0) at++
    if (at === name) return scanner.refuse(at, "a parameter's name")
    const next = BYTES[at]
    if (next === CR || next === SEMICOLON) continue
    const value = next === EQUALS && BYTES[at + 1]! > SP ? at + 1 : separator(at, EQUALS)
    if (value === FAIL) continue
    if (BYTES[value] === QUOTE) {
      at = passQuoted(value)
      if (at === FAIL) return FAIL
    } else {
      at = value
      while ((CLASSES[BYTES[at]!]! & VALUE) !== 0) at++
      if (at === value) return scanner.refuse(at, "a parameter's value")
    }
  }
  scanner.parametersTo = at
  return at
}

/** The number whose digits stand at `from…to`; Infinity beyond 2⁵³. */
export function numberAt(from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + BYTES[at]! - 48
  return number <= Number.MAX_SAFE_INTEGER ? number : Number.POSITIVE_INFINITY
}

/** Passes digits; where there are none, or their number is over `most`, says what was `expected`. */
export function passNumber(at: number, most: number, expected: string): number {
  let to = at
  let number = 0
  for (let digit = BYTES[to]! - ZERO; digit >= 0 && digit <= 9; digit = BYTES[to]! - ZERO) {
    number = number * 10 + digit
    to++
  }
  return to > at && number <= most ? to : scanner.refuse(at, expected)
}
