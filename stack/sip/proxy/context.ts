// A response context (RFC 3261 §16.7): one request that a proxy forwards, its branches, and the one answer that goes back.

import type { Endpoint } from '../../../platform/host.ts'
import { Machine } from '../../machine/runner.ts'
import { redirects } from '../call/redirection.ts'
import type { Target } from '../location.ts'
import { answer } from '../message/answer.ts'
import { change, type Edit } from '../message/change.ts'
import type { Request, Response } from '../message/message.ts'
import { printNameAddr } from '../message/nameAddr.ts'
import { qualityOf } from '../message/quality.ts'
import type { Uri } from '../message/uri.ts'
import type { ClientOwner, ClientTransaction } from '../transaction/client.ts'
import { Failover, type Try } from '../transaction/failover.ts'
import type { TransactionLayer } from '../transaction/layer.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import { bestResponse, otherChallenges } from './best.ts'
import { proxyBranch } from './branch.ts'
import { breadthOf, shareOf } from './breadth.ts'
import { forwarded } from './forwarding.ts'
import { leadsBack, loopMark, MARK } from './routing.ts'
import { TargetSet } from './targets.ts'

/** What a response context needs of its proxy. */
export interface ContextPlace {
  readonly layer: TransactionLayer
  /** Our Record-Route value for a request from `peer`, an address, if we stay on the path. */
  recordRoute(peer: string): string | undefined
  /** Timer C, ms; more than 3 minutes (§16.6 step 11). */
  readonly timerCMs: number
  /** Whether the Contacts of a 3xx are tried (§16.7 step 4). */
  readonly recurse: boolean
  /** Of how many 3xx to one request, 0 or more. */
  readonly redirectLimit: number
  /** Finds the endpoint of a next hop, at once or later; undefined if there is none. `source`: where it was seen, if that is known. */
  reach(next: Uri, source: Endpoint | undefined, found: (places: readonly Endpoint[]) => void): void
  /** A response came from where its request had gone; `begins`: outside of any dialog. */
  heard(response: Response, from: Endpoint, begins: boolean): void
  /** The final response to a request that came from `source` is none of 2xx. */
  refused(request: Request, source: Endpoint): void
  /** A tag for a response of our own. */
  newTag(): string
  /** The final response has gone back, or never will. */
  answered(context: ResponseContext): void
}

/** One way that the request went. */
interface Branch {
  readonly machine: Machine<string, string, string, 'C'>
  client: ClientTransaction | undefined
}

/** Everything about one request on its way through. */
export class ResponseContext {
  readonly server: ServerTransaction
  readonly #isInvite: boolean
  /** It is of no dialog. */
  readonly #begins: boolean
  /** Let go with the answer. */
  #request: Request | undefined
  readonly #place: ContextPlace
  readonly #targets: TargetSet
  /** The request is for our domain: a 3xx may add targets (§16.5). */
  readonly #recurses: boolean
  readonly #branches: Branch[] = []
  readonly #kept: Response[] = []
  /** How many 3xx were followed. */
  #redirects = 0
  /** The last 3xx of which nothing was left to go back: the answer where nothing else is. */
  #spent: Response | undefined
  #answered = false
  /** After a 2xx, a 6xx or a CANCEL no branch is added (§16.7 step 5, §16.10). */
  #closed = false

  /** `request` is the server's, its own Route taken away; `targets` has at least one. */
  constructor(place: ContextPlace, server: ServerTransaction, request: Request, targets: readonly Target[]) {
    this.server = server
    this.#request = request
    this.#isInvite = request.method === 'INVITE'
    this.#begins = request.toTag === undefined
    this.#place = place
    this.#targets = new TargetSet(targets)
    this.#recurses = place.recurse && targets[0]?.uri !== request.uri
  }

  /** Forwards to the best targets, as many at once as the request's breadth allows (§16.6, RFC 5393 §5.3.3). No branch is under way. */
  forward(): void {
    const request = this.#request!
    const best = this.#targets.best(breadthOf(request))
    const begun = best.map((target) => [this.#newBranch(), target] as const)
    for (const [nth, [branch, target]] of begun.entries())
      this.#send(branch, target, shareOf(request, nth, best.length))
  }

  /** The caller's CANCEL: all branches without a final response are cancelled (§16.10). */
  cancel(): void {
    this.#closed = true
    for (const { machine } of this.#branches) machine.handle('cancel')
  }

  #newBranch(): Branch {
    const { layer, timerCMs } = this.#place
    const machine: Branch['machine'] = new Machine(proxyBranch, {
      host: layer.host,
      instance: `${this.#request!.callId} ${this.#branches.length + 1}`,
      timerMs: () => (this.#isInvite ? timerCMs : Number.POSITIVE_INFINITY),
      perform: (action, _event, input) => this.#perform(action, branch, input),
    })
    const branch: Branch = { machine, client: undefined }
    this.#branches.push(branch)
    return branch
  }

  /** §16.6 steps 1 to 10. */
  #send(branch: Branch, target: Target, share: readonly Edit[]): void {
    const recordRoute = this.#place.recordRoute(this.server.source.address)
    const { edits: changes, next, source } = forwarded(this.#request!, target, recordRoute)
    const edits = share.length === 0 ? changes : [...changes, ...share]
    this.#place.reach(next, source, (places) => {
      if (places.length === 0) branch.machine.handle('transport error')
      else if (branch.machine.state === 'calling') this.#start(branch, edits, places)
      else branch.machine.handle('not sent')
    })
  }

  /** Who hears of a branch's transaction, which lives long: nothing but the branch is kept for it. */
  #ownerOf(branch: Branch): ClientOwner {
    return {
      response: (response) => this.#response(branch, response),
      failed: (why, cause) => {
        branch.machine.handle(why === 'timeout' ? 'timeout' : 'transport error', cause)
      },
    }
  }

  #start(branch: Branch, edits: readonly Edit[], places: readonly Endpoint[]): void {
    const { layer } = this.#place
    const request = this.#request!
    const suffix = `${MARK}${loopMark(request)}`
    const owner = this.#ownerOf(branch)
    if (places.length === 1) {
      branch.client = layer.request(request, places[0]!, owner, suffix, edits)
      return
    }
    const attempt: Try = (next, one) => layer.request(request, next, one, suffix, edits)
    new Failover(places, attempt, owner, (client) => {
      branch.client = client
    }).begin()
  }

  #response(branch: Branch, response: Response): void {
    const { status } = response
    if (!leadsBack(response)) {
      this.#strand(branch, response)
      return
    }
    if (branch.client !== undefined) this.#place.heard(response, branch.client.next, this.#begins)
    if (branch.machine.ended) {
      if (status >= 200 && status < 300) this.#forwardBack(response) // a further 2xx to INVITE (§16.7 step 5)
      return
    }
    // RFC 4320 §4.1: nothing but a 100 may be said of a non-INVITE before its end; our own transaction says it.
    const isTrying = status === 100 || (status < 200 && !this.#isInvite)
    const event = isTrying ? '100' : status < 200 ? '101-199' : status < 300 ? '2xx' : '300-699'
    branch.machine.handle(event, response)
  }

  /** §16.7 step 3: a response without a further Via was meant for this element, and says nothing to whoever asked. */
  #strand(branch: Branch, { status, callId }: Response): void {
    this.#place.layer.host.trace.remark('response not forwarded: it has no Via but ours', { status, call: callId })
    if (status >= 200 && !branch.machine.ended) branch.machine.handle('transport error')
  }

  #perform(
    action: 'restart C' | 'forward' | 'keep' | 'keep 408' | 'keep 487' | 'keep 503' | 'cancel request',
    branch: Branch,
    input: unknown,
  ): void {
    switch (action) {
      case 'restart C':
        branch.machine.restart('C')
        return
      case 'forward':
        this.#forwardBack(input as Response)
        return
      case 'keep':
        this.#keep(change(input as Response, [{ removeFirst: 'Via' }])) // §16.7 step 3
        return
      case 'keep 408':
        branch.client?.cancel()
        this.#keepOwn(408)
        return
      case 'keep 487':
        this.#keepOwn(487)
        return
      case 'keep 503':
        this.#keepOwn(503)
        return
      case 'cancel request':
        branch.client?.cancel()
        return
    }
  }

  /** §16.7 steps 3, 5, 9 and 10. */
  #forwardBack(response: Response): void {
    const final = response.status >= 200
    const back = change(response, [{ removeFirst: 'Via' }])
    if (this.#answered) {
      if (final && this.#isInvite) this.server.pass(back)
      return
    }
    this.server.respond(back)
    if (!final) return
    this.#finish()
    this.cancel()
  }

  /** §16.7 step 4: a final response is kept until all branches have one. */
  #keep(response: Response): void {
    if (this.#answered) return
    const follows = redirects(response.status) && this.#recurses && !this.#closed
    const kept = follows ? this.#redirected(response) : response
    if (kept !== undefined) this.#kept.push(kept)
    else this.#spent = response
    if (response.status >= 600) this.cancel()
    if (this.#branches.some(({ machine }) => !machine.ended)) return
    if (!this.#closed && this.#targets.waits) this.forward()
    else this.#answer()
  }

  /** A response that nobody sent (§16.7, §16.8, §16.9). */
  #keepOwn(status: number): void {
    if (!this.#answered) this.#keep(this.#own(status))
  }

  /**
   * Puts the Contacts of a 3xx among the targets (§16.5), and gives what is left for whoever asked: nothing, if all of them were tried or will be.
   * A chain of 3xx that name another URI each time would have no end, so that no more than the limit are followed.
   */
  #redirected(response: Response): Response | undefined {
    const { contacts, callId } = response
    if (contacts === '*' || contacts.length === 0) return response
    const ours = contacts.filter(({ uri }) => uri.scheme === 'sip')
    const found = ours.map(({ uri, parameters }) => ({ uri, q: qualityOf(parameters), path: [] }))
    const { redirectLimit, layer } = this.#place
    const isTooMuch = this.#redirects >= redirectLimit && this.#targets.lacks(found)
    if (isTooMuch) layer.host.trace.remark('3xx not followed: limit reached', { call: callId, limit: redirectLimit })
    else if (this.#targets.add(found)) this.#redirects++
    const left = isTooMuch ? contacts : contacts.filter(({ uri }) => uri.scheme !== 'sip')
    if (left.length === contacts.length) return response
    return left.length === 0
      ? undefined
      : change(response, [{ set: 'Contact', value: left.map(printNameAddr).join(', ') }])
  }

  /** §16.7 steps 6 to 9. */
  #answer(): void {
    const best = this.#kept.length > 0 ? bestResponse(this.#kept) : this.#spent! // step 6
    this.#place.refused(this.#request!, this.server.source)
    this.#finish()
    if (best.status === 408 && !this.#isInvite)
      this.server.neverRespond() // RFC 4320 §4.2
    else this.server.respond(this.#back(best))
  }

  #back(best: Response): Response {
    if (best.status === 503) return this.#own(500) // §16.7 step 6
    const others = otherChallenges(this.#kept, best)
    return others.length === 0
      ? best
      : change(
          best,
          others.map(([name, value]) => ({ append: name, value })),
        )
  }

  #own(status: number): Response {
    return answer(this.server.request, status, { toTag: this.#place.newTag() })
  }

  #finish(): void {
    this.#answered = true
    this.#closed = true
    this.#request = undefined
    this.#place.answered(this)
  }
}
