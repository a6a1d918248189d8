// The answer to a request that cannot be read: 400 or 505, with what could be saved of it (RFC 3261 §21.4.1, RFC 4475 §3.1.2).

import { hex } from '../../../platform/hex.ts'
import type { Endpoint } from '../../../platform/host.ts'
import { md5 } from '../../../platform/md5.ts'
import type { Issue } from '../../../platform/result.ts'
import { latin1Decode, latin1Encode } from '../../../platform/text.ts'
import { parseVia, printVia, type Via } from '../message/via.ts'
import { stampedVia } from './via.ts'

/** What to send, and the Via that says where to. */
export interface Rejection {
  readonly bytes: Uint8Array
  readonly via: Via
}

const PROTOCOL = /^SIP\/\d+\.\d+/

/** The headers without which nobody could tell what is answered. */
const ECHOED = [
  ['From', 'f'],
  ['To', 't'],
  ['Call-ID', 'i'],
  ['CSeq', ''],
] as const

/**
 * Rejects the request in `bytes` from `source`, in which the codec found `issue`. Undefined where no response may or can be sent:
 * to a response, an ACK, what is no SIP, or a request that lacks one of the five headers or has a first Via that cannot be read.
 * Linear in the number of bytes.
 */
export function rejectionOf(bytes: Uint8Array, issue: Issue, source: Endpoint): Rejection | undefined {
  const text = latin1Decode(bytes).replace(/\r?\n/g, '\r\n')
  const end = text.indexOf('\r\n\r\n')
  const [startLine = '', ...lines] = unfolded(end < 0 ? text : text.slice(0, end))
  const version = versionOf(startLine)
  if (version === undefined) return undefined
  const [top = '', ...vias] = valuesOf(lines, 'Via', 'v').flatMap(firstAndRest)
  const via = parseVia(top.replace(PROTOCOL, 'SIP/2.0'))
  if (!via.ok) return undefined
  // Of another version, it is given back as one of that version (RFC 4475 §3.1.2.16).
  const [protocol = 'SIP/2.0'] = PROTOCOL.exec(top) ?? []
  const stamped = printVia({ ...stampedVia(via.value, source), protocol })
  const echoed: string[] = [`Via: ${stamped}`, ...vias.map((value) => `Via: ${value}`)]
  for (const [name, compact] of ECHOED) {
    const value = valuesOf(lines, name, compact)[0]
    if (value === undefined) return undefined
    echoed.push(`${name}: ${name === 'To' ? tagged(value, text) : value}`)
  }
  const status = version === '2.0' ? `400 Bad Request (${printable(issue.at)})` : '505 Version Not Supported'
  const answer = [`SIP/2.0 ${status}`, ...echoed, 'Content-Length: 0', '', ''].join('\r\n')
  return { via: via.value, bytes: latin1Encode(answer) }
}

/** To with a tag, as every response but a 100 has it (§8.2.6.2): the same for each copy of a request, since nothing is remembered of it (§8.2.7). */
function tagged(to: string, request: string): string {
  const parameters = to.replace(/"(?:[^"\\]|\\.)*"|<[^>]*>/g, '')
  return /;[ \t]*tag[ \t]*=/i.test(parameters) ? to : `${to};tag=${hex(md5(latin1Encode(request))).slice(0, 16)}`
}

/** The version after a request line's last space, such as `2.0`; undefined where the line is no request's, or an ACK's. */
function versionOf(startLine: string): string | undefined {
  const words = startLine.trimEnd().split(' ')
  const last = words.at(-1) ?? ''
  if (words.length < 3 || words[0] === '' || words[0] === 'ACK' || words[0]?.startsWith('SIP/')) return undefined
  return /^SIP\/\d+\.\d+$/.test(last) ? last.slice(4) : undefined
}

function unfolded(head: string): string[] {
  const lines: string[] = []
  for (const line of head.split('\r\n')) {
    if (lines.length > 1 && (line.startsWith(' ') || line.startsWith('\t'))) lines.push(`${lines.pop()} ${line.trim()}`)
    else lines.push(line)
  }
  return lines
}

function valuesOf(lines: readonly string[], name: string, compact: string): string[] {
  const values: string[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const written = line.slice(0, colon).trim().toLowerCase()
    if (written === name.toLowerCase() || (compact !== '' && written === compact))
      values.push(line.slice(colon + 1).trim())
  }
  return values
}

function firstAndRest(value: string): string[] {
  const comma = value.indexOf(',')
  return comma < 0 ? [value] : [value.slice(0, comma).trim(), value.slice(comma + 1).trim()]
}

function printable(text: string): string {
  return text.slice(0, 80).replace(/[^ -~]/g, '?')
}
