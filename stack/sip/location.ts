// The location service (RFC 3261 §10, §16.5): where the users of one domain can be reached.

import type { Endpoint } from '../../platform/host.ts'
import { literalAddress } from './message/host.ts'
import { type Uri, unescapeUri } from './message/uri.ts'

/** One place where a user can be reached. */
export interface Target {
  readonly uri: Uri
  /** Preference, 0 to 1: higher ones are tried first, equal ones together (§16.6). */
  readonly q: number
  /** Route values to pass on the way, in order (RFC 3327). */
  readonly path: readonly string[]
  /** Where its phone was when it registered, NAT or not; undefined: only what the URI says is known. */
  readonly source?: Endpoint | undefined
}

/** What a proxy asks. */
export interface LocationService {
  /** True if the domain of this URI is ours. */
  isResponsible(uri: Pick<Uri, 'host'>): boolean
  /** Where this user is at `nowMs`, best first; empty if known and nowhere (480), undefined if unknown (404). */
  find(user: string, nowMs: number): readonly Target[] | undefined
}

/** A location table that never changes, as an administrator writes it. */
export class StaticLocations implements LocationService {
  readonly #domain: string
  readonly #users: ReadonlyMap<string, readonly Target[]>
  /** What is found of a name that is not in the table. */
  readonly #others: readonly Target[] | undefined

  /** `domain`: a name, or an address, of IPv6 with its brackets or without. `users`: by user name, where each is, all equally good. `anyone`: every other name is a user as well, and nowhere; default false. */
  constructor(domain: string, users: ReadonlyMap<string, readonly Uri[]>, anyone = false) {
    this.#others = anyone ? [] : undefined
    this.#domain = literalAddress(domain) ?? domain.toLowerCase()
    this.#users = new Map(
      [...users].map(([user, uris]) => [user, uris.map((uri): Target => ({ uri, q: 1, path: [] }))] as const),
    )
  }

  isResponsible(uri: Pick<Uri, 'host'>): boolean {
    const { host } = uri
    return host.toLowerCase() === this.#domain || (host.includes(':') && literalAddress(host) === this.#domain)
  }

  find(user: string): readonly Target[] | undefined {
    return this.#users.get(unescapeUri(user)) ?? this.#others
  }
}
