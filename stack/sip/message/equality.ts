// Whether two URIs are the same (RFC 3261 §19.1.4): what registrars, proxies and callers ask of bindings and targets. Not transitive.

import { literalAddress } from './host.ts'
import type { Parameters } from './parameters.ts'
import { printUri, type Uri } from './uri.ts'

/** True for equal sip or sips URIs by the RFC's rules; of any other scheme, for those written alike. */
export function uriEqual(one: Uri, other: Uri): boolean {
  if (one.scheme !== other.scheme) return false
  if (one.scheme !== 'sip' && one.scheme !== 'sips') return printUri(one) === printUri(other)
  return (
    plain(one.user) === plain(other.user) &&
    plain(one.password) === plain(other.password) &&
    sameHost(one.host, other.host) &&
    one.port === other.port &&
    sameParameters(one.parameters, other.parameters) &&
    sameHeaders(one.headers, other.headers)
  )
}

/** Names know no case; addresses are compared as numbers, since IPv6 ones have many spellings (RFC 5954 §4.2). */
function sameHost(one: string, other: string): boolean {
  if (one === other || one.toLowerCase() === other.toLowerCase()) return true
  return one.includes(':') && other.includes(':') && literalAddress(one) === literalAddress(other)
}

/** Those that must not stand in one URI alone; any other may, and is then ignored. */
const NEVER_ALONE: ReadonlySet<string> = new Set(['user', 'ttl', 'method', 'maddr', 'transport'])

function sameParameters(one: Parameters, other: Parameters): boolean {
  const covered = (mine: Parameters, theirs: Parameters): boolean => {
    for (const [name] of mine) {
      if (!theirs.has(name)) {
        if (NEVER_ALONE.has(name.toLowerCase())) return false
      } else if (plain(mine.get(name))?.toLowerCase() !== plain(theirs.get(name))?.toLowerCase()) return false
    }
    return true
  }
  return covered(one, other) && covered(other, one)
}

/** Header components count, their order does not. */
function sameHeaders(one: string, other: string): boolean {
  if (one === other) return true
  const parts = (headers: string): string => headers.split('&').map(header).sort().join('&')
  return parts(one) === parts(other)
}

function header(text: string): string {
  const equals = text.indexOf('=')
  return `${plain(text.slice(0, equals))?.toLowerCase()}=${plain(text.slice(equals + 1))}`
}

const RESERVED = ';/?:@&=+$,'

/** Text with the escapes undone that mean no more than their character. */
function plain(text: string | undefined): string | undefined {
  return text?.replace(/%([0-9a-fA-F]{2})/g, (written, digits: string) => {
    const code = Number.parseInt(digits, 16)
    const character = String.fromCharCode(code)
    return code < 33 || code > 126 || RESERVED.includes(character) ? written.toUpperCase() : character
  })
}
