// The targets of a call: whom it was meant for, and whom the 3xx responses named since (RFC 3261 §8.1.3.4).

import { bug } from '../../../platform/assert.ts'
import type { HostTrace } from '../../../platform/trace.ts'
import { uriEqual } from '../message/equality.ts'
import type { Response } from '../message/message.ts'
import { qualityOf } from '../message/quality.ts'
import type { Uri } from '../message/uri.ts'

/** How many 3xx are followed for one request where nobody says otherwise. */
export const REDIRECT_LIMIT = 10

/** Whether the Contacts of a response are targets in place of the one that was asked: not those of a 305, which names a proxy for it, nor of a 380 (§21.3). */
export function redirects(status: number): boolean {
  return status >= 300 && status < 400 && status !== 305 && status !== 380
}

/** A target set. Each URI is tried once at most, so that a circle of redirections ends; and no more than `limit` of them are followed, so that a chain does, whose every 3xx names a new one. */
export class Redirection {
  /** Whom the call was meant for first. */
  readonly to: Uri
  readonly #tried: Uri[] = []
  #waiting: Uri[]
  readonly #limit: number
  #followed = 0

  /** `limit`: 0 or more. */
  constructor(to: Uri, limit: number) {
    this.to = to
    this.#waiting = [to]
    this.#limit = limit
  }

  /**
   * Takes a final response, and says whether there is now anybody to try: the contacts of a 3xx, best `q` first, come before those still
   * waiting; after a 6xx nobody will take the call. `trace` is told where a 3xx is not followed since too many were.
   */
  goesOn(response: Response, trace: HostTrace): boolean {
    if (redirects(response.status)) this.#add(response, trace)
    return response.status < 600 && this.waits
  }

  /** True if there is anybody to try. */
  get waits(): boolean {
    return this.#waiting.length > 0
  }

  /** Whom to try now. */
  next(): Uri {
    const target = this.#waiting.shift() ?? bug('there is no target left to try')
    this.#tried.push(target)
    return target
  }

  #add(response: Response, trace: HostTrace): void {
    const contacts = response.contacts === '*' ? [] : response.contacts
    const fresh: { uri: Uri; q: number }[] = []
    for (const { uri, parameters } of contacts) {
      if ((uri.scheme !== 'sip' && uri.scheme !== 'sips') || this.#knows(uri)) continue
      fresh.push({ uri, q: qualityOf(parameters) })
    }
    if (fresh.length === 0) return
    if (this.#followed >= this.#limit) {
      trace.remark('3xx not followed: limit reached', { call: response.callId, limit: this.#limit })
      return
    }
    this.#followed++
    fresh.sort((one, other) => other.q - one.q)
    this.#waiting = [...fresh.map(({ uri }) => uri), ...this.#waiting]
  }

  #knows(uri: Uri): boolean {
    return [...this.#tried, ...this.#waiting].some((known) => uriEqual(known, uri))
  }
}
