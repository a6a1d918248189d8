// URIs (RFC 3261 §19.1): sip and sips in their parts, tel with its number and parameters (RFC 3966), any other as it stands.

import { type Result, success } from '../../../platform/result.ts'
import { ANY_URI, BARE_URI, HEADER, HOST, isDigit, isHex, PARAMETER, PASSWORD, USER } from './characters.ts'
import { NO_PARAMETERS, type Parameter, Parameters } from './parameters.ts'
import { Scanner } from './scanner.ts'

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
  const scanner = new Scanner().over(text)
  const uri = scanUri(scanner, true)
  if (uri === undefined || scanner.at < scanner.end) return { ok: false, issue: scanner.issue('URI') }
  return success(uri)
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

/** A host as it stands in URIs and Vias: an IPv6 address in brackets. */
export function printHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
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

const COLON = 58
const SEMICOLON = 59
const EQUALS = 61
const QUESTION = 63
const AT = 64
const OPEN = 91
const CLOSE = 93
const AMPERSAND = 38

/**
 * Reads a URI at the scanner's place. One that is not `enclosed` in brackets ends before any `;`, `?` or `,`:
 * what follows is the header's (§20.10).
 */
export function scanUri(scanner: Scanner, enclosed: boolean): Uri | undefined {
  const scheme = scanScheme(scanner)
  if (scheme === undefined) return undefined
  if (scheme === 'sip' || scheme === 'sips') return scanSip(scanner, scheme, enclosed)
  if (scheme === 'tel') return scanTel(scanner, enclosed)
  const from = scanner.at
  scanner.runEscaped(enclosed ? ANY_URI : BARE_URI)
  if (scanner.at === from) {
    scanner.fail('a URI after its scheme')
    return undefined
  }
  return { scheme, host: '', parameters: NO_PARAMETERS, headers: '', opaque: scanner.text.slice(from, scanner.at) }
}

function scanScheme(scanner: Scanner): string | undefined {
  const from = scanner.at
  let at = from
  while (at < scanner.end && isSchemeCharacter(scanner.text.charCodeAt(at), at === from)) at++
  if (at === from || at >= scanner.end || scanner.text.charCodeAt(at) !== COLON) {
    scanner.fail('a URI with its scheme, such as sip:')
    return undefined
  }
  scanner.at = at + 1
  return scanner.text.slice(from, at).toLowerCase()
}

function isSchemeCharacter(code: number, first: boolean): boolean {
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) return true
  return !first && (isDigit(code) || code === 43 || code === 45 || code === 46)
}

function scanSip(scanner: Scanner, scheme: string, enclosed: boolean): Uri | undefined {
  let user: string | undefined
  let password: string | undefined
  const from = scanner.at
  scanner.runEscaped(USER)
  const userEnd = scanner.at
  let passwordFrom = -1
  if (scanner.peek() === COLON) {
    scanner.at++
    passwordFrom = scanner.at
    scanner.runEscaped(PASSWORD)
  }
  if (scanner.peek() === AT && userEnd > from) {
    user = scanner.text.slice(from, userEnd)
    if (passwordFrom >= 0) password = scanner.text.slice(passwordFrom, scanner.at)
    scanner.at++
  } else scanner.at = from
  const host = scanHost(scanner)
  if (host === undefined) return undefined
  const port = scanner.eat(COLON) ? scanPort(scanner) : undefined
  if (port === null) return undefined
  if (!enclosed) return { scheme, user, password, host, port, parameters: NO_PARAMETERS, headers: '' }
  const parameters = scanUriParameters(scanner)
  if (parameters === undefined) return undefined
  const headers = scanHeaders(scanner)
  if (headers === undefined) return undefined
  return { scheme, user, password, host, port, parameters, headers }
}

/** Reads `host` (§25.1): a name, an IPv4 address, or an IPv6 address in brackets, given without them. */
export function scanHost(scanner: Scanner): string | undefined {
  const from = scanner.at
  if (scanner.eat(OPEN)) {
    while (scanner.at < scanner.end && isIpv6Character(scanner.text.charCodeAt(scanner.at))) scanner.at++
    const address = scanner.text.slice(from + 1, scanner.at)
    if (isIpv6(address) && scanner.eat(CLOSE)) return address
    scanner.at = from
    scanner.fail('an IPv6 address in brackets')
    return undefined
  }
  scanner.run(HOST)
  const host = scanner.text.slice(from, scanner.at)
  if (isHostName(host)) return host
  scanner.at = from
  scanner.fail('a host')
  return undefined
}

function isIpv6Character(code: number): boolean {
  return isHex(code) || code === COLON || code === 46
}

/** `hostname` and `IPv4address`: labels of letters, digits and inner hyphens; only an address ends in a label that begins with a digit. */
function isHostName(host: string): boolean {
  if (host === '') return false
  const labels = host.split('.')
  if (labels.length > 1 && labels[labels.length - 1] === '') labels.pop()
  for (const label of labels) if (label === '' || label.startsWith('-') || label.endsWith('-')) return false
  if (!isDigit(labels[labels.length - 1]!.charCodeAt(0))) return true
  return labels.length === 4 && !host.endsWith('.') && labels.every(isOctet)
}

function isOctet(label: string): boolean {
  if (label.length > 3) return false
  for (let at = 0; at < label.length; at++) if (!isDigit(label.charCodeAt(at))) return false
  return Number(label) <= 255
}

/** An IPv6 address in text (RFC 5954 §3): eight groups, `::` once for some of them, the last two as IPv4 perhaps. */
export function isIpv6(text: string): boolean {
  const gap = text.indexOf('::')
  if (gap !== text.lastIndexOf('::') || text.includes(':::')) return false
  const halves = gap < 0 ? [text] : [text.slice(0, gap), text.slice(gap + 2)]
  let groups = 0
  for (const [place, half] of halves.entries()) {
    if (half === '') continue
    const parts = half.split(':')
    for (const [index, part] of parts.entries()) {
      if (part.includes('.')) {
        if (place !== halves.length - 1 || index !== parts.length - 1) return false
        const octets = part.split('.')
        if (octets.length !== 4 || !octets.every((octet) => octet !== '' && isOctet(octet))) return false
        groups += 2
      } else {
        if (part === '' || part.length > 4) return false
        for (let at = 0; at < part.length; at++) if (!isHex(part.charCodeAt(at))) return false
        groups++
      }
    }
  }
  return gap < 0 ? groups === 8 : groups <= 7
}

/** Reads a port; null, and the scanner failed, where it is none or over 65535. */
export function scanPort(scanner: Scanner): number | null {
  const from = scanner.at
  let port = 0
  while (scanner.at < scanner.end && isDigit(scanner.text.charCodeAt(scanner.at)) && port <= 65535) {
    port = port * 10 + scanner.text.charCodeAt(scanner.at) - 48
    scanner.at++
  }
  if (scanner.at > from && port <= 65535) return port
  scanner.at = from
  scanner.fail('a port, 0–65535')
  return null
}

function scanUriParameters(scanner: Scanner): Parameters | undefined {
  if (scanner.peek() !== SEMICOLON) return NO_PARAMETERS
  const list: Parameter[] = []
  while (scanner.eat(SEMICOLON)) {
    const from = scanner.at
    if (!scanner.runEscaped(PARAMETER)) {
      scanner.fail("a URI parameter's name")
      return undefined
    }
    const name = scanner.text.slice(from, scanner.at)
    let value: string | undefined
    if (scanner.eat(EQUALS)) {
      const valueFrom = scanner.at
      if (!scanner.runEscaped(PARAMETER)) {
        scanner.fail("a URI parameter's value")
        return undefined
      }
      value = scanner.text.slice(valueFrom, scanner.at)
    }
    list.push([name, value])
  }
  return new Parameters(list)
}

function scanHeaders(scanner: Scanner): string | undefined {
  if (!scanner.eat(QUESTION)) return ''
  const from = scanner.at
  do {
    if (!scanner.runEscaped(HEADER) || !scanner.eat(EQUALS)) {
      scanner.fail("a URI's header, name=value")
      return undefined
    }
    scanner.runEscaped(HEADER)
  } while (scanner.eat(AMPERSAND))
  return scanner.text.slice(from, scanner.at)
}

function scanTel(scanner: Scanner, enclosed: boolean): Uri | undefined {
  const from = scanner.at
  while (scanner.at < scanner.end && isDialled(scanner.text.charCodeAt(scanner.at))) scanner.at++
  if (scanner.at === from) {
    scanner.fail('a telephone number')
    return undefined
  }
  const user = scanner.text.slice(from, scanner.at)
  const parameters = enclosed ? scanUriParameters(scanner) : NO_PARAMETERS
  return parameters === undefined ? undefined : { scheme: 'tel', user, host: '', parameters, headers: '' }
}

/** RFC 3966 §3: digits, `+`, the visual separators, `*`, `#`, and `A`–`F`. */
function isDialled(code: number): boolean {
  return isHex(code) || (code >= 40 && code <= 46 && code !== 44) || code === 35
}
