// Who may ask a STUN server: long-term credentials, judged in the order of RFC 8489 §9.2.4. Nonces are not remembered: they prove themselves.

import { hex } from '../../platform/hex.ts'
import { hmacSha256 } from '../../platform/hmac.ts'
import { utf8Encode } from '../../platform/text.ts'
import type { Attribute, PasswordAlgorithm, TransportAddress } from './attributes.ts'
import { featuresOf, nonceCookie } from './challenge.ts'
import { type Integrity, isAuthentic, longTermKey, PASSWORD_ALGORITHMS, userHash } from './integrity.ts'
import { attributeOf, type StunMessage } from './message.ts'

export interface GatekeeperOptions {
  readonly realm: string
  /** By user name. */
  readonly passwords: ReadonlyMap<string, string>
  /** What nonces are made of; nobody else may know it. */
  readonly secret: Uint8Array
  /** How long a nonce is good, ms; default 600,000. */
  readonly nonceMs?: number
}

/** How a request was judged: its answer is signed, or is an error that says this besides. */
export type Judgement =
  | { readonly ok: true; readonly integrity: Integrity }
  | { readonly ok: false; readonly code: 400 | 401 | 438; readonly attributes: readonly Attribute[] }

const NO_PARAMETERS = new Uint8Array(0)
const OFFERED: readonly PasswordAlgorithm[] = [
  { number: PASSWORD_ALGORITHMS['SHA-256'], parameters: NO_PARAMETERS },
  { number: PASSWORD_ALGORITHMS.MD5, parameters: NO_PARAMETERS },
]
const COOKIE = nonceCookie({ passwordAlgorithms: true, usernameAnonymity: true })

/** Asks for a name and a password, and knows them. */
export class StunGatekeeper {
  readonly #options: GatekeeperOptions

  constructor(options: GatekeeperOptions) {
    this.#options = options
  }

  /** Judges the request that `bytes` are and `request` says, as it came from `source` at `nowMs`. */
  judge(bytes: Uint8Array, request: StunMessage, source: TransportAddress, nowMs: number): Judgement {
    const challenge = (code: 401 | 438): Judgement => ({ ok: false, code, attributes: this.#challenge(source, nowMs) })
    const sha256 = attributeOf(request, 'MESSAGE-INTEGRITY-SHA256') !== undefined
    if (!sha256 && attributeOf(request, 'MESSAGE-INTEGRITY') === undefined) return challenge(401)
    const nonce = attributeOf(request, 'NONCE')
    const realm = attributeOf(request, 'REALM')
    const named = attributeOf(request, 'USERNAME') !== undefined || attributeOf(request, 'USERHASH') !== undefined
    if (!named || realm === undefined || nonce === undefined) return BAD_REQUEST
    const algorithm = algorithmIn(request, nonce)
    if (algorithm === undefined) return BAD_REQUEST
    const credentials = this.#credentialsOf(request)
    if (credentials === undefined) return challenge(401)
    const key = longTermKey(credentials, this.#options.realm, algorithm.number)
    if (key === undefined) return BAD_REQUEST
    const integrity: Integrity = { name: sha256 ? 'MESSAGE-INTEGRITY-SHA256' : 'MESSAGE-INTEGRITY', key }
    if (!isAuthentic(bytes, integrity)) return challenge(401)
    if (!this.#isFresh(nonce, source, nowMs)) return challenge(438)
    return { ok: true, integrity: { name: algorithm.chosen ? 'MESSAGE-INTEGRITY-SHA256' : 'MESSAGE-INTEGRITY', key } }
  }

  #challenge(source: TransportAddress, nowMs: number): readonly Attribute[] {
    return [
      { name: 'REALM', value: this.#options.realm },
      { name: 'NONCE', value: this.#nonce(source, nowMs) },
      { name: 'PASSWORD-ALGORITHMS', value: OFFERED },
    ]
  }

  /** Its time, and a proof that we gave it to this source then. */
  #nonce({ address, port }: TransportAddress, atMs: number): string {
    const time = Math.floor(atMs).toString(16)
    const proof = hmacSha256(this.#options.secret, utf8Encode(`${time} ${address} ${port}`))
    return `${COOKIE}${time}-${hex(proof.subarray(0, 12))}`
  }

  #isFresh(nonce: string, source: TransportAddress, nowMs: number): boolean {
    const [time = ''] = nonce.slice(COOKIE.length).split('-')
    const atMs = Number.parseInt(time, 16)
    const { nonceMs = 600_000 } = this.#options
    return nonce === this.#nonce(source, atMs) && atMs <= nowMs && nowMs - atMs < nonceMs
  }

  #credentialsOf(request: StunMessage): { readonly username: string; readonly password: string } | undefined {
    const { passwords, realm } = this.#options
    const name = attributeOf(request, 'USERNAME')
    const hash = attributeOf(request, 'USERHASH')
    const wanted = hash && hex(hash)
    const username = name ?? [...passwords.keys()].find((one) => hex(userHash(one, realm)) === wanted)
    const password = username === undefined ? undefined : passwords.get(username)
    return username === undefined || password === undefined ? undefined : { username, password }
  }
}

const BAD_REQUEST: Judgement = { ok: false, code: 400, attributes: [] }

/** How the key is to be made, and whether the request says so; undefined where what it says was not offered (§9.2.4). */
function algorithmIn(
  request: StunMessage,
  nonce: string,
): { readonly number: number; readonly chosen: boolean } | undefined {
  const offered = attributeOf(request, 'PASSWORD-ALGORITHMS')
  const chosen = attributeOf(request, 'PASSWORD-ALGORITHM')
  const neither = offered === undefined && chosen === undefined
  if (neither || !featuresOf(nonce).passwordAlgorithms) return { number: PASSWORD_ALGORITHMS.MD5, chosen: false }
  if (offered === undefined || chosen === undefined) return undefined
  const isOurs = offered.length === OFFERED.length && offered.every(({ number }, at) => number === OFFERED[at]!.number)
  return isOurs && offered.some(({ number }) => number === chosen.number)
    ? { number: chosen.number, chosen: true }
    : undefined
}
