// URIs (RFC 3261 §19.1): sip and sips in their parts, tel with its number and parameters (RFC 3966), any other as it stands.

import { type Result, success } from '../../../platform/result.ts'
import { CLASS, CODE, CLASSES as TABLE } from './characters.ts'
import { passHost, passPort, printHost, readHost } from './host.ts'
import { NO_PARAMETERS, type Parameters, readParameters } from './parameters.ts'
import { numberAt, run, runEscaped, type Scanner, scannerOver } from './scanner.ts'

const CLASSES = TABLE
const { USER, PASSWORD, PARAMETER, HEADER, ALPHANUM, ANY_URI, BARE_URI, DIALLED } = CLASS
const { FAIL, CR, AMPERSAND, COLON, SEMICOLON, EQUALS, QUESTION, AT } = CODE

/** A URI in its parts, each as it is written, escapes included. */
export interface Uri {
  /** In lower case: `sip`, `sips`, `tel`, or any other. */
  readonly scheme: string
  /** sip and sips: the user, escapes and all; tel: the number. */
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** sip and sips: a name or an address, IPv6 without its brackets; empty for any other scheme. */
  readonly host: string
  /** 0–65535. */
  readonly port?: number | undefined
  readonly parameters: Parameters
  /** What stands after `?`, as it is written; empty for none. */
  readonly headers: string
  /** Of a scheme other than sip, sips and tel: all that stands after the colon. */
  readonly opaque?: string | undefined
}

/** Reads one URI that is all of `text`. */
export function parseUri(text: string): Result<Uri> {
  const scanner = scannerOver(text)
  const end = passUri(scanner, 0, true)
  if (end === FAIL) return { ok: false, issue: scanner.issue('URI') }
  if (scanner.bytes[end] === CR) return success(readUri(scanner))
  scanner.refuse(end, 'the end of the URI')
  return { ok: false, issue: scanner.issue('URI') }
}

/** A URI as a message has it. */
export function printUri(uri: Uri): string {
  if (uri.opaque !== undefined) return `${uri.scheme}:${uri.opaque}`
  let text = `${uri.scheme}:`
  if (uri.scheme === 'tel') return `${text}${uri.user ?? ''}${uri.parameters}`
  if (uri.user !== undefined) text += uri.password === undefined ? `${uri.user}@` : `${uri.user}:${uri.password}@`
  text += printHost(uri.host)
  if (uri.port !== undefined) text += `:${uri.port}`
  text += uri.parameters
  return uri.headers === '' ? text : `${text}?${uri.headers}`
}

/** A URI's part with its escapes undone, as UTF-8; as it is where they make no sense. */
export function unescapeUri(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Passes a URI and marks its parts. One that is not `enclosed` in brackets ends before any `;`, `?` or `,`:
 * what follows is the header's (§20.10).
 */
export function passUri(scanner: Scanner, at: number, enclosed: boolean): number {
  const { bytes } = scanner
  scanner.uriFrom = at
  scanner.hostFrom = FAIL
  scanner.userTo = FAIL
  const sipColon = sipEnd(bytes, at)
  const colon = sipColon === FAIL ? schemeEnd(bytes, at) : sipColon
  if (bytes[colon] !== COLON || colon === at) return scanner.refuse(at, 'a URI with its scheme, such as sip:')
  scanner.schemeTo = colon
  let next = colon + 1
  if (sipColon !== FAIL) next = passSip(scanner, next)
  else if (isTel(bytes, at, colon)) {
    next = run(bytes, next, DIALLED)
    if (next === colon + 1) return scanner.refuse(next, 'a telephone number')
    scanner.userTo = next
  } else return passOpaque(scanner, next, enclosed)
  if (next === FAIL) return FAIL
  scanner.uriParametersFrom = next
  if (enclosed) next = passUriParameters(scanner, next)
  scanner.uriParametersTo = next
  if (enclosed && scanner.hostFrom !== FAIL && bytes[next] === QUESTION) next = passHeaders(scanner, next)
  scanner.uriTo = next
  return next
}

function schemeEnd(bytes: Uint8Array, at: number): number {
  while ((CLASSES[bytes[at]!]! & ALPHANUM) !== 0 || bytes[at] === 43 || bytes[at] === 45 || bytes[at] === 46) at++
  return at
}

/** Where the colon of `sip:` or `sips:` is; FAIL if it is another scheme. */
function sipEnd(bytes: Uint8Array, at: number): number {
  if ((bytes[at]! | 32) !== 115 || (bytes[at + 1]! | 32) !== 105 || (bytes[at + 2]! | 32) !== 112) return FAIL
  if (bytes[at + 3] === COLON) return at + 3
  return (bytes[at + 3]! | 32) === 115 && bytes[at + 4] === COLON ? at + 4 : FAIL
}

function passOpaque(scanner: Scanner, from: number, enclosed: boolean): number {
  const end = runEscaped(scanner.bytes, from, enclosed ? ANY_URI : BARE_URI)
  scanner.uriParametersFrom = end
  scanner.uriParametersTo = end
  scanner.uriTo = end
  return end > from ? end : scanner.refuse(from, 'a URI after its scheme')
}

function isTel(bytes: Uint8Array, at: number, colon: number): boolean {
  return colon - at === 3 && (bytes[at]! | 32) === 116 && (bytes[at + 1]! | 32) === 101 && (bytes[at + 2]! | 32) === 108
}

/** Passes `[userinfo] hostport`. */
function passSip(scanner: Scanner, from: number): number {
  const { bytes } = scanner
  const userTo = runEscaped(bytes, from, USER)
  const passwordTo = bytes[userTo] === COLON ? runEscaped(bytes, userTo + 1, PASSWORD) : userTo
  let at = from
  if (bytes[passwordTo] === AT && userTo > from) {
    scanner.userTo = userTo
    scanner.passwordFrom = passwordTo > userTo ? userTo + 1 : FAIL
    at = passwordTo + 1
  }
  scanner.hostFrom = at
  at = passHost(scanner, at)
  if (at === FAIL) return FAIL
  scanner.hostTo = at
  scanner.port = FAIL
  if (bytes[at] !== COLON) return at
  const end = passPort(scanner, at + 1)
  if (end !== FAIL) scanner.port = numberAt(bytes, at + 1, end)
  return end
}

function passUriParameters(scanner: Scanner, at: number): number {
  const { bytes } = scanner
  while (bytes[at] === SEMICOLON) {
    const name = at + 1
    at = runEscaped(bytes, name, PARAMETER)
    if (at === name) return scanner.refuse(at, "a URI parameter's name")
    if (bytes[at] !== EQUALS) continue
    const value = at + 1
    at = runEscaped(bytes, value, PARAMETER)
    if (at === value) return scanner.refuse(at, "a URI parameter's value")
  }
  return at
}

/** Passes `? header *( & header )`. */
function passHeaders(scanner: Scanner, at: number): number {
  const { bytes } = scanner
  do {
    const name = at + 1
    at = runEscaped(bytes, name, HEADER)
    if (at === name || bytes[at] !== EQUALS) return scanner.refuse(at, "a URI's header, name=value")
    at = runEscaped(bytes, at + 1, HEADER)
  } while (bytes[at] === AMPERSAND)
  return at
}

/** The URI that was recognised last, by its marks. */
export function readUri(scanner: Scanner): Uri {
  const { text, schemeTo, hostFrom, userTo, passwordFrom, uriParametersTo, uriTo } = scanner
  const scheme = lowerScheme(text.slice(scanner.uriFrom, schemeTo))
  const from = schemeTo + 1
  const parameters = readParameters(scanner, scanner.uriParametersFrom, uriParametersTo)
  if (hostFrom !== FAIL)
    return {
      scheme,
      user: userTo === FAIL ? undefined : text.slice(from, userTo),
      password: userTo === FAIL || passwordFrom === FAIL ? undefined : text.slice(passwordFrom, hostFrom - 1),
      host: readHost(text, hostFrom, scanner.hostTo),
      port: scanner.port === FAIL ? undefined : scanner.port,
      parameters,
      headers: uriTo > uriParametersTo ? text.slice(uriParametersTo + 1, uriTo) : '',
    }
  if (userTo !== FAIL) return { scheme, user: text.slice(from, userTo), host: '', parameters, headers: '' }
  return { scheme, host: '', parameters: NO_PARAMETERS, headers: '', opaque: text.slice(from, uriTo) }
}

function lowerScheme(scheme: string): string {
  return scheme === 'sip' || scheme === 'sips' ? scheme : scheme.toLowerCase()
}
