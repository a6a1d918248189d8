// The side that is challenged: answers with credentials, and knows when it makes no sense to (RFC 3261 §22.2, §22.3; RFC 8760 §2.4).

import type { Host } from '../../../platform/host.ts'
import type { Header } from '../message/build.ts'
import type { Request, Response } from '../message/message.ts'
import { printUri } from '../message/uri.ts'
import { token } from '../token.ts'
import { digestResponse } from './algorithm.ts'
import { type Challenge, parseChallenge } from './challenge.ts'
import { parseCredentials, printCredentials } from './credentials.ts'

/** A user's secret, good for any realm that asks. */
export interface Account {
  readonly user: string
  readonly password: string
}

/** Where challenges stand, and where their credentials go. */
const HEADERS = [
  [401, 'WWW-Authenticate', 'Authorization'],
  [407, 'Proxy-Authenticate', 'Proxy-Authorization'],
] as const

/** So many realms at most ask on the way of one request. */
const MOST_REALMS = 16

/** One nonce, and how often it was used. */
interface Known {
  readonly challenge: Challenge
  readonly header: 'Authorization' | 'Proxy-Authorization'
  uses: number
}

/** Answers challenges for one account. */
export class Authorizer {
  readonly #host: Host
  readonly #account: Account
  readonly #known = new Map<string, Known>()

  constructor(host: Host, account: Account) {
    this.#host = host
    this.#account = account
  }

  /**
   * The credentials with which `request` is to be sent again after `challenged`, a 401 or 407: one header for each realm.
   * None where there is nothing that we can answer, or where it was answered already and the nonce was not called stale; where it is the
   * same again, or was stale at its first use and had come in the place of another stale one, or where each realm leads to the next, that
   * would go on for ever.
   */
  authorize(challenged: Response, request: Request): readonly Header[] {
    let refused = false
    const fresh = new Set<string>()
    for (const [, asks, answers] of HEADERS) {
      for (const value of challenged.all(asks)) {
        const challenge = parseChallenge(value)
        if (challenge === undefined || fresh.has(`${answers} ${challenge.realm}`)) continue // the first that we know is the best
        const key = `${answers} ${challenge.realm}`
        const last = this.#known.get(key)
        if (last === undefined && request.all(answers).length >= MOST_REALMS) refused = true
        const isKnown = last?.challenge.nonce === challenge.nonce
        const isEndless = isKnown || (last?.challenge.stale && last.uses === 1)
        if ((!challenge.stale || isEndless) && hasAnswered(request, answers, challenge.realm)) refused = true
        fresh.add(key)
        this.#known.set(key, {
          ...{ challenge, header: answers },
          uses: isKnown ? last.uses : 0, // `nc` counts by nonce (RFC 7616 §3.4)
        })
      }
    }
    return refused || fresh.size === 0 ? [] : this.credentials(request.method, printUri(request.uri), request.body)
  }

  /** Credentials for all realms that have asked so far, with nonces known from there: for the next request, before anybody asks. */
  credentials(method: string, uri: string, body: Uint8Array): readonly Header[] {
    return [...this.#known.values()].map((known) => [known.header, this.#answer(known, method, uri, body)])
  }

  #answer(known: Known, method: string, uri: string, body: Uint8Array): string {
    const { realm, nonce, algorithm, qop: offered, opaque } = known.challenge
    known.uses++
    const qop = offered.includes('auth') ? 'auth' : offered[0]
    const nc = known.uses.toString(16).padStart(8, '0')
    const cnonce = token(this.#host.random('digest cnonce'))
    const { user, password } = this.#account
    const response = digestResponse({ algorithm, user, realm, password, nonce, qop, nc, cnonce, method, uri, body })
    return printCredentials({ user, realm, nonce, uri, response, algorithm, qop, nc, cnonce, opaque })
  }
}

function hasAnswered(request: Request, header: string, realm: string): boolean {
  return request.all(header).some((value) => parseCredentials(value)?.realm === realm)
}
