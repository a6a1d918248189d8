// A challenge: what a 401 asks for in WWW-Authenticate and a 407 in Proxy-Authenticate (RFC 7616 §3.3).

import { type Algorithm, algorithmNamed, type Qop } from './algorithm.ts'
import { printDigest, readDigest } from './parameters.ts'

export interface Challenge {
  readonly realm: string
  readonly nonce: string
  /** MD5 where the challenge does not say. */
  readonly algorithm: Algorithm
  /** What may be protected; empty: RFC 2069's form. */
  readonly qop: readonly Qop[]
  readonly opaque?: string | undefined
  /** True: the credentials were right but for their old nonce. */
  readonly stale: boolean
}

/** Reads one header's value; undefined if it is malformed, of another scheme, or asks for what we do not know. */
export function parseChallenge(text: string): Challenge | undefined {
  const read = readDigest(text)
  const realm = read?.get('realm')
  const nonce = read?.get('nonce')
  const algorithm = algorithmNamed(read?.get('algorithm') ?? 'MD5')
  if (read === undefined || realm === undefined || nonce === undefined || algorithm === undefined) return undefined
  const offered = read.get('qop')
  const qop = (offered ?? '').split(',').map((name) => name.trim().toLowerCase())
  const known = qop.filter((name): name is Qop => name === 'auth' || name === 'auth-int')
  if (offered !== undefined && known.length === 0) return undefined
  const stale = read.get('stale')?.toLowerCase() === 'true'
  return { realm, nonce, algorithm, qop: known, opaque: read.get('opaque'), stale }
}

const QUOTED = new Set(['realm', 'nonce', 'qop', 'opaque'])

/** A challenge as a header has it. */
export function printChallenge({ realm, nonce, algorithm, qop, opaque, stale }: Challenge): string {
  return printDigest(
    [
      ['realm', realm],
      ['nonce', nonce],
      ['opaque', opaque],
      ['stale', stale ? 'true' : undefined],
      ['algorithm', algorithm],
      ['qop', qop.length === 0 ? undefined : qop.join(',')],
    ],
    QUOTED,
  )
}
