// Symmetric signalling: where those who speak through a proxy really were, whatever their Contacts say: a NAT may have made these private
// addresses that lead nowhere. Within a dialog each side is known by its tag; outside of one, by the Contact that it wrote.

import type { Endpoint } from '../../../platform/host.ts'
import { Oldest } from '../../../platform/oldest.ts'
import type { Request, Response } from '../message/message.ts'
import type { Uri } from '../message/uri.ts'
import { SIP_PORT } from '../transport/via.ts'

/** Of more than so many Contacts, or sides of dialogs, the oldest are forgotten. */
const MOST = 200_000

/** Whose 2xx makes a dialog, or whose 101–199 does (RFC 3261 §12.1, RFC 6665 §4.4.1, RFC 3515 §2.4.4). Others are of one, or of none. */
const MAKING: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'NOTIFY', 'REFER'])

/** What a proxy knows of its neighbours. */
export class Sources {
  readonly #contacts = new Newest()
  readonly #sides = new Newest()

  /** A request came from `source`: there its Contacts are, until they are seen elsewhere. */
  noteContacts({ contacts }: Request, source: Endpoint): void {
    if (contacts !== '*') for (const { uri } of contacts) this.#contacts.renew(keyOf(uri), source)
  }

  /** One that is forwarded came from `source`: there that side of its dialog is, if it has or may make one. */
  note({ method, callId, fromTag, toTag }: Request, source: Endpoint): void {
    if (fromTag === undefined || (toTag === undefined && !MAKING.has(method))) return
    this.#sides.renew(sideOf(callId, fromTag), source)
  }

  /** What may have made a dialog has made none. */
  refused({ callId, fromTag, toTag }: Request): void {
    if (toTag === undefined && fromTag !== undefined) this.#sides.delete(sideOf(callId, fromTag))
  }

  /**
   * A response came from `source`: there the other side of its dialog is. `begins`: its request was of none, so that a refusal makes none either.
   * After the BYE's there is none, but a challenged BYE comes again.
   */
  noteResponse({ status, cseq, callId, toTag, fromTag }: Response, source: Endpoint, begins: boolean): void {
    if (toTag === undefined || status === 100) return
    const side = sideOf(callId, toTag)
    if (cseq.method === 'BYE' && status >= 200 && status !== 401 && status !== 407) {
      this.#sides.delete(side)
      if (fromTag !== undefined) this.#sides.delete(sideOf(callId, fromTag))
    } else if (status >= 300) {
      if (begins) this.#sides.delete(side)
    } else if (!begins || MAKING.has(cseq.method)) this.#sides.renew(side, source)
  }

  /** Where a Contact was seen last; undefined: never. */
  find(contact: Uri): Endpoint | undefined {
    return this.#contacts.get(keyOf(contact))
  }

  /** Where the other side of this request's dialog was seen last; undefined: never, or it is in no dialog. */
  findPeer({ callId, toTag }: Request): Endpoint | undefined {
    return toTag === undefined ? undefined : this.#sides.get(sideOf(callId, toTag))
  }
}

/** Who was where: the newest last, and of too many the oldest are forgotten. */
class Newest {
  readonly #known = new Map<string, Endpoint>()
  readonly #oldest = new Oldest(this.#known)

  get(key: string): Endpoint | undefined {
    return this.#known.get(key)
  }

  delete(key: string): void {
    this.#known.delete(key)
  }

  renew(key: string, source: Endpoint): void {
    const known = this.#known
    known.delete(key)
    known.set(key, source)
    if (known.size > MOST) known.delete(this.#oldest.next())
  }
}

function sideOf(callId: string, tag: string): string {
  return `${callId} ${tag}`
}

function keyOf({ user, host, port }: Uri): string {
  return `${user ?? ''}@${host}:${port ?? SIP_PORT}`
}
