// A registrar and its location service (RFC 3261 §10.3): REGISTERs change where the users of a domain can be reached.

import type { Endpoint, Host } from '../../../platform/host.ts'
import type { LocationService, Target } from '../location.ts'
import { answer } from '../message/answer.ts'
import type { Header } from '../message/build.ts'
import type { Request, Response } from '../message/message.ts'
import { type Uri, unescapeUri } from '../message/uri.ts'
import { type Binding, type BindingPolicy, printBinding, registered } from './binding.ts'

/** Default 3600 s, at least 60 s, at most a day; a Contact is the same where its URI is. */
export const RFC_BINDINGS: BindingPolicy = {
  match: 'contact',
  defaultSeconds: 3600,
  minimumSeconds: 60,
  maximumSeconds: 86_400,
}

/** Where the users of one domain are: what the administrator wrote, and what their phones register. */
export class Registrar implements LocationService {
  readonly #host: Host
  readonly #policy: BindingPolicy
  readonly #fixed: LocationService
  readonly #bindings = new Map<string, readonly Binding[]>()

  /** `fixed` knows the domain and all its users, and where they are without registering. */
  constructor(host: Host, fixed: LocationService, policy: BindingPolicy = RFC_BINDINGS) {
    this.#host = host
    this.#fixed = fixed
    this.#policy = policy
  }

  isResponsible(uri: Pick<Uri, 'host'>): boolean {
    return this.#fixed.isResponsible(uri)
  }

  find(user: string, nowMs: number): readonly Target[] | undefined {
    const name = unescapeUri(user)
    const fixed = this.#fixed.find(user, nowMs)
    const bindings = this.#bindings.get(name)
    if (fixed === undefined || bindings === undefined) return fixed
    const alive = bindings.filter(({ expiresAtMs }) => expiresAtMs > nowMs)
    return [...fixed, ...alive].sort((one, other) => other.q - one.q)
  }

  /** The response to a REGISTER whose sender is known to be `user` (undefined: nobody asked), in the order of §10.3. `source`: where its bindings are to be reached, whatever they say. */
  register(request: Request, toTag: string, user?: string, source?: Endpoint): Response {
    const aor = request.to.uri
    const name = unescapeUri(aor.user ?? '')
    const respond = (status: number, headers: readonly Header[] = []): Response =>
      answer(request, status, { toTag, headers })
    const required = request.all('Require').filter((tag) => tag !== 'path')
    if (required.length > 0) return respond(420, [['Unsupported', required.join(', ')]]) // step 2
    if (user !== undefined && user !== name) return respond(403) // step 4
    if (!this.isResponsible(aor) || this.#fixed.find(name, 0) === undefined) return respond(404) // step 5
    const nowMs = this.#host.now()
    const old = this.#bindings.get(name) ?? []
    const made = registered(old, request, nowMs, this.#policy, source) // steps 6 and 7
    if ('status' in made) return respond(made.status, made.headers)
    this.#bindings.set(name, made)
    const contacts = made.map((binding): Header => ['Contact', printBinding(binding, nowMs)])
    const path = request.all('Path').map((value): Header => ['Path', value]) // RFC 3327 §5.3
    this.#host.trace.remark('bindings', { user: name, now: made.length, before: old.length })
    return respond(200, [...contacts, ...path]) // step 8
  }
}
