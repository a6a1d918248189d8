// The callee's side of a call: does what the rows of `callee.ts` ask for.

import { bug } from '../../../platform/assert.ts'
import type { HeldDialog } from '../../../platform/holdings.ts'
import { success } from '../../../platform/result.ts'
import { Machine } from '../../machine/runner.ts'
import { descriptionIn } from '../dialog/description.ts'
import { type Dialog, dialogOfCallee, keyOf, received } from '../dialog/dialog.ts'
import { heldDialog } from '../dialog/held.ts'
import type { Authorizer } from '../digest/authorizer.ts'
import { answer } from '../message/answer.ts'
import type { Header } from '../message/build.ts'
import type { Request, Response } from '../message/message.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import { doubled } from '../transaction/timers.ts'
import { capabilities } from '../user-agent/capabilities.ts'
import type { Refusal } from '../user-agent/inspection.ts'
import type { Call, CallCommand, CallFailure } from './call.ts'
import { type CalleeAction, type CalleeEvent, type CalleeState, type CalleeTimer, callee } from './callee.ts'
import { sendBye } from './farewell.ts'
import type { Line } from './line.ts'
import type { Body, Session } from './session.ts'

/** How an incoming call is taken. */
export interface IncomingOptions {
  /** Answers by itself this long after it began to ring, ms, 0 or more; Infinity: never. */
  readonly answerAfterMs: number
  /** Answers challenges of our BYE; absent: they are its end. */
  readonly authorizer?: Pick<Authorizer, 'authorize'> | undefined
  /** Called once, when the call has ended; the refusal if it never was answered. */
  ended(call: Call, failure: CallFailure | undefined): void
}

const REFRESH_MS = 60_000
const TRYING_MS = 200
const BUSY: Refusal = { status: 486, headers: [] }

/** A call that came. */
export class IncomingCall implements Call {
  readonly id: string
  /** The tag that our responses have in To. */
  readonly tag: string
  readonly #line: Line
  readonly #server: ServerTransaction
  readonly #invite: Request
  /** Empty where it holds none. */
  readonly #offer: Uint8Array
  readonly #session: Session
  readonly #options: IncomingOptions
  readonly #machine: Machine<CalleeState, CalleeEvent, CalleeAction, CalleeTimer>
  #dialog: Dialog
  /** What the 2xx will hold, once we know. */
  #body: Body | undefined
  #ok: Response | undefined
  #refusal: Refusal = BUSY
  #failure: CallFailure | undefined

  constructor(line: Line, server: ServerTransaction, session: Session, options: IncomingOptions) {
    const invite = server.request
    this.#invite = invite
    this.#offer = descriptionIn(invite)
    this.id = invite.callId
    this.tag = line.token()
    this.#line = line
    this.#server = server
    this.#session = session
    this.#options = options
    this.#dialog = dialogOfCallee(invite, this.tag, 180)
    this.#machine = new Machine<CalleeState, CalleeEvent, CalleeAction, CalleeTimer>(callee, {
      host: line.host,
      instance: this.id,
      timerMs: (timer, nth) => this.#timerMs(timer, nth),
      perform: (action, _event, input) => this.#perform(action, input),
      ended: () => this.#end(),
    })
  }

  get state(): string {
    return this.#machine.state
  }

  get ended(): boolean {
    return this.#machine.ended
  }

  get pending(): 'received' | undefined {
    return this.state === 'offered' || this.state === 'ringing' ? 'received' : undefined
  }

  get dialog(): Dialog {
    return this.#dialog
  }

  get held(): HeldDialog | undefined {
    const isUp = this.state === 'established'
    if (this.#ok === undefined || (!isUp && this.state !== 'answered')) return undefined
    return heldDialog(this.#dialog, this.#ok, false, isUp)
  }

  /** Takes the INVITE. Once. */
  begin(): void {
    this.#line.joined(keyOf(this.#dialog), this)
    this.#machine.handle('INVITE')
  }

  command(command: CallCommand, refusal = BUSY): boolean {
    if (this.ended) return false
    switch (command) {
      case 'cancel':
        return false
      case 'ring':
      case 'answer':
        return this.#describes() ? this.#machine.handle(command) : this.#reject({ status: 488, headers: [] })
      case 'reject':
        return this.#reject(refusal)
      case 'hang up':
        return this.#machine.handle('hang up') || this.#reject({ status: 603, headers: [] })
    }
  }

  /** The caller's CANCEL, which its transaction has been found for (§9.2). */
  cancel(): void {
    this.#machine.handle('CANCEL')
  }

  /** A response of ours could not get there. */
  lost(cause: string): void {
    this.#machine.handle('transport error', cause)
  }

  follows(request: Request): boolean {
    const after = received(this.#dialog, request)
    if (after !== undefined) this.#dialog = after
    return after !== undefined
  }

  bye(server: ServerTransaction): boolean {
    return this.#machine.handle('BYE', server)
  }

  ack(request: Request): void {
    if (request.cseq.number === this.#invite.cseq.number) this.#machine.handle('ACK', request)
  }

  /** A callee has no INVITE of its own. */
  response(): void {}

  abandon(): void {
    this.#machine.abandon()
    this.#session.close()
  }

  #reject(refusal: Refusal): boolean {
    this.#refusal = refusal
    return this.#machine.handle('reject')
  }

  /** Our answer to the INVITE's offer, or our offer where it has none (§13.2.1). False if nothing in the offer is acceptable. */
  #describes(): boolean {
    if (this.#body !== undefined) return true
    const answered = this.#offer.length === 0 ? success(this.#session.offer()) : this.#session.answer(this.#offer)
    if (answered.ok) this.#body = answered.value
    else {
      const { at, expected } = answered.issue
      this.#line.host.trace.remark('offer refused', { call: this.id, at, expected })
    }
    return answered.ok
  }

  #timerMs(timer: CalleeTimer, nth: number): number {
    const { t1Ms, t2Ms } = this.#line.timers
    switch (timer) {
      case '1xx refresh':
        return REFRESH_MS
      case '100':
        return nth === 0 ? TRYING_MS : Number.POSITIVE_INFINITY
      case 'answer after':
        return this.#options.answerAfterMs
      case 'expires':
        return this.#expiresMs()
      case '2xx core':
        return doubled(t1Ms, nth, t2Ms)
      case 'no ACK':
        return 64 * t1Ms
    }
  }

  #expiresMs(): number {
    const expires = this.#invite.first('Expires')
    return expires === undefined ? Number.POSITIVE_INFINITY : Number(expires) * 1000
  }

  #perform(action: CalleeAction, input: unknown): void {
    switch (action) {
      case 'try':
        this.#server.respond(answer(this.#invite, 100))
        return
      case 'ring':
        this.#server.respond(this.#making(180))
        return
      case 'answer':
        this.#answer()
        return
      case 'talk':
        if (this.#offer.length > 0) this.#session.talk()
        return
      case 'confirm':
        this.#confirm(input as Request)
        return
      case 'hush':
        this.#session.hush()
        return
      case 'refuse':
        this.#refuse(this.#refusal)
        return
      case 'terminate':
        this.#refuse({ status: 487, headers: [] })
        return
      case 'ok': {
        const server = input as ServerTransaction
        server.respond(answer(server.request, 200))
        return
      }
      case 'bye':
        this.#dialog = sendBye(this.#line, this.#dialog, this.#options.authorizer, () =>
          this.#machine.handle('BYE done'),
        )
        return
      case 'lose':
        this.#lose(String(input))
        return
    }
  }

  /** The 2xx: made once, sent again and again by the core until its ACK comes (§13.3.1.4). */
  #answer(): void {
    if (this.#ok === undefined) {
      const { contentType, bytes } = this.#body ?? bug(`call ${this.id} is answered without a session description`)
      this.#ok = this.#making(200, [...capabilities(), ['Content-Type', contentType]], bytes)
      this.#dialog = { ...this.#dialog, phase: 'confirmed' }
    }
    this.#server.respond(this.#ok)
  }

  /** Where the offer was ours, the ACK holds the answer. */
  #confirm(ack: Request): void {
    if (this.#offer.length > 0) return
    const accepted = this.#session.accept(descriptionIn(ack))
    if (accepted.ok) {
      this.#session.talk()
      return
    }
    const { at, expected } = accepted.issue
    this.#line.host.trace.remark('answer refused', { call: this.id, at, expected })
    this.#machine.handle('hang up')
  }

  /** Whoever called cannot be reached; his INVITE is answered all the same, so that its transaction ends and no copy of it finds it still ringing. */
  #lose(cause: string): void {
    this.#failure = { status: 503, reason: cause, local: true }
    this.#line.host.trace.remark('call lost', { call: this.id, cause })
    this.#server.respond(answer(this.#invite, 500, { toTag: this.tag }))
  }

  #refuse({ status, headers }: Refusal): void {
    const response = answer(this.#invite, status, { toTag: this.tag, headers })
    this.#failure = { status, reason: response.reason, local: true }
    this.#line.host.trace.remark('call refused', { call: this.id, status, reason: response.reason })
    this.#server.respond(response)
  }

  /** A response that makes the dialog: with Record-Route and Contact (§12.1.1). */
  #making(status: number, headers: readonly Header[] = [], body?: Uint8Array): Response {
    const routes = this.#invite.all('Record-Route').map((route): Header => ['Record-Route', route])
    const all: readonly Header[] = [
      ...routes,
      ['Contact', this.#line.contactTowards(this.#server.source.address)],
      ...headers,
    ]
    return answer(this.#invite, status, {
      toTag: this.tag,
      headers: all,
      ...(body === undefined ? {} : { body }),
    })
  }

  #end(): void {
    this.#session.close()
    this.#line.left(keyOf(this.#dialog))
    this.#options.ended(this, this.#failure)
  }
}
