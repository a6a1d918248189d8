// Whether the headers of a message are what RFC 3261 asks of them: each by its syntax in the header table, and all together.

import { failure, type Issue } from '../../../platform/result.ts'
import { isDigit, isOf, TOKEN, WORD } from './characters.ts'
import { type Head, STRIDE, valueAt } from './head.ts'
import { HEADERS, type HeaderField, ID, type Syntax, UNKNOWN } from './headers.ts'
import type { StartLine } from './message.ts'
import { type NameAddr, scanNameAddrs } from './nameAddr.ts'
import { scanParameters } from './parameters.ts'
import { Scanner } from './scanner.ts'
import { scanVias } from './via.ts'

/** The first thing wrong with the headers of a message; undefined if nothing is. `viaLess`: a request whose Via the transport will add. */
export function judge(start: StartLine, head: Head, viaLess = false): Issue | undefined {
  const { index } = head
  const seen = new Uint8Array(HEADERS.length)
  const scanner = new Scanner()
  for (let line = 0; line < index.length; line += STRIDE) {
    const id = index[line]!
    const value = valueAt(head, line)
    scanner.over(value)
    if (id === UNKNOWN) {
      if (!isText(scanner)) return scanner.issue(head.text.slice(index[line + 1]!, index[line + 2]!))
      continue
    }
    const field = HEADERS[id]!
    if (seen[id] === 1 && field.multiplicity === 'one') return failure(field.name, 'this header once only').issue
    seen[id] = 1
    if (!fits(field, scanner)) return scanner.issue(field.name)
    if (id === ID.cseq && start.kind === 'request') {
      const method = value.slice(value.search(/[^0-9 \t]/))
      if (method !== start.method)
        return failure('CSeq', `the method of the start line, ${start.method}, not ${method}`).issue
    }
  }
  if (viaLess) seen[ID.via] = 1
  return missing(seen)
}

function missing(seen: Uint8Array): Issue | undefined {
  for (const [id, field] of HEADERS.entries())
    if (field.mandatory && seen[id] !== 1)
      return failure(field.name, `this header, which every message has (${field.section})`).issue
  return undefined
}

function fits(field: HeaderField, scanner: Scanner): boolean {
  return CHECKS[field.syntax](scanner)
}

const SLASH = 47
const STAR = 42
const COMMA = 44

/** A check of a whole value for each syntax; one that fails leaves the scanner where it failed. */
const CHECKS: Readonly<Record<Syntax, (scanner: Scanner) => boolean>> = {
  via: (scanner) => scanVias(scanner, []),
  address: (scanner) => {
    const found: NameAddr[] = []
    return scanNameAddrs(scanner, found) && (found.length === 1 || fail(scanner, 'one address only'))
  },
  addresses: (scanner) => scanNameAddrs(scanner, []),
  contacts: (scanner) => (scanner.text === '*' && scanner.eat(STAR)) || scanNameAddrs(scanner, []),
  'call-id': (scanner) => {
    const first = scanner.run(WORD)
    const second = !scanner.eat(64) || scanner.run(WORD)
    return (first && second && scanner.at === scanner.end) || fail(scanner, 'word or word@word')
  },
  cseq: (scanner) => {
    if (!digits(scanner, 4294967295)) return fail(scanner, 'a number below 2^32')
    const from = scanner.at
    scanner.space()
    return (
      (scanner.at > from && scanner.run(TOKEN) && scanner.at === scanner.end) || fail(scanner, 'a number and a method')
    )
  },
  'max-forwards': (scanner) => (digits(scanner, 255) && scanner.at === scanner.end) || fail(scanner, 'a number, 0–255'),
  number: (scanner) =>
    (digits(scanner, Number.MAX_SAFE_INTEGER) && scanner.at === scanner.end) || fail(scanner, 'a number, 0 or more'),
  seconds: (scanner) =>
    (digits(scanner, Number.POSITIVE_INFINITY) && scanner.at === scanner.end) || fail(scanner, 'seconds, 0 or more'),
  token: (scanner) => (scanner.run(TOKEN) && scanner.done()) || fail(scanner, 'a token'),
  tokens: (scanner) => {
    if (scanner.done()) return true
    do {
      if (!scanner.run(TOKEN)) return fail(scanner, 'a token')
    } while (scanner.separator(COMMA))
    return scanner.done() || fail(scanner, 'a comma')
  },
  'media type': (scanner) => {
    if (!scanner.run(TOKEN) || !scanner.separator(SLASH) || !scanner.run(TOKEN))
      return fail(scanner, 'a media type such as application/sdp')
    return scanParameters(scanner) !== undefined && (scanner.done() || fail(scanner, 'a semicolon'))
  },
  date: (scanner) => DATE.test(scanner.text) || fail(scanner, 'a date such as Sat, 13 Nov 2010 23:29:00 GMT'),
  text: isText,
}

const DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

function fail(scanner: Scanner, expected: string): boolean {
  return scanner.fail(expected)
}

/** Passes digits whose number is at most `most`. */
function digits(scanner: Scanner, most: number): boolean {
  const from = scanner.at
  let number = 0
  while (scanner.at < scanner.end && isDigit(scanner.text.charCodeAt(scanner.at))) {
    number = number * 10 + scanner.text.charCodeAt(scanner.at) - 48
    scanner.at++
  }
  if (number <= most && scanner.at > from) return true
  scanner.at = from
  return false
}

/** What any header may hold (`extension-header`, §25.1): visible characters, space and tab. */
function isText(scanner: Scanner): boolean {
  for (; scanner.at < scanner.end; scanner.at++) {
    const code = scanner.text.charCodeAt(scanner.at)
    if ((code < 32 && code !== 9) || code === 127) return fail(scanner, 'text without control characters')
  }
  return true
}

/** True for a method: a token. */
export function isMethod(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isOf(TOKEN, text.charCodeAt(at))) return false
  return text !== ''
}
