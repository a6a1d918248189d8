// A stateful proxy (RFC 3261 §16): checks requests, finds where they go, and makes a response context for each.

import type { Held } from '../../../platform/holdings.ts'
import type { Endpoint, Host } from '../../../platform/host.ts'
import type { RandomStream } from '../../../platform/random.ts'
import type { Gatekeeper } from '../digest/gatekeeper.ts'
import type { LocationService, Target } from '../location.ts'
import { answer } from '../message/answer.ts'
import type { Request, Response } from '../message/message.ts'
import { printUri, type Uri } from '../message/uri.ts'
import type { Registrar } from '../registrar/registrar.ts'
import { token } from '../token.ts'
import { TransactionLayer } from '../transaction/layer.ts'
import type { ServerTransaction, TransactionUser } from '../transaction/server.ts'
import type { SipTimers } from '../transaction/timers.ts'
import { type Located, locate } from '../transport/locate.ts'
import type { SipTransport } from '../transport/transport.ts'
import { SIP_PORT } from '../transport/via.ts'
import { description } from '../user-agent/capabilities.ts'
import { ALLOW } from '../user-agent/methods.ts'
import { type ContextPlace, ResponseContext } from './context.ts'
import { forwarded } from './forwarding.ts'
import { redirection } from './redirection.ts'
import { type IsHere, loopMark, MARK, ownRoute, preprocessed } from './routing.ts'
import { Sources } from './sources.ts'
import { refusal } from './validation.ts'

/** How a proxy behaves. */
export interface ProxyBehaviour {
  /** Whether it stays on the path of later requests by a Record-Route. */
  readonly recordRoute: boolean
  /** Timer C, ms: how long an INVITE may go without a final or a 101–199 response; above 180,000 (§16.6 step 11). */
  readonly timerCMs: number
  /** Whether it tries the Contacts of a 3xx itself. */
  readonly recurse: boolean
  /** Of how many 3xx to one request at most, 0 or more. */
  readonly redirectLimit: number
  /** Whether requests for its domain's users are redirected to where these are, in place of being forwarded (§8.3). */
  readonly redirect: boolean
  readonly timers: SipTimers
  /** Takes REGISTERs for our domain; absent: they are refused with 405. */
  readonly registrar?: Registrar | undefined
  /** Whom REGISTERs must convince (401); absent: everybody is believed. */
  readonly gatekeeper?: Gatekeeper | undefined
  /** Whether it must be convinced (407) by requests that begin something and come from our domain, too (§16.3 step 6). */
  readonly challengeRequests: boolean
  /** Whether requests go where their target was last seen, NAT or not: in its REGISTER, in this dialog, or with this Contact. */
  readonly symmetric: boolean
}

/** A proxy's core: the user of its transactions. */
export class ProxyCore implements TransactionUser, ContextPlace {
  readonly layer: TransactionLayer
  readonly timerCMs: number
  readonly recurse: boolean
  readonly redirectLimit: number
  readonly #transport: SipTransport
  readonly #locations: LocationService
  readonly #behaviour: ProxyBehaviour
  readonly #tags: RandomStream
  readonly #sources: Sources | undefined
  /** Those that have not answered, by their server transaction: a CANCEL looks here. */
  readonly #contexts = new Map<ServerTransaction, ResponseContext>()

  constructor(host: Host, transport: SipTransport, locations: LocationService, behaviour: ProxyBehaviour) {
    this.layer = new TransactionLayer(host, transport, behaviour.timers, this)
    this.timerCMs = behaviour.timerCMs
    this.recurse = behaviour.recurse
    this.redirectLimit = behaviour.redirectLimit
    this.#transport = transport
    this.#locations = locations
    this.#behaviour = behaviour
    this.#tags = host.random('sip tag')
    this.#sources = behaviour.symmetric ? new Sources() : undefined
  }

  /** Its transactions, and the contexts that have not answered. */
  get held(): readonly Held[] {
    const contexts = [...this.#contexts.keys()].map(({ machine, instance }): Held => {
      return { what: 'response context', machine, instance }
    })
    return [...this.layer.held, ...contexts]
  }

  request(received: Request, server: ServerTransaction): void {
    if (this.#sources !== undefined && !this.#isOwn(received, server.source))
      this.#sources.noteContacts(received, server.source)
    if (received.method === 'CANCEL') this.#cancel(received, server)
    else this.#proxy(received, server)
  }

  /** An ACK to a 2xx goes on without any state (§16.11), to the first target. */
  ack(received: Request): void {
    const request = preprocessed(received, this.#transport, this.#isHere)
    const targets = this.#targets(request)
    const target = typeof targets === 'number' ? undefined : targets[0]
    if (target === undefined || received.maxForwards === 0) {
      this.layer.host.trace.remark('ACK dropped: nowhere to go', { call: received.callId })
      return
    }
    const { edits, next, source } = forwarded(request, target)
    this.reach(next, source, ([endpoint]) => {
      if (endpoint !== undefined) this.layer.send(request, endpoint, `${MARK}${loopMark(request)}`, edits)
    })
  }

  /** Finds the endpoints of a next hop, best first: by what was seen of it, where that counts and the URI asks for no other way, else by its name. */
  reach(next: Uri, source: Endpoint | undefined, found: (places: readonly Endpoint[]) => void): void {
    const seen = source ?? this.#sources?.find(next)
    if (seen !== undefined && this.#transport.leads(next, seen)) {
      found([seen])
      return
    }
    const heeded: Located = (places, why) => {
      if (places.length === 0) this.layer.host.trace.remark('next hop not found', { uri: printUri(next), why })
      for (const place of places) this.#transport.heed(next, place)
      found(places)
    }
    if (this.#transport.speaks(next)) locate(this.layer.host, next, heeded)
    else heeded([], 'TCP is not spoken here')
  }

  recordRoute(peer: string): string | undefined {
    return this.#behaviour.recordRoute ? ownRoute(this.#transport, peer) : undefined
  }

  heard(response: Response, from: Endpoint, begins: boolean): void {
    if (this.#sources !== undefined && !this.#transport.isOurs(from.address, from.port))
      this.#sources.noteResponse(response, from, begins)
  }

  refused(request: Request, source: Endpoint): void {
    if (this.#sources !== undefined && !this.#isOwn(request, source)) this.#sources.refused(request)
  }

  /** A tag for a response of our own. */
  newTag(): string {
    return token(this.#tags)
  }

  answered(context: ResponseContext): void {
    this.#contexts.delete(context.server)
  }

  #proxy(received: Request, server: ServerTransaction): void {
    // Its Route first (§16.4): what comes back without it, or with it again, is the same to the loop's mark (§16.3 step 4).
    const request = preprocessed(received, this.#transport, this.#isHere)
    const isRegister = this.#isAsked(request)
    const isForUs = isRegister || this.#isPing(request)
    const refused = refusal(request, this.#transport, isForUs, () => this.newTag())
    if (refused !== undefined) {
      server.respond(refused)
      return
    }
    if (isForUs) {
      server.respond(isRegister ? this.#register(received, server.source) : this.#describe(received))
      return
    }
    const challenge = this.#challenge(received, server.source)
    if (challenge !== undefined) {
      server.respond(challenge)
      return
    }
    const targets = this.#targets(request)
    if (typeof targets === 'number') {
      server.respond(answer(received, targets, { toTag: this.newTag() }))
      return
    }
    if (this.#behaviour.redirect && this.#isOurDomain(request.uri)) {
      server.respond(redirection(received, targets, this.newTag()))
      return
    }
    if (received.method === 'INVITE') server.respond(answer(received, 100)) // §16.2: within 200 ms
    if (this.#sources !== undefined && !this.#isOwn(received, server.source))
      this.#sources.note(received, server.source)
    const context = new ResponseContext(this, server, request, targets)
    this.#contexts.set(server, context)
    context.forward()
  }

  /** OPTIONS without a user asks what this server can do (§11). */
  #isPing({ method, uri }: Request): boolean {
    return method === 'OPTIONS' && uri.user === undefined && this.#isOurDomain(uri)
  }

  /** What it can do; as whoever a request is for, it is asked for no more than it has (§8.2.2.3). */
  #describe(request: Request): Response {
    const toTag = this.newTag()
    const required = request.all('Require')
    if (required.length > 0) return answer(request, 420, { toTag, headers: [['Unsupported', required.join(', ')]] })
    return answer(request, 200, { toTag, headers: description() })
  }

  /** A REGISTER for our domain is for us. */
  #isAsked({ method, uri }: Request): boolean {
    return method === 'REGISTER' && uri.user === undefined && this.#isOurDomain(uri)
  }

  #register(request: Request, source: Endpoint): Response {
    const { registrar, gatekeeper, symmetric } = this.#behaviour
    const toTag = this.newTag()
    if (registrar === undefined) return answer(request, 405, { toTag, headers: [['Allow', ALLOW]] }) // §21.4.6
    const judged = gatekeeper?.judge(request, 'Authorization')
    if (judged?.ok === false) return answer(request, 401, { toTag, headers: judged.headers }) // §10.3 step 3
    return registrar.register(request, toTag, judged?.user, symmetric ? source : undefined)
  }

  /**
   * §16.3 step 6: the 407 for a request from our domain that does not say who sends it. One that we sent ourselves, on its way from one of our
   * users to another, has said so when it came first: its credentials are for the URI and the count that it had then.
   */
  #challenge(request: Request, source: Endpoint): Response | undefined {
    const { gatekeeper, challengeRequests } = this.#behaviour
    if (!challengeRequests || gatekeeper === undefined) return undefined
    if (this.#isOwn(request, source)) return undefined
    const begins = request.toTag === undefined && this.#locations.isResponsible(request.from.uri)
    if (!begins) return undefined
    const judged = gatekeeper.judge(request, 'Proxy-Authorization')
    return judged.ok ? undefined : answer(request, 407, { toTag: this.newTag(), headers: judged.headers })
  }

  /** True for a request that we sent to ourselves, from one of our users to another: it says nothing of where anybody is. */
  #isOwn({ via }: Request, source: Endpoint): boolean {
    return this.#transport.addresses.includes(source.address) && this.#transport.isOurs(via.host, via.port)
  }

  #isOurDomain(uri: Uri): boolean {
    return this.#locations.isResponsible(uri) || this.#transport.isOurs(uri.host, uri.port)
  }

  /** Our domain's name leads to every port of ours that it is written with: nothing else is known to bear it. */
  readonly #isHere: IsHere = ({ host, port }) =>
    this.#transport.isOurs(host, port) ||
    ((port ?? SIP_PORT) === this.#transport.port && this.#locations.isResponsible({ host }))

  /** The target set (§16.5), or the status that refuses: 404 for an unknown user, 480 for one who is nowhere. */
  #targets(request: Request): readonly Target[] | 404 | 480 {
    const { uri } = request
    if (!this.#isOurDomain(uri) || uri.parameters.has('maddr')) {
      return [{ uri, q: 1, path: [], source: this.#sources?.findPeer(request) }]
    }
    const found = this.#locations.find(uri.user ?? '', this.layer.host.now())
    if (found === undefined) return 404
    return found.length === 0 ? 480 : found
  }

  /** §16.10. A CANCEL for nothing that we know gets 481, where the RFC would have it forwarded: see docs/deviations.md. */
  #cancel(cancel: Request, server: ServerTransaction): void {
    const invited = this.layer.invited(cancel)
    server.respond(answer(cancel, invited === undefined ? 481 : 200, { toTag: this.newTag() }))
    if (invited !== undefined) this.#contexts.get(invited)?.cancel()
  }
}
