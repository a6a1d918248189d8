// URIs (RFC 3261 §19.1): sip and sips in their parts, tel with its number and parameters (RFC 3966), any other as it stands.

import { type Result, success } from '../../../platform/result.ts'
import { CLASS, CODE, CLASSES as TABLE } from './characters.ts'
import { passHost, passPort, printHost, readHost } from './host.ts'
import { NO_PARAMETERS, type Parameters, readParameters } from './parameters.ts'
import { run, runEscaped, SCANNED, scanner, scanText, WORDS } from './scanner.ts'

const CLASSES = TABLE
const BYTES = SCANNED
const { USER, PASSWORD, PARAMETER, HEADER, ALPHANUM, ANY_URI, BARE_URI, DIALLED } = CLASS
const { FAIL, CR, PERCENT, AMPERSAND, COLON, SEMICOLON, EQUALS, QUESTION, AT } = CODE

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
  scanText(text)
  const end = passUri(0, true)
  if (end === FAIL) return { ok: false, issue: scanner.issue('URI') }
  if (BYTES[end] === CR) return success(readUri())
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
export function passUri(at: number, enclosed: boolean): number {
  scanner.uriFrom = at
  scanner.hostFrom = FAIL
  scanner.userTo = FAIL
  const sipColon = (WORDS.getInt32(at, true) | 0x202020) === SIP_COLON ? at + 3 : sipsEnd(at)
  const colon = sipColon === FAIL ? schemeEnd(at) : sipColon
  if (BYTES[colon] !== COLON || colon === at) return scanner.refuse(at, 'a URI with its scheme, such as sip:')
  scanner.schemeTo = colon
  let next = colon + 1
  if (sipColon !== FAIL) next = passSip(next)
  else if (isTel(at, colon)) {
    next = run(next, DIALLED)
    if (next === colon + 1) return scanner.refuse(next, 'a telephone number')
    scanner.userTo = next
  } else return passOpaque(next, enclosed)
  if (next === FAIL) return FAIL
  scanner.uriParametersFrom = next
  if (enclosed && BYTES[next] === SEMICOLON) next = passUriParameters(next)
  scanner.uriParametersTo = next
  if (enclosed && scanner.hostFrom !== FAIL && BYTES[next] === QUESTION) next = passHeaders(next)
  scanner.uriTo = next
  return next
}

function schemeEnd(at: number): number {
  while ((CLASSES[BYTES[at]!]! & ALPHANUM) !== 0 || BYTES[at] === 43 || BYTES[at] === 45 || BYTES[at] === 46) at++
  return at
}

/** `sip:` and `sips`, as words whose first byte is the lowest. */
const SIP_COLON = 0x3a706973
const SIPS = 0x73706973

/** Where the colon of `sips:` is; FAIL if it is another scheme. */
function sipsEnd(at: number): number {
  return (WORDS.getInt32(at, true) | 0x20202020) === SIPS && BYTES[at + 4] === COLON ? at + 4 : FAIL
}

function passOpaque(from: number, enclosed: boolean): number {
  const end = runEscaped(from, enclosed ? ANY_URI : BARE_URI)
  scanner.uriParametersFrom = end
  scanner.uriParametersTo = end
  scanner.uriTo = end
  return end > from ? end : scanner.refuse(from, 'a URI after its scheme')
}

function isTel(at: number, colon: number): boolean {
  return colon - at === 3 && (BYTES[at]! | 32) === 116 && (BYTES[at + 1]! | 32) === 101 && (BYTES[at + 2]! | 32) === 108
}

/** Passes `[userinfo] hostport`. */
function passSip(from: number): number {
  let userTo = from
  while ((CLASSES[BYTES[userTo]!]! & USER) !== 0) userTo++
  if (BYTES[userTo] === PERCENT) userTo = runEscaped(userTo, USER)
  const passwordTo = BYTES[userTo] === COLON ? runEscaped(userTo + 1, PASSWORD) : userTo
  let at = from
  if (BYTES[passwordTo] === AT && userTo > from) {
    scanner.userTo = userTo
    scanner.passwordFrom = passwordTo > userTo ? userTo + 1 : FAIL
    at = passwordTo + 1
  }
  scanner.hostFrom = at
  at = passHost(at)
  if (at === FAIL) return FAIL
  scanner.hostTo = at
  scanner.port = FAIL
  return BYTES[at] === COLON ? passPort(at + 1) : at
}

function passUriParameters(at: number): number {
  while (BYTES[at] === SEMICOLON) {
    const name = at + 1
    at = runEscaped(name, PARAMETER)
    if (at === name) return scanner.refuse(at, "a URI parameter's name")
    if (BYTES[at] !== EQUALS) continue
    const value = at + 1
    at = runEscaped(value, PARAMETER)
    if (at === value) return scanner.refuse(at, "a URI parameter's value")
  }
  return at
}

/** Passes `? header *( & header )`. */
function passHeaders(at: number): number {
  do {
    const name = at + 1
    at = runEscaped(name, HEADER)
    if (at === name || BYTES[at] !== EQUALS) return scanner.refuse(at, "a URI's header, name=value")
    at = runEscaped(at + 1, HEADER)
  } while (BYTES[at] === AMPERSAND)
  return at
}

/** The URI that was recognised last, by its marks. */
export function readUri(): Uri {
  const { text, schemeTo, hostFrom, userTo, passwordFrom, uriParametersTo, uriTo } = scanner
  const scheme = schemeAt(scanner.uriFrom, schemeTo)
  const from = schemeTo + 1
  const parameters = readParameters(scanner.uriParametersFrom, uriParametersTo)
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

/** The scheme in lower case. Nearly all are sip, which need not be cut out of the text. */
function schemeAt(from: number, to: number): string {
  if (to === from + 3 && BYTES[from] === 115 && BYTES[from + 1] === 105 && BYTES[from + 2] === 112) return 'sip'
  return scanner.text.slice(from, to).toLowerCase()
}
