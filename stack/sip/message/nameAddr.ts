// `name-addr` and `addr-spec` with the header's parameters (RFC 3261 §20.10, §25.1): what From, To, Contact and Route hold.

import { type Result, success } from '../../../platform/result.ts'
import { CLASS, CODE, CLASSES as TABLE } from './characters.ts'
import { type Parameters, quote, readParameters, unquote } from './parameters.ts'
import { blanks, passParameters, passQuoted, run, SCANNED, scanner, scanText } from './scanner.ts'
import { passUri, printUri, readUri, type Uri } from './uri.ts'

const CLASSES = TABLE
const BYTES = SCANNED
const { TOKEN, QUOTABLE } = CLASS
const { FAIL, CR, SP, QUOTE, COLON, LESS, GREATER, BACKSLASH } = CODE

/** A URI with the name to show for it and the header's own parameters, such as `tag`. */
export interface NameAddr {
  /** Without quotes; undefined where there is none. */
  readonly display?: string | undefined
  readonly uri: Uri
  readonly parameters: Parameters
}

/** Reads one address that is all of `text`. */
export function parseNameAddr(text: string): Result<NameAddr> {
  scanText(text)
  const end = passNameAddr(blanks(0))
  if (end === FAIL) return { ok: false, issue: scanner.issue('address') }
  if (BYTES[blanks(end)] === CR) return success(readNameAddr())
  scanner.refuse(end, 'the end of the address')
  return { ok: false, issue: scanner.issue('address') }
}

/** An address as a message has it, always in brackets. */
export function printNameAddr({ display, uri, parameters }: NameAddr): string {
  const name = display === undefined || display === '' ? '' : `${quote(display)} `
  return `${name}<${printUri(uri)}>${parameters}`
}

/** Passes one address with its parameters, and marks its parts. */
export function passNameAddr(from: number): number {
  scanner.displayFrom = FAIL
  let at = from
  if (BYTES[at] === QUOTE) {
    at++
    while ((CLASSES[BYTES[at]!]! & QUOTABLE) !== 0) at++
    at = BYTES[at] === QUOTE ? at + 1 : passQuoted(from)
    if (at === FAIL) return FAIL
    scanner.displayFrom = from
    scanner.displayTo = at
    if (BYTES[at] === SP) at++
    if (BYTES[at] !== LESS) at = blanks(at)
  } else if (BYTES[at] === BACKSLASH && BYTES[at + 1] === QUOTE) {
    at = passEscapedQuotes(at)
    if (at === FAIL) return FAIL
  } else if (BYTES[at] !== LESS) {
    while ((CLASSES[BYTES[at]!]! & TOKEN) !== 0) at++
    if (BYTES[at] === COLON) {
      at = passUri(from, false)
      return at === FAIL ? FAIL : passParameters(at)
    }
    at = passTokens(from, at)
  }
  if (BYTES[at] !== LESS) return scanner.refuse(at, 'a URI, or a name and a URI in <>')
  at = passUri(at + 1, true)
  if (at === FAIL) return FAIL
  return BYTES[at] === GREATER ? passParameters(at + 1) : scanner.refuse(at, '> after the URI')
}

/** Passes a name between `\\"` and `\\"`, as some phones write it, and the white space after it. The grammar has no such thing. */
function passEscapedQuotes(from: number): number {
  const to = run(from + 2, QUOTABLE)
  if (BYTES[to] !== BACKSLASH || BYTES[to + 1] !== QUOTE) return scanner.refuse(from, 'a name in quotes')
  scanner.displayFrom = from + 2
  scanner.displayTo = to
  return blanks(to + 2)
}

/** Passes the rest of a display name of tokens with white space between them; `at` is after the first. */
function passTokens(from: number, at: number): number {
  let to = at
  for (;;) {
    at = blanks(at)
    const end = run(at, TOKEN)
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
export function readNameAddr(): NameAddr {
  const { displayFrom, displayTo } = scanner
  return {
    display: displayFrom === FAIL ? undefined : unquote(scanner.slice(displayFrom, displayTo)),
    uri: readUri(),
    parameters: readParameters(scanner.parametersFrom, scanner.parametersTo),
  }
}
