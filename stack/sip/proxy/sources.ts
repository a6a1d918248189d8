// Symmetric signalling: where the senders of requests really were, by the Contact that they wrote. What goes to such a Contact goes there,
// also where a NAT has made it a private address that leads nowhere.

import type { Endpoint } from '../../../platform/host.ts'
import type { Request } from '../message/message.ts'
import type { Uri } from '../message/uri.ts'
import { SIP_PORT } from '../transport/via.ts'

/** What a proxy knows of its neighbours; memory goes with the number of different Contacts. */
export class Sources {
  readonly #seen = new Map<string, Endpoint>()

  /** A request came from `source`: its Contacts are there, until it is seen elsewhere. */
  note({ contacts }: Request, source: Endpoint): void {
    if (contacts === '*') return
    for (const { uri } of contacts) this.#seen.set(keyOf(uri), source)
  }

  /** Where a Contact was seen last; undefined: never. */
  find(contact: Uri): Endpoint | undefined {
    return this.#seen.get(keyOf(contact))
  }
}

function keyOf({ user, host, port }: Uri): string {
  return `${user ?? ''}@${host}:${port ?? SIP_PORT}`
}
