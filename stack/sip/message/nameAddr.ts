// `name-addr` and `addr-spec` with the header's parameters (RFC 3261 §20.10, §25.1): what From, To, Contact and Route hold.

import { type Result, success } from '../../../platform/result.ts'
import { isOf, TOKEN } from './characters.ts'
import { type Parameters, scanParameters } from './parameters.ts'
import { quote, Scanner, unquote } from './scanner.ts'
import { printUri, scanUri, type Uri } from './uri.ts'

/** A URI with the name to show for it and the header's own parameters, such as `tag`. */
export interface NameAddr {
  /** Without quotes; undefined where there is none. */
  readonly display?: string | undefined
  readonly uri: Uri
  readonly parameters: Parameters
}

/** Reads one address that is all of `text`. */
export function parseNameAddr(text: string): Result<NameAddr> {
  const scanner = new Scanner().over(text)
  scanner.space()
  const address = scanNameAddr(scanner)
  if (address === undefined || !scanner.done()) return { ok: false, issue: scanner.issue('address') }
  return success(address)
}

/** An address as a message has it, always in brackets. */
export function printNameAddr({ display, uri, parameters }: NameAddr): string {
  const name = display === undefined || display === '' ? '' : `${quote(display)} `
  return `${name}<${printUri(uri)}>${parameters}`
}

const QUOTE = 34
const COLON = 58
const LESS = 60
const GREATER = 62

/** Reads one address at the scanner's place; undefined, and the scanner failed, if it is malformed. */
export function scanNameAddr(scanner: Scanner): NameAddr | undefined {
  const from = scanner.at
  let display: string | undefined
  if (scanner.peek() === QUOTE) {
    if (!scanner.quoted()) return undefined
    display = unquote(scanner.text.slice(from, scanner.at))
    scanner.space()
  } else if (scanner.peek() !== LESS) {
    scanner.run(TOKEN)
    if (scanner.peek() === COLON) {
      scanner.at = from
      return withParameters(scanner, undefined, scanUri(scanner, false))
    }
    display = scanTokens(scanner, from)
  }
  if (!scanner.eat(LESS)) {
    scanner.fail('a URI, or a name and a URI in <>')
    return undefined
  }
  const uri = scanUri(scanner, true)
  if (uri !== undefined && !scanner.eat(GREATER)) {
    scanner.fail('> after the URI')
    return undefined
  }
  return withParameters(scanner, display, uri)
}

/** A display name of tokens, white space between them. */
function scanTokens(scanner: Scanner, from: number): string | undefined {
  let end = scanner.at
  for (;;) {
    scanner.space()
    if (!isOf(TOKEN, scanner.peek() & 0xffff)) break
    scanner.run(TOKEN)
    end = scanner.at
  }
  return end > from ? scanner.text.slice(from, end) : undefined
}

function withParameters(scanner: Scanner, display: string | undefined, uri: Uri | undefined): NameAddr | undefined {
  if (uri === undefined) return undefined
  const parameters = scanParameters(scanner)
  return parameters === undefined ? undefined : { display, uri, parameters }
}

const COMMA = 44

/** Reads addresses parted by commas to the scanner's end, adding them to `into`; false, and the scanner failed, if one is malformed. */
export function scanNameAddrs(scanner: Scanner, into: NameAddr[]): boolean {
  scanner.space()
  do {
    const address = scanNameAddr(scanner)
    if (address === undefined) return false
    into.push(address)
  } while (scanner.separator(COMMA))
  return scanner.done() || scanner.fail('a comma or a semicolon')
}
