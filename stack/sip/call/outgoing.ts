// The caller's side of a call: does what the rows of `caller.ts` ask for.

import { bug } from '../../../platform/assert.ts'
import type { HeldDialog } from '../../../platform/holdings.ts'
import { Machine } from '../../machine/runner.ts'
import { type Dialog, keyOf, received } from '../dialog/dialog.ts'
import { Forks } from '../dialog/forks.ts'
import { heldDialog } from '../dialog/held.ts'
import { ackOf, type Outbound } from '../dialog/requests.ts'
import { forRequestLine } from '../dialog/routing.ts'
import { answer } from '../message/answer.ts'
import type { Header } from '../message/build.ts'
import type { Request, Response } from '../message/message.ts'
import { printUri, type Uri } from '../message/uri.ts'
import type { ClientTransaction } from '../transaction/client.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { Call, CallCommand, CallFailure } from './call.ts'
import { type CallerAction, type CallerEvent, type CallerState, type CallerTimer, caller } from './caller.ts'
import { sendBye } from './farewell.ts'
import { invite } from './invite.ts'
import type { Line } from './line.ts'
import type { OutgoingOptions } from './outgoingOptions.ts'
import { REDIRECT_LIMIT, Redirection } from './redirection.ts'
import type { Session } from './session.ts'

/** What came with an event of the table: a response, a request with its transaction, or why there was none. */
type Input = Response | ServerTransaction | CallFailure | undefined

/** A call of ours. It stays for the repeated 2xx as long as its INVITE's transaction does. */
export class OutgoingCall implements Call {
  readonly id: string
  readonly #line: Line
  readonly #session: Session
  readonly #options: OutgoingOptions
  readonly #machine: Machine<CallerState, CallerEvent, CallerAction, CallerTimer>
  readonly #redirection: Redirection
  readonly #tag: string
  #invite: Outbound | undefined
  #target: Uri
  /** What answered the last challenge; the ACK has them, too (§13.2.2.4). */
  #credentials: readonly Header[] = []
  #transaction: ClientTransaction | undefined
  #forks: Forks | undefined
  /** The remote tag of the dialog that the call has; undefined until the first 2xx. */
  #chosen: string | undefined
  /** The ACK of each dialog by its remote tag: sent again for each copy of its 2xx. */
  readonly #acks = new Map<string, Outbound>()
  #failure: CallFailure | undefined

  constructor(line: Line, to: Uri, session: Session, options: OutgoingOptions) {
    this.#line = line
    this.#session = session
    this.#options = options
    this.#tag = line.token()
    this.id = `${line.token()}@${line.host.addresses()[0]}`
    this.#redirection = new Redirection(to, options.redirectLimit ?? REDIRECT_LIMIT)
    this.#target = to
    this.#machine = new Machine<CallerState, CallerEvent, CallerAction, CallerTimer>(caller, {
      host: line.host,
      instance: this.id,
      timerMs: () => this.#expiresMs(),
      perform: (action, _event, input) => this.#perform(action, input as Input),
      ended: () => this.#end(),
    })
  }

  get state(): string {
    return this.#machine.state
  }

  get ended(): boolean {
    return this.#machine.ended
  }

  get pending(): 'sent' | undefined {
    return this.#chosen === undefined ? 'sent' : undefined
  }

  get dialog(): Dialog | undefined {
    return this.#chosen === undefined ? undefined : this.#forks?.of(this.#chosen)
  }

  get held(): HeldDialog | undefined {
    const { dialog } = this
    if (dialog === undefined || this.state !== 'established') return undefined
    return heldDialog(dialog, this.#invite!.request, true, true)
  }

  /** Sends the INVITE. Once. */
  begin(): void {
    this.#machine.handle('call')
  }

  command(command: CallCommand): boolean {
    if (command === 'cancel') return this.#machine.handle('cancel')
    return command === 'hang up' && (this.#machine.handle('hang up') || this.#machine.handle('cancel'))
  }

  follows(request: Request): boolean {
    const dialog = this.#forks?.of(request.fromTag ?? '')
    const after = dialog && received(dialog, request)
    if (after !== undefined) this.#forks?.update(after)
    return after !== undefined
  }

  bye(server: ServerTransaction): boolean {
    const tag = server.request.fromTag ?? ''
    const others = this.#chosen === undefined ? (this.#forks?.all.length ?? 0) > 1 : tag !== this.#chosen
    if (!others) return this.#machine.handle('BYE', server)
    const left = this.#forks?.drop(tag)
    if (left !== undefined) this.#line.left(keyOf(left))
    server.respond(answer(server.request, 200))
    return true
  }

  /** Nobody acknowledges a caller's INVITE to the caller. */
  ack(): void {}

  response(response: Response): void {
    const { status } = response
    if (status < 200) {
      if (status > 100 && response.toTag !== undefined) this.#hear(response)
      this.#machine.handle(status === 100 ? '100' : status === 180 ? '180' : '1xx', response)
    } else if (status < 300) this.#answered(response)
    else if (status === 401 || status === 407) this.#challenged(response)
    else this.#refused(response)
  }

  abandon(): void {
    this.#machine.abandon()
    this.#session.close()
  }

  /**
   * §13.2.2.4: the first 2xx makes the call; a copy of it wants its ACK again; one from another fork, or one that comes when the call
   * is over, is acknowledged and ended. So is the first one of a fork that has hung up since: it was the INVITE's answer, and no other will come.
   */
  #answered(response: Response): void {
    const tag = response.toTag ?? ''
    const ack = this.#acks.get(tag)
    if (ack !== undefined) {
      if (tag !== this.#chosen || !this.#machine.handle('2xx again', response)) this.#line.send(ack)
    } else if (this.#chosen !== undefined || this.#forks!.isOver(tag) || !this.#machine.handle('2xx', response)) {
      this.#acknowledge(response)
      this.#line.host.trace.remark('answered too late', { call: this.id, tag })
      this.#forks!.update(sendBye(this.#line, this.#forks!.of(tag)!, this.#options.authorizer, () => {}))
      if (this.#chosen === undefined)
        this.#machine.handle('failure', { status: 487, reason: 'BYE before the answer', local: true })
    }
  }

  #expiresMs(): number {
    const [, seconds] = this.#line.inviteHeaders.find(([name]) => name.toLowerCase() === 'expires') ?? []
    return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000
  }

  /** §22.2, §22.3: once with the credentials that we have; who does not take them has refused. */
  #challenged(response: Response): void {
    this.#credentials = this.#options.authorizer?.authorize(response, this.#invite!.request) ?? []
    if (this.#credentials.length === 0 || !this.#machine.handle('challenge', response)) this.#refused(response)
  }

  /** §8.1.3.4, as far as the options want it followed. */
  #refused(response: Response): void {
    const another = this.#options.redirects === 'follow' && this.#redirection.goesOn(response, this.#line.host.trace)
    this.#machine.handle(another ? 'next target' : 'failure', response)
  }

  #perform(action: CallerAction, input: Input): void {
    switch (action) {
      case 'invite':
        this.#target = this.#redirection.next()
        this.#call()
        return
      case 'redirect':
        this.#redirect()
        return
      case 'authorize':
        this.#call()
        return
      case 'cancel':
        if (this.#transaction !== undefined) this.#transaction.cancel()
        else
          this.#machine.handle('failure', { status: 487, reason: 'cancelled before the INVITE was sent', local: true })
        return
      case 'ack':
        this.#ack(input as Response)
        return
      case 'talk':
        this.#talk(input as Response)
        return
      case 'hush':
        this.#session.hush()
        return
      case 'bye':
        this.#bye()
        return
      case 'ok': {
        const server = input as ServerTransaction
        server.respond(answer(server.request, 200))
        return
      }
      case 'quit':
        this.#transaction?.cancel()
        this.#fail({ status: 487, reason: 'BYE before the answer', local: true })
        return
      case 'fail':
        this.#fail(input as Response | CallFailure)
        return
    }
  }

  /** To another target, which may be of the other version of IP. */
  #redirect(): void {
    this.#transaction = undefined
    this.#target = this.#redirection.next()
    this.#line.meet(this.#target, () => {
      if (!this.ended) this.#call(true)
    })
  }

  /**
   * The INVITE to the target: the first time, and again after a redirection or a challenge with the next CSeq. `isElsewhere`: credentials are
   * for another URI, and are made anew, for whoever has asked in this call may ask again (§22.3).
   */
  #call(isElsewhere = false): void {
    const sequence = (this.#invite?.request.cseq.number ?? 0) + 1
    const invitation = { target: this.#target, to: this.#redirection.to, id: this.id, tag: this.#tag, sequence }
    const offer = this.#session.offer(this.#line.nextHost(this.#target))
    if (isElsewhere && this.#credentials.length > 0) {
      const uri = printUri(forRequestLine(this.#target))
      this.#credentials = this.#options.authorizer?.credentials('INVITE', uri, offer.bytes) ?? []
    }
    const made = invite(this.#line, invitation, offer, this.#credentials)
    this.#invite = this.#line.firstHop(made)
    for (const dialog of this.#forks?.all ?? []) this.#line.left(keyOf(dialog))
    this.#forks = new Forks(made.request)
    this.#transaction = undefined
    const owner = {
      wanted: () => !this.ended,
      response: (response: Response) => this.response(response),
      // An earlier target's failing is of no more interest: it has refused.
      failed: (why: 'timeout' | 'transport', cause?: string) => {
        if (this.#invite?.request === made.request) this.#failed(why, cause)
      },
    }
    this.#line.request(this.#invite, owner, (transaction) => {
      this.#transaction = transaction
    })
  }

  #failed(why: 'timeout' | 'transport', cause: string | undefined): void {
    const timeout: CallFailure = { status: 408, reason: 'Request Timeout', local: true }
    const transport: CallFailure = { status: 503, reason: cause ?? 'Service Unavailable', local: true }
    if (this.#redirection.waits) this.#machine.handle('next target', why === 'timeout' ? timeout : transport)
    else if (why === 'timeout') this.#machine.handle('timeout', timeout)
    else this.#machine.handle('transport error', transport)
  }

  #ack(response: Response): void {
    const tag = response.toTag ?? ''
    const ack = this.#acks.get(tag)
    if (ack === undefined) {
      this.#chosen = tag
      this.#acknowledge(response)
    } else this.#line.send(ack)
  }

  /** Confirms the dialog of a first 2xx and sends its ACK. */
  #acknowledge(response: Response): void {
    const ack = ackOf(this.#hear(response), this.#invite!.request, this.#credentials)
    this.#acks.set(response.toTag ?? '', ack)
    this.#line.send(ack)
  }

  /** The dialog that a response makes or confirms. Its requests come to this call from now on. */
  #hear(response: Response): Dialog {
    const dialog = this.#forks!.heard(response)
    if (!this.#machine.ended) this.#line.joined(keyOf(dialog), this)
    return dialog
  }

  /** An answer that does not fit our offer ends the call as soon as it began (§13.2.2.4). */
  #talk(response: Response): void {
    const accepted = this.#session.accept(this.#forks!.answerIn(response))
    if (accepted.ok) {
      this.#session.talk()
      return
    }
    const { at, expected } = accepted.issue
    this.#line.host.trace.remark('answer refused', { call: this.id, at, expected })
    this.#machine.handle('hang up')
  }

  #bye(): void {
    const dialog = this.dialog ?? bug(`call ${this.id} says BYE before it has a dialog`)
    this.#forks?.update(sendBye(this.#line, dialog, this.#options.authorizer, () => this.#machine.handle('BYE done')))
  }

  #fail(why: Response | CallFailure): void {
    const { status, reason } = why
    const local = !('kind' in why)
    this.#failure = { status, reason, local }
    this.#line.host.trace.remark('call failed', { call: this.id, status, reason, local })
  }

  #end(): void {
    this.#session.close()
    for (const dialog of this.#forks?.all ?? []) this.#line.left(keyOf(dialog))
    this.#options.ended(this, this.#failure)
  }
}
