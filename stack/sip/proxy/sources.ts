// Symmetric signalling: where those who speak through a proxy really were, whatever their Contacts say: a NAT may have made these private
// addresses that lead nowhere. Within a dialog each side is known by its tag; outside of one, by the Contact that it wrote.

import type { Endpoint } from '../../../platform/host.ts'
import type { Request, Response } from '../message/message.ts'
import type { Uri } from '../message/uri.ts'
import { SIP_PORT } from '../transport/via.ts'

/** Of more than so many sides of dialogs the oldest are forgotten. */
const MOST_SIDES = 200_000

/** What a proxy knows of its neighbours. */
export class Sources {
  readonly #contacts = new Map<string, Endpoint>()
  readonly #sides = new Map<string, Endpoint>()

  /** A request came from `source`: there its Contacts are, and that side of its dialog, until they are seen elsewhere. */
  note({ method, contacts, callId, fromTag }: Request, source: Endpoint): void {
    if (contacts !== '*') for (const { uri } of contacts) this.#contacts.set(keyOf(uri), source)
    if (method !== 'REGISTER' && fromTag !== undefined) this.#noteSide(sideOf(callId, fromTag), source)
  }

  /** A response came from `source`: there the other side of its dialog is. After the BYE's there is none, but a challenged BYE comes again. */
  noteResponse({ status, cseq, callId, toTag, fromTag }: Response, source: Endpoint): void {
    if (toTag === undefined || status === 100) return
    if (cseq.method === 'BYE' && status >= 200 && status !== 401 && status !== 407) {
      this.#sides.delete(sideOf(callId, toTag))
      if (fromTag !== undefined) this.#sides.delete(sideOf(callId, fromTag))
    } else if (cseq.method !== 'REGISTER' && status < 300) this.#noteSide(sideOf(callId, toTag), source)
  }

  /** Where a Contact was seen last; undefined: never. */
  find(contact: Uri): Endpoint | undefined {
    return this.#contacts.get(keyOf(contact))
  }

  /** Where the other side of this request's dialog was seen last; undefined: never, or it is in no dialog. */
  findPeer({ callId, toTag }: Request): Endpoint | undefined {
    return toTag === undefined ? undefined : this.#sides.get(sideOf(callId, toTag))
  }

  #noteSide(side: string, source: Endpoint): void {
    this.#sides.delete(side)
    this.#sides.set(side, source)
    if (this.#sides.size > MOST_SIDES) this.#sides.delete(this.#sides.keys().next().value as string)
  }
}

function sideOf(callId: string, tag: string): string {
  return `${callId} ${tag}`
}

function keyOf({ user, host, port }: Uri): string {
  return `${user ?? ''}@${host}:${port ?? SIP_PORT}`
}
