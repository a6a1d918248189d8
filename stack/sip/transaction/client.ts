// A client transaction: sends a request until it is answered, and tells its owner what came of it.

import type { Endpoint, Host, Unreachable } from '../../../platform/host.ts'
import { type AnyMachine, Machine } from '../../machine/runner.ts'
import { request } from '../message/build.ts'
import type { Request, Response } from '../message/message.ts'
import { print } from '../message/print.ts'
import type { SipTransport } from '../transport/transport.ts'
import { inviteClient, inviteClientMs } from './inviteClient.ts'
import { clientKey } from './key.ts'
import { nonInviteClient, nonInviteClientMs } from './nonInviteClient.ts'
import type { SipTimers } from './timers.ts'

/** Why a transaction ended without an answer: Timer B, F or H, or the transport's error. */
export type Failure = 'timeout' | 'transport'

/** Who asked for a client transaction. */
export interface ClientOwner {
  /** A response that is not a repetition; after a 2xx to an INVITE, each further 2xx, repetitions too (RFC 6026 §7.2). */
  response(response: Response): void
  /** No answer will come. To be handled as if a 408 or a 503 had come (RFC 3261 §8.1.3.1). */
  failed(why: Failure, cause?: Unreachable): void
}

/** What a transaction needs of its layer. */
export interface ClientPlace {
  readonly host: Host
  readonly transport: SipTransport
  readonly timers: SipTimers
  /** Sends a request of its own transaction, its Via already there: a CANCEL. */
  start(request: Request, next: Endpoint, owner: ClientOwner): ClientTransaction
  clientEnded(client: ClientTransaction): void
}

/** One request on its way to one endpoint, and its responses. */
export class ClientTransaction {
  /** The request as it is sent, with its Via. */
  readonly request: Request
  readonly branch: string
  readonly key: string
  /** Where it is sent to. */
  readonly next: Endpoint
  readonly #owner: ClientOwner
  readonly #place: ClientPlace
  readonly #bytes: Uint8Array
  readonly #invite: boolean
  readonly #machine: AnyMachine
  #cancel: 'unasked' | 'held' | 'sent' = 'unasked'
  #ack: Uint8Array | undefined

  constructor(request: Request, next: Endpoint, owner: ClientOwner, place: ClientPlace) {
    this.request = request
    this.branch = request.vias[0]?.parameters.get('branch') ?? ''
    this.key = clientKey(this.branch, request.method)
    this.next = next
    this.#owner = owner
    this.#place = place
    this.#bytes = print(request)
    this.#invite = request.method === 'INVITE'
    this.#machine = this.#invite ? this.#inviteMachine() : this.#nonInviteMachine()
  }

  /** The state's name in its table, such as `calling`. */
  get state(): string {
    return this.#machine.state
  }

  /** Sends the request for the first time. For the layer. */
  begin(): void {
    this.#machine.handle('request')
  }

  /** Takes a response with this transaction's key. For the layer. */
  receive(response: Response): void {
    this.#machine.handle(responseEvent(response.status, this.#invite), response)
    if (this.#cancel === 'held' && this.#machine.state === 'proceeding') this.#sendCancel()
  }

  /** The network cannot reach `next`. For the layer. */
  unreachable(why: Unreachable): void {
    this.#machine.handle('transport error', why)
  }

  /**
   * Cancels an INVITE: its CANCEL goes out now, or is held until there is a 1xx (RFC 3261 §9.1). After a final response, nothing happens.
   * If 64·T1 after the CANCEL there is no final response, the owner hears of a timeout.
   */
  cancel(): void {
    if (!this.#invite || this.#cancel !== 'unasked') return
    if (this.#machine.state === 'proceeding') this.#sendCancel()
    else if (this.#machine.state === 'calling') {
      this.#cancel = 'held'
      this.#place.host.trace.remark('CANCEL held until a provisional response', { branch: this.branch })
    }
  }

  /** Ends the transaction without a word to anyone: timers stop, late responses find nothing. */
  abandon(): void {
    this.#machine.abandon()
    this.#place.clientEnded(this)
  }

  #sendCancel(): void {
    this.#cancel = 'sent'
    const { host, timers } = this.#place
    // Neither its 200 nor its failure says anything about the INVITE (§9.1).
    this.#place.start(cancelOf(this.request), this.next, { response: () => undefined, failed: () => undefined })
    host.after(64 * timers.t1Ms, () => this.#machine.handle('CANCEL unanswered'))
  }

  #inviteMachine(): AnyMachine {
    const { host, transport, timers } = this.#place
    return new Machine(inviteClient, {
      host,
      instance: this.branch,
      timerMs: (timer, nth) => inviteClientMs(timer, nth, timers, transport.reliable),
      perform: (action, _event, input) => this.#perform(action, input),
      ended: () => this.#place.clientEnded(this),
    })
  }

  #nonInviteMachine(): AnyMachine {
    const { host, transport, timers } = this.#place
    return new Machine(nonInviteClient, {
      host,
      instance: this.branch,
      timerMs: (timer, nth, state) => nonInviteClientMs(timer, nth, timers, transport.reliable, state),
      perform: (action, _event, input) => this.#perform(action, input),
      ended: () => this.#place.clientEnded(this),
    })
  }

  #perform(
    action: 'send request' | 'send ACK' | 'pass response' | 'report timeout' | 'report transport error',
    input: unknown,
  ): void {
    switch (action) {
      case 'send request':
        this.#place.transport.send(this.#bytes, this.next)
        return
      case 'send ACK':
        this.#ack ??= print(ackOf(this.request, input as Response))
        this.#place.transport.send(this.#ack, this.next)
        return
      case 'pass response':
        this.#owner.response(input as Response)
        return
      case 'report timeout':
        this.#owner.failed('timeout')
        return
      case 'report transport error':
        this.#owner.failed('transport', input as Unreachable)
        return
    }
  }
}

/** The event that a response of this status is: tables name INVITE's finals and the others' differently. */
export function responseEvent(status: number, invite: boolean): '1xx' | '2xx' | '300-699' | '200-699' {
  if (status < 200) return '1xx'
  if (!invite) return '200-699'
  return status < 300 ? '2xx' : '300-699'
}

/** The ACK that the transaction itself sends for a 3xx–6xx (RFC 3261 §17.1.1.3). */
function ackOf(invite: Request, response: Response): Request {
  return sibling(invite, 'ACK', response.first('To') ?? '')
}

/** RFC 3261 §9.1. */
function cancelOf(invite: Request): Request {
  return sibling(invite, 'CANCEL', invite.first('To') ?? '')
}

/** A request of the same Via, Request-URI, Route, From, Call-ID and CSeq number. */
function sibling(invite: Request, method: 'ACK' | 'CANCEL', to: string): Request {
  return request({
    method,
    uri: invite.uri,
    headers: [
      ['Via', invite.all('Via')[0] ?? ''],
      ['Max-Forwards', '70'],
      ...invite.all('Route').map((value): [string, string] => ['Route', value]),
      ['From', invite.first('From') ?? ''],
      ['To', to],
      ['Call-ID', invite.callId],
      ['CSeq', `${invite.cseq.number} ${method}`],
    ],
  })
}
