// `name-addr` and `addr-spec` with the header's parameters (RFC 3261 §20.10, §25.1): what From, To, Contact and Route hold.

import { type Result, success } from '../../../platform/result.ts'
import { CLASS, CODE } from './characters.ts'
import { type Parameters, quote, readParameters, unquote } from './parameters.ts'
import { blanks, passParameters, passQuoted, run, type Scanner, scannerOver } from './scanner.ts'
import { passUri, printUri, readUri, type Uri } from './uri.ts'

const { TOKEN, QUOTABLE } = CLASS
const { FAIL, CR, QUOTE, COLON, LESS, GREATER, BACKSLASH } = CODE

/** A URI with the name to show for it and the header's own parameters, such as `tag`. */
export interface NameAddr {
  /** Without quotes; undefined where there is none. */
  readonly display?: string | undefined
  readonly uri: Uri
  readonly parameters: Parameters
}

/** Reads one address that is all of `text`. */
export function parseNameAddr(text: string): Result<NameAddr> {
  const scanner = scannerOver(text)
  const end = passNameAddr(scanner, blanks(scanner.bytes, 0))
  if (end === FAIL) return { ok: false, issue: scanner.issue('address') }
  if (scanner.bytes[blanks(scanner.bytes, end)] === CR) return success(readNameAddr(scanner))
  scanner.refuse(end, 'the end of the address')
  return { ok: false, issue: scanner.issue('address') }
}

/** An address as a message has it, always in brackets. */
export function printNameAddr({ display, uri, parameters }: NameAddr): string {
  const name = display === undefined || display === '' ? '' : `${quote(display)} `
  return `${name}<${printUri(uri)}>${parameters}`
}

/** Passes one address with its parameters, and marks its parts. */
export function passNameAddr(scanner: Scanner, from: number): number {
  const { bytes } = scanner
  scanner.displayFrom = FAIL
  let at = from
  if (bytes[at] === QUOTE) {
    at = passQuoted(scanner, at)
    if (at === FAIL) return FAIL
    scanner.displayFrom = from
    scanner.displayTo = at
    at = blanks(bytes, at)
  } else if (bytes[at] === BACKSLASH && bytes[at + 1] === QUOTE) {
    at = passEscapedQuotes(scanner, at)
    if (at === FAIL) return FAIL
  } else if (bytes[at] !== LESS) {
    at = run(bytes, at, TOKEN)
    if (bytes[at] === COLON) {
      at = passUri(scanner, from, false)
      return at === FAIL ? FAIL : passParameters(scanner, at)
    }
    at = passTokens(scanner, from, at)
  }
  if (bytes[at] !== LESS) return scanner.refuse(at, 'a URI, or a name and a URI in <>')
  at = passUri(scanner, at + 1, true)
  if (at === FAIL) return FAIL
  return bytes[at] === GREATER ? passParameters(scanner, at + 1) : scanner.refuse(at, '> after the URI')
}

/** Passes a name between `\\"` and `\\"`, as some phones write it, and the white space after it. The grammar has no such thing. */
function passEscapedQuotes(scanner: Scanner, from: number): number {
  const { bytes } = scanner
  const to = run(bytes, from + 2, QUOTABLE)
  if (bytes[to] !== BACKSLASH || bytes[to + 1] !== QUOTE) return scanner.refuse(from, 'a name in quotes')
  scanner.displayFrom = from + 2
  scanner.displayTo = to
  return blanks(bytes, to + 2)
}

/** Passes the rest of a display name of tokens with white space between them; `at` is after the first. */
function passTokens(scanner: Scanner, from: number, at: number): number {
  const { bytes } = scanner
  let to = at
  for (;;) {
    at = blanks(bytes, at)
    const end = run(bytes, at, TOKEN)
    if (end === at) break
    at = end
    to = end
  }
  if (to > from) {
    scanner.displayFrom = from
    scanner.displayTo = to
  }
  return at
}

/** The address that was recognised last, by its marks. */
export function readNameAddr(scanner: Scanner): NameAddr {
  const { displayFrom, displayTo } = scanner
  return {
    display: displayFrom === FAIL ? undefined : unquote(scanner.slice(displayFrom, displayTo)),
    uri: readUri(scanner),
    parameters: readParameters(scanner, scanner.parametersFrom, scanner.parametersTo),
  }
}
