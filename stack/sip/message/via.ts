// Via (RFC 3261 §20.42): one hop of the way that a response goes back.

import { type Result, success } from '../../../platform/result.ts'
import { CLASS, CODE, CLASSES as TABLE } from './characters.ts'
import { passHost, passPort, printHost, readHost } from './host.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { blanks, passParameters, SCANNED, scanner, scanText, separator, WORDS } from './scanner.ts'

const CLASSES = TABLE
const BYTES = SCANNED
const { TOKEN } = CLASS
const { FAIL, CR, SP, SLASH, COLON, SEMICOLON } = CODE

/** One Via value. Its parameters of interest: `branch`, `received`, `rport` (RFC 3581; empty while it is asked for), `maddr`, `ttl`. */
export interface Via {
  /** `SIP/2.0`, without white space. */
  readonly protocol: string
  /** In upper case: `UDP`, `TCP`, `TLS`, `WS`, or any other token. */
  readonly transport: string
  /** IPv6 without its brackets. */
  readonly host: string
  /** 0–65535; undefined is the transport's default. */
  readonly port?: number | undefined
  readonly parameters: Parameters
}

/** Reads one Via that is all of `text`. */
export function parseVia(text: string): Result<Via> {
  scanText(text)
  const end = passVia(blanks(0))
  if (end === FAIL) return { ok: false, issue: scanner.issue('Via') }
  if (BYTES[blanks(end)] === CR) return success(readVia())
  scanner.refuse(end, 'the end of the Via')
  return { ok: false, issue: scanner.issue('Via') }
}

/** A Via as a message has it. */
export function printVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`
  return `${via.protocol}/${via.transport} ${printHost(via.host)}${port}${via.parameters}`
}

/** Passes one Via, and marks its parts. */
export function passVia(from: number): number {
  let at = from + 8
  if (!isSip(from) || WORDS.getInt32(from + 4, true) !== VERSION || BYTES[at]! <= SP) at = passProtocol(from)
  if (at === FAIL) return FAIL
  scanner.transportFrom = at
  while ((CLASSES[BYTES[at]!]! & TOKEN) !== 0) at++
  scanner.transportTo = at
  const host = BYTES[at] === SP && BYTES[at + 1]! > SP ? at + 1 : blanks(at)
  if (at === scanner.transportFrom || host === at) return scanner.refuse(at, 'a transport such as UDP, and a host')
  at = passHost(host)
  if (at === FAIL) return FAIL
  scanner.hostFrom = host
  scanner.hostTo = at
  scanner.port = FAIL
  if (BYTES[at] !== SEMICOLON) {
    const port = separator(at, COLON)
    if (port !== FAIL) {
      at = passPort(port)
      if (at === FAIL) return FAIL
    }
  }
  return passParameters(at)
}

/** Passes `SIP/2.0/`, with white space or without. */
function passProtocol(from: number): number {
  let at = passSip2(from)
  if (at === FAIL) {
    const version = isName(from) ? separator(from + 3, SLASH) : FAIL
    if (version === FAIL || BYTES[version] !== 50 || BYTES[version + 1] !== 46 || BYTES[version + 2] !== 48)
      return scanner.refuse(from, 'SIP/2.0 and a transport')
    at = version + 3
  }
  const next = separator(at, SLASH)
  return next === FAIL ? scanner.refuse(at, 'SIP/2.0 and a transport') : next
}

function isName(at: number): boolean {
  return (BYTES[at]! | 32) === 115 && (BYTES[at + 1]! | 32) === 105 && (BYTES[at + 2]! | 32) === 112
}

/** True where `SIP/` stands, in any case. */
function isSip(at: number): boolean {
  return (WORDS.getInt32(at, true) | 0x202020) === SIP_SLASH
}

/** `sip/`, and `2.0/`, as words whose first byte is the lowest. */
const SIP_SLASH = 0x2f706973
const VERSION = 0x2f302e32

/** Passes `SIP/2.0`; FAIL without a word where it is not. */
export function passSip2(at: number): number {
  if (!isSip(at)) return FAIL
  return BYTES[at + 4] === 50 && BYTES[at + 5] === 46 && BYTES[at + 6] === 48 ? at + 7 : FAIL
}

/** The Via that was recognised last, by its marks. */
export function readVia(): Via {
  const { text } = scanner
  return {
    protocol: 'SIP/2.0',
    transport: transportAt(scanner.transportFrom, scanner.transportTo),
    host: readHost(text, scanner.hostFrom, scanner.hostTo),
    port: scanner.port === FAIL ? undefined : scanner.port,
    parameters: readParameters(scanner.parametersFrom, scanner.parametersTo),
  }
}

/** The transport in upper case. Nearly all say UDP, which need not be cut out of the text. */
function transportAt(from: number, to: number): string {
  if (to === from + 3 && BYTES[from] === 85 && BYTES[from + 1] === 68 && BYTES[from + 2] === 80) return 'UDP'
  return scanner.text.slice(from, to).toUpperCase()
}
