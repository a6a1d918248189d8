// The parts of a header's value, and what each of them means.

import { splitList } from '../../stack/sip/message/head.ts'
import { printHost } from '../../stack/sip/message/host.ts'
import { type NameAddr, parseNameAddr } from '../../stack/sip/message/nameAddr.ts'
import type { Parameters } from '../../stack/sip/message/parameters.ts'
import type { Uri } from '../../stack/sip/message/uri.ts'
import { parseVia } from '../../stack/sip/message/via.ts'
import { PARAMETER_PURPOSES } from './parameterPurposes.ts'

/** A piece of a line, and what it means. */
export interface Part {
  readonly text: string
  readonly meaning: string
  /** Empty where the line's own section covers it. */
  readonly section: string
}

/** The parts of a header's value, in order; none where it is not read in parts, or is malformed. */
export function partsOf(header: string, value: string): readonly Part[] {
  if (header === 'Via') return splitList(value).flatMap(viaParts)
  if (header === 'CSeq') return cseqParts(value)
  if (ADDRESSES.has(header)) return splitList(value).flatMap(addressParts)
  if (DIGESTS.has(header)) return digestParts(value)
  return header === 'Content-Type' || header === 'Session-Expires' || header === 'Reason' ? semicolonParts(value) : []
}

const ADDRESSES: ReadonlySet<string> = new Set([
  ...['From', 'To', 'Contact', 'Route', 'Record-Route', 'Path', 'Service-Route'],
  ...['Refer-To', 'Referred-By', 'Reply-To', 'P-Asserted-Identity', 'P-Preferred-Identity'],
])

const DIGESTS: ReadonlySet<string> = new Set([
  ...['Authorization', 'Proxy-Authorization', 'WWW-Authenticate', 'Proxy-Authenticate'],
])

function part(text: string, meaning: string, section = ''): Part {
  return { text, meaning, section }
}

function viaParts(value: string): Part[] {
  const parsed = parseVia(value)
  if (!parsed.ok) return []
  const { host, parameters, port, transport } = parsed.value
  const sentBy = port === undefined ? printHost(host) : `${printHost(host)}:${port}`
  return [
    part(transport, 'the transport over which this hop sent it', 'RFC 3261 §18'),
    part(sentBy, 'who sent it, and where the response is expected', 'RFC 3261 §18.1.1'),
    ...parameterParts(parameters),
  ]
}

function addressParts(value: string): Part[] {
  if (value === '*') return [part('*', 'all registered contacts, to be removed', 'RFC 3261 §10.2.2')]
  const parsed = parseNameAddr(value)
  return parsed.ok ? addressPartsOf(parsed.value) : []
}

function addressPartsOf({ display, parameters, uri }: NameAddr): Part[] {
  const name = display === undefined ? [] : [part(JSON.stringify(display), 'the name to show')]
  return [...name, ...uriParts(uri), ...parameterParts(parameters)]
}

/** The parts of a URI. */
export function uriParts(uri: Uri): Part[] {
  const { host, opaque, password, port, scheme, user } = uri
  if (opaque !== undefined) return [part(`${scheme}:${opaque}`, 'a URI of another kind')]
  if (scheme === 'tel') return [part(`tel:${user ?? ''}`, 'a telephone number', 'RFC 3966')]
  const kind = scheme === 'sips' ? 'to be reached over TLS on every hop' : 'reached over any transport'
  const parts = [part(`${scheme}:`, `a SIP address, ${kind}`, 'RFC 3261 §19.1')]
  if (user !== undefined) parts.push(part(user, 'the user at that host'))
  if (password !== undefined) parts.push(part(`:${password}`, 'a password in clear text: not recommended'))
  parts.push(part(printHost(host), 'the domain, or the machine itself'))
  if (port !== undefined) parts.push(part(`:${port}`, 'the port; without one it is looked up, or 5060'))
  parts.push(...parameterParts(uri.parameters))
  if (uri.headers !== '') parts.push(part(`?${uri.headers}`, 'headers for a request that is made from this URI'))
  return parts
}

function parameterParts(parameters: Parameters): Part[] {
  return [...parameters].map(([name, value]) => {
    const [meaning, section] = PARAMETER_PURPOSES[name.toLowerCase()] ?? ['a parameter that siptwin does not know', '']
    return part(value === undefined ? `;${name}` : `;${name}=${value}`, meaning, section)
  })
}

function cseqParts(value: string): Part[] {
  const [, number, method] = /^(\d+)[ \t]+(\S+)$/.exec(value) ?? []
  if (number === undefined || method === undefined) return []
  return [
    part(number, 'counts this side’s requests in the dialog, one by one', 'RFC 3261 §12.2.1.1'),
    part(method, 'the method of the request'),
  ]
}

/** `Scheme name=value, name="value"`. */
function digestParts(value: string): Part[] {
  const space = value.indexOf(' ')
  if (space < 0) return []
  const scheme = part(value.slice(0, space), 'the way of authenticating', 'RFC 7616')
  const values = splitList(value.slice(space + 1)).map((text) => {
    const name = text.slice(0, Math.max(0, text.indexOf('='))).trim()
    const [meaning, section] = PARAMETER_PURPOSES[name.toLowerCase()] ?? ['a parameter that siptwin does not know', '']
    return part(text, meaning, section)
  })
  return [scheme, ...values]
}

function semicolonParts(value: string): Part[] {
  return value
    .split(';')
    .slice(1)
    .flatMap((text) => {
      const known = PARAMETER_PURPOSES[text.split('=')[0]!.trim().toLowerCase()]
      return known === undefined ? [] : [part(`;${text.trim()}`, known[0], known[1])]
    })
}
