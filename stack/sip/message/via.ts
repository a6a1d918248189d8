// Via (RFC 3261 §20.42): one hop of the way that a response goes back.

import { type Result, success } from '../../../platform/result.ts'
import { type Parameters, scanParameters } from './parameters.ts'
import { Scanner } from './scanner.ts'
import { printHost, scanHost, scanPort } from './uri.ts'

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
  const scanner = new Scanner().over(text)
  scanner.space()
  const via = scanVia(scanner)
  if (via === undefined || !scanner.done()) return { ok: false, issue: scanner.issue('Via') }
  return success(via)
}

/** A Via as a message has it. */
export function printVia(via: Via): string {
  const port = via.port === undefined ? '' : `:${via.port}`
  return `${via.protocol}/${via.transport} ${printHost(via.host)}${port}${via.parameters}`
}

const SLASH = 47
const COLON = 58
const COMMA = 44

/** Reads one Via at the scanner's place; undefined, and the scanner failed, if it is malformed. */
export function scanVia(scanner: Scanner): Via | undefined {
  const name = scanner.token()
  const version = name !== undefined && scanner.separator(SLASH) ? scanner.token() : undefined
  const transport = version !== undefined && scanner.separator(SLASH) ? scanner.token() : undefined
  if (name === undefined || version === undefined || transport === undefined) {
    scanner.fail('a protocol such as SIP/2.0/UDP')
    return undefined
  }
  if (name.toUpperCase() !== 'SIP' || version !== '2.0') {
    scanner.fail('SIP/2.0 in Via')
    return undefined
  }
  scanner.space()
  const host = scanHost(scanner)
  if (host === undefined) return undefined
  const port = scanner.separator(COLON) ? scanPort(scanner) : undefined
  if (port === null) return undefined
  const parameters = scanParameters(scanner)
  if (parameters === undefined) return undefined
  return { protocol: 'SIP/2.0', transport: transport.toUpperCase(), host, port, parameters }
}

/** Reads Vias parted by commas to the scanner's end, adding them to `into`; false, and the scanner failed, if one is malformed. */
export function scanVias(scanner: Scanner, into: Via[]): boolean {
  scanner.space()
  do {
    const via = scanVia(scanner)
    if (via === undefined) return false
    into.push(via)
  } while (scanner.separator(COMMA))
  return scanner.done() || scanner.fail('a comma or a semicolon')
}
