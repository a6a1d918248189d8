// What digest authentication hashes with, and what it hashes: RFC 7616 §3.4, RFC 8760 §2.

import { hex } from '../../../platform/hex.ts'
import { md5 } from '../../../platform/md5.ts'
import { sha256 } from '../../../platform/sha256.ts'
import { sha512_256 } from '../../../platform/sha512_256.ts'
import { utf8Encode } from '../../../platform/text.ts'

/** As it is written in messages. A `-sess` one hashes the nonces into the secret (RFC 7616 §3.4.2). */
export type Algorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess' | 'SHA-512-256' | 'SHA-512-256-sess'

/** Whether the body is protected, too. */
export type Qop = 'auth' | 'auth-int'

// biome-ignore format: a table
const HASHES: Readonly<Record<Algorithm, (bytes: Uint8Array) => Uint8Array>> = {
  'MD5':              md5,
  'MD5-sess':         md5,
  'SHA-256':          sha256,
  'SHA-256-sess':     sha256,
  'SHA-512-256':      sha512_256,
  'SHA-512-256-sess': sha512_256,
}

/** The algorithm of this name in any case; undefined if we do not know it. */
export function algorithmNamed(name: string): Algorithm | undefined {
  const found = Object.keys(HASHES).find((known) => known.toLowerCase() === name.toLowerCase())
  return found as Algorithm | undefined
}

/** All that goes into a response. */
export interface DigestInput {
  readonly algorithm: Algorithm
  readonly user: string
  readonly realm: string
  readonly password: string
  readonly nonce: string
  /** Absent: RFC 2069's form, without `nc` and `cnonce`. */
  readonly qop?: Qop | undefined
  /** 8 hex digits. */
  readonly nc: string
  readonly cnonce: string
  readonly method: string
  /** As in the credentials' `uri`. */
  readonly uri: string
  readonly body: Uint8Array
}

/** The `response` of credentials, in lower-case hex (RFC 7616 §3.4.1). */
export function digestResponse(input: DigestInput): string {
  const { algorithm, user, realm, password, nonce, qop, nc, cnonce, method, uri, body } = input
  const hashed = (bytes: Uint8Array): string => hex(HASHES[algorithm](bytes))
  const hash = (...parts: readonly string[]): string => hashed(utf8Encode(parts.join(':')))
  const secret = hash(user, realm, password)
  const a1 = algorithm.endsWith('-sess') ? hash(secret, nonce, cnonce) : secret
  const a2 = qop === 'auth-int' ? hash(method, uri, hashed(body)) : hash(method, uri)
  return qop === undefined ? hash(a1, nonce, a2) : hash(a1, nonce, nc, cnonce, qop, a2)
}
