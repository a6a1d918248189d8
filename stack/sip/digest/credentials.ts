// Credentials: what Authorization and Proxy-Authorization hold (RFC 7616 §3.4).

import { type Algorithm, algorithmNamed, type Qop } from './algorithm.ts'
import { printDigest, readDigest } from './parameters.ts'

export interface Credentials {
  readonly user: string
  readonly realm: string
  readonly nonce: string
  readonly uri: string
  readonly response: string
  /** MD5 where the credentials do not say. */
  readonly algorithm: Algorithm
  readonly qop?: Qop | undefined
  /** 8 hex digits; empty without `qop`. */
  readonly nc: string
  readonly cnonce: string
  readonly opaque?: string | undefined
}

/** Reads one header's value; undefined if it is malformed, of another scheme, or of an unknown algorithm or qop. */
export function parseCredentials(text: string): Credentials | undefined {
  const read = readDigest(text)
  const [user, realm, nonce, uri, response] = ['username', 'realm', 'nonce', 'uri', 'response'].map((name) =>
    read?.get(name),
  )
  const algorithm = algorithmNamed(read?.get('algorithm') ?? 'MD5')
  const qop = read?.get('qop')?.toLowerCase()
  const nc = read?.get('nc') ?? ''
  if (user === undefined || realm === undefined || nonce === undefined) return undefined
  if (uri === undefined || response === undefined || algorithm === undefined) return undefined
  if (qop !== undefined && qop !== 'auth' && qop !== 'auth-int') return undefined
  if (qop !== undefined && !/^[\dA-Fa-f]{8}$/.test(nc)) return undefined
  const cnonce = read?.get('cnonce') ?? ''
  return {
    user,
    realm,
    nonce,
    uri,
    response: response.toLowerCase(),
    algorithm,
    qop,
    nc,
    cnonce,
    opaque: read?.get('opaque'),
  }
}

const QUOTED = new Set(['username', 'realm', 'nonce', 'uri', 'response', 'cnonce', 'opaque'])

/** Credentials as a header has them. */
export function printCredentials(credentials: Credentials): string {
  const { user, realm, nonce, uri, response, algorithm, qop, nc, cnonce, opaque } = credentials
  const counted = qop !== undefined || algorithm.endsWith('-sess')
  return printDigest(
    [
      ['username', user],
      ['realm', realm],
      ['nonce', nonce],
      ['uri', uri],
      ['response', response],
      ['algorithm', algorithm],
      ['cnonce', counted ? cnonce : undefined],
      ['opaque', opaque],
      ['qop', qop],
      ['nc', qop === undefined ? undefined : nc],
    ],
    QUOTED,
  )
}
