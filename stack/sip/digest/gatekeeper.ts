// The side that challenges: asks for credentials and judges them (RFC 3261 §22.1, RFC 7616 §3.3, §5.4).

import { hex } from '../../../platform/hex.ts'
import type { Host } from '../../../platform/host.ts'
import { sha256 } from '../../../platform/sha256.ts'
import { utf8Encode } from '../../../platform/text.ts'
import type { Header } from '../message/build.ts'
import { uriEqual } from '../message/equality.ts'
import type { Request } from '../message/message.ts'
import { parseUri } from '../message/uri.ts'
import { type Algorithm, digestResponse, type Qop } from './algorithm.ts'
import { printChallenge } from './challenge.ts'
import { type Credentials, parseCredentials } from './credentials.ts'

export interface GatekeeperOptions {
  readonly realm: string
  /** By user name. */
  readonly passwords: ReadonlyMap<string, string>
  /** What it accepts, the best first, each a challenge of its own (RFC 8760 §2.3); default SHA-256, MD5. */
  readonly algorithms?: readonly Algorithm[]
  /** Default auth. */
  readonly qop?: readonly Qop[]
  /** How long a nonce is good, ms; then it is stale. Default 300,000. */
  readonly nonceMs?: number
}

/** Who it is, or with what to ask. */
export type Judgement =
  | { readonly ok: true; readonly user: string }
  | { readonly ok: false; readonly headers: readonly Header[] }

/** How many nonces in use it remembers, at least, before it looks for old ones. */
const MANY = 1024

/** Challenges for one realm. */
export class Gatekeeper {
  readonly #host: Host
  readonly #options: Required<GatekeeperOptions>
  #secret: string | undefined
  #issued = 0
  /** The highest `nc` of each nonce that was used well: a request can be neither repeated nor reordered. */
  readonly #counts = new Map<string, number>()
  /** With so many it looks for old ones: twice as many as were in use when it looked last, so that a crowd is not looked through for each of it. */
  #many = MANY

  constructor(host: Host, options: GatekeeperOptions) {
    this.#host = host
    this.#options = { algorithms: ['SHA-256', 'MD5'], qop: ['auth'], nonceMs: 300_000, ...options }
  }

  /** Judges a request by its `Authorization` (a registrar, 401) or `Proxy-Authorization` (a proxy, 407) for our realm. */
  judge(request: Request, header: 'Authorization' | 'Proxy-Authorization'): Judgement {
    for (const value of request.all(header)) {
      const credentials = parseCredentials(value)
      if (credentials?.realm !== this.#options.realm) continue
      if (!this.#isRight(credentials, request)) break
      if (this.#isOurs(credentials.nonce) && this.#isFresh(credentials)) return { ok: true, user: credentials.user }
      // RFC 7616 §3.3: the digest is right for its nonce, which is no longer good: as when we made it before we started anew.
      return this.#ask(header, true)
    }
    return this.#ask(header, false)
  }

  #ask(header: 'Authorization' | 'Proxy-Authorization', stale: boolean): Judgement {
    const { realm, algorithms, qop } = this.#options
    const nonce = this.#sealed(`${Math.floor(this.#host.now()).toString(36)}.${(this.#issued++).toString(36)}`)
    const name = header === 'Authorization' ? 'WWW-Authenticate' : 'Proxy-Authenticate'
    const ask = (algorithm: Algorithm): Header => [name, printChallenge({ realm, nonce, algorithm, qop, stale })]
    return { ok: false, headers: algorithms.map(ask) }
  }

  #isRight(credentials: Credentials, { method, uri, body }: Request): boolean {
    const { algorithms, qop, passwords, realm } = this.#options
    const password = passwords.get(credentials.user)
    if (password === undefined || !algorithms.includes(credentials.algorithm)) return false
    if (credentials.qop === undefined ? qop.length > 0 : !qop.includes(credentials.qop)) return false
    const named = parseUri(credentials.uri)
    if (!named.ok || !uriEqual(named.value, uri)) return false
    const right = digestResponse({ ...credentials, realm, password, method, body })
    return credentials.response === right
  }

  /** Not too old, and counted up since it was used last. */
  #isFresh({ nonce, nc, qop }: Credentials): boolean {
    if (this.#host.now() - timeOf(nonce) > this.#options.nonceMs) return false
    const count = qop === undefined ? 0 : Number.parseInt(nc, 16)
    if (qop !== undefined && count <= (this.#counts.get(nonce) ?? 0)) return false
    if (this.#counts.size >= this.#many) this.#forgetOld()
    this.#counts.set(nonce, count)
    return true
  }

  #forgetOld(): void {
    const oldest = this.#host.now() - this.#options.nonceMs
    for (const nonce of [...this.#counts.keys()]) if (timeOf(nonce) < oldest) this.#counts.delete(nonce)
    this.#many = Math.max(MANY, 2 * this.#counts.size)
  }

  /** When it was made, its number, and a seal that only we can make: so nobody need be remembered before he has answered. */
  #sealed(made: string): string {
    this.#secret ??= this.#host.random('digest secret').double().toString(36)
    return `${made}.${hex(sha256(utf8Encode(`${made}:${this.#secret}`))).slice(0, 24)}`
  }

  #isOurs(nonce: string): boolean {
    return nonce === this.#sealed(nonce.slice(0, nonce.lastIndexOf('.')))
  }
}

function timeOf(nonce: string): number {
  return Number.parseInt(nonce.split('.')[0] ?? '', 36)
}
