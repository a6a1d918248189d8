// Long-term credentials (RFC 8489 §9.2): what a challenge says, and what a client answers to it.

import type { Attribute, PasswordAlgorithm } from './attributes.ts'
import { type Credentials, type Integrity, longTermKey, PASSWORD_ALGORITHMS, userHash } from './integrity.ts'
import { attributeOf, type StunMessage } from './message.ts'

/** §9.2: with what a nonce begins that says what its server can do. */
const COOKIE = 'obMatJos2'
/** §18.1: the first two bits of the first of four letters in base 64. */
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PASSWORD_BIT = 32
const ANONYMITY_BIT = 16

/** What a nonce says of its server, where it says anything. */
export interface Features {
  readonly passwordAlgorithms: boolean
  readonly usernameAnonymity: boolean
}

/** The beginning of a nonce of a server with these features. */
export function nonceCookie({ passwordAlgorithms, usernameAnonymity }: Features): string {
  const bits = (passwordAlgorithms ? PASSWORD_BIT : 0) + (usernameAnonymity ? ANONYMITY_BIT : 0)
  return `${COOKIE}${BASE64[bits]}AAA`
}

/** What this nonce says; neither, where it has no cookie. */
export function featuresOf(nonce: string): Features {
  const bits = nonce.startsWith(COOKIE) ? BASE64.indexOf(nonce[COOKIE.length] ?? 'A') : 0
  return { passwordAlgorithms: (bits & PASSWORD_BIT) !== 0, usernameAnonymity: (bits & ANONYMITY_BIT) !== 0 }
}

/** A 401 or 438 that can be answered. */
export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly algorithms: readonly PasswordAlgorithm[] | undefined
}

/** The challenge in an error response; undefined for any other, and for one that somebody on the way has weakened (§9.2.5). */
export function challengeOf(response: StunMessage): Challenge | undefined {
  const code = attributeOf(response, 'ERROR-CODE')?.code
  const realm = attributeOf(response, 'REALM')
  const nonce = attributeOf(response, 'NONCE')
  const algorithms = attributeOf(response, 'PASSWORD-ALGORITHMS')
  if ((code !== 401 && code !== 438) || realm === undefined || nonce === undefined) return undefined
  if (featuresOf(nonce).passwordAlgorithms !== (algorithms !== undefined)) return undefined
  return { realm, nonce, algorithms }
}

/** What a request adds. */
export interface Proof {
  readonly attributes: readonly Attribute[]
  readonly integrity: Integrity
}

/** What is added to a request to answer a challenge (§9.2.3.2); undefined where no algorithm is ours. */
export function proofOf({ realm, nonce, algorithms }: Challenge, credentials: Credentials): Proof | undefined {
  const known: readonly number[] = Object.values(PASSWORD_ALGORITHMS)
  const chosen = algorithms?.find(({ number }) => known.includes(number))
  if (algorithms !== undefined && chosen === undefined) return undefined
  const key = longTermKey(credentials, realm, chosen?.number ?? PASSWORD_ALGORITHMS.MD5)
  if (key === undefined) return undefined
  const who: Attribute = featuresOf(nonce).usernameAnonymity
    ? { name: 'USERHASH', value: userHash(credentials.username, realm) }
    : { name: 'USERNAME', value: credentials.username }
  const how: readonly Attribute[] =
    algorithms === undefined || chosen === undefined
      ? []
      : [
          { name: 'PASSWORD-ALGORITHMS', value: algorithms },
          { name: 'PASSWORD-ALGORITHM', value: chosen },
        ]
  return {
    attributes: [who, { name: 'REALM', value: realm }, { name: 'NONCE', value: nonce }, ...how],
    integrity: { name: chosen === undefined ? 'MESSAGE-INTEGRITY' : 'MESSAGE-INTEGRITY-SHA256', key },
  }
}
