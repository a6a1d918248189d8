// Via (RFC 3261 §20.42): one hop of the way that a response goes back.

import { type Result, success } from '../../../platform/result.ts'
import { CLASS, CODE } from './characters.ts'
import { passHost, passPort, printHost, readHost } from './host.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { blanks, numberAt, passParameters, run, type Scanner, scannerOver, separator } from './scanner.ts'

const { TOKEN } = CLASS
const { FAIL, CR, SLASH, COLON } = CODE

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
  const scanner = scannerOver(text)
  const end = passVia(scanner, blanks(scanner.bytes, 0))
  if (end === FAIL) return { ok: false, issue: scanner.issue('Via') }
  if (scanner.bytes[blanks(scanner.bytes, end)] === CR) return success(readVia(scanner))
  scanner.refuse(end, 'the end of the Via')
  return { ok: false, issue: scanner.issue('Via') }
}

/** A Via as a message has it. */
export function printVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`
  return `${via.protocol}/${via.transport} ${printHost(via.host)}${port}${via.parameters}`
}

/** Passes one Via, and marks its parts. */
export function passVia(scanner: Scanner, from: number): number {
  const { bytes } = scanner
  let at = passProtocol(scanner, from)
  if (at === FAIL) return FAIL
  scanner.transportFrom = at
  at = run(bytes, at, TOKEN)
  scanner.transportTo = at
  const host = blanks(bytes, at)
  if (at === scanner.transportFrom || host === at) return scanner.refuse(at, 'a transport such as UDP, and a host')
  at = passHost(scanner, host)
  if (at === FAIL) return FAIL
  scanner.hostFrom = host
  scanner.hostTo = at
  scanner.port = FAIL
  const port = separator(bytes, at, COLON)
  if (port !== FAIL) {
    at = passPort(scanner, port)
    if (at === FAIL) return FAIL
    scanner.port = numberAt(bytes, port, at)
  }
  return passParameters(scanner, at)
}

/** Passes `SIP/2.0/`, with white space or without. */
function passProtocol(scanner: Scanner, from: number): number {
  const { bytes } = scanner
  let at = passSip2(bytes, from)
  if (at === FAIL) {
    const version = isName(bytes, from) ? separator(bytes, from + 3, SLASH) : FAIL
    if (version === FAIL || bytes[version] !== 50 || bytes[version + 1] !== 46 || bytes[version + 2] !== 48)
      return scanner.refuse(from, 'SIP/2.0 and a transport')
    at = version + 3
  }
  const next = separator(bytes, at, SLASH)
  return next === FAIL ? scanner.refuse(at, 'SIP/2.0 and a transport') : next
}

function isName(bytes: Uint8Array, at: number): boolean {
  return (bytes[at]! | 32) === 115 && (bytes[at + 1]! | 32) === 105 && (bytes[at + 2]! | 32) === 112
}

/** Passes `SIP/2.0`; FAIL without a word where it is not. */
export function passSip2(bytes: Uint8Array, at: number): number {
  if (!isName(bytes, at) || bytes[at + 3] !== SLASH) return FAIL
  return bytes[at + 4] === 50 && bytes[at + 5] === 46 && bytes[at + 6] === 48 ? at + 7 : FAIL
}

/** The Via that was recognised last, by its marks. */
export function readVia(scanner: Scanner): Via {
  const { text } = scanner
  return {
    protocol: 'SIP/2.0',
    transport: upperTransport(text.slice(scanner.transportFrom, scanner.transportTo)),
    host: readHost(text, scanner.hostFrom, scanner.hostTo),
    port: scanner.port === FAIL ? undefined : scanner.port,
    parameters: readParameters(scanner, scanner.parametersFrom, scanner.parametersTo),
  }
}

function upperTransport(transport: string): string {
  return transport === 'UDP' || transport === 'TCP' || transport === 'TLS' ? transport : transport.toUpperCase()
}
