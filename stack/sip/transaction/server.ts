// A server transaction: hands a request to the user once, and sends the user's responses until the client must have them.

import { bug } from '../../../platform/assert.ts'
import type { Endpoint, Host, Unreachable } from '../../../platform/host.ts'
import { type AnyMachine, Machine, type Wiring } from '../../machine/runner.ts'
import { answer } from '../message/answer.ts'
import type { Request, Response } from '../message/message.ts'
import { parseMessage } from '../message/parse.ts'
import { print } from '../message/print.ts'
import type { SipTransport, Way } from '../transport/transport.ts'
import { type Failure, responseEvent } from './client.ts'
import { inviteServer, inviteServerMs } from './inviteServer.ts'
import { MAGIC_COOKIE } from './key.ts'
import { nonInviteServer, nonInviteServerMs } from './nonInviteServer.ts'
import type { SipTimers } from './timers.ts'

/** Who answers requests: a phone's core, a proxy, a registrar. */
export interface TransactionUser {
  /**
   * A new request, CANCELs too (see `TransactionLayer.invited`). An INVITE is to be answered within 200 ms, if only with a 100
   * (RFC 3261 §17.2.1); a non-INVITE never with a 1xx of one's own: the transaction sends the 100 of RFC 4320 itself.
   */
  request(request: Request, server: ServerTransaction): void
  /** An ACK to a 2xx, which belongs to no transaction, or to one in `accepted`. */
  ack(request: Request): void
  /** A response that belongs to no transaction. By default it is dropped with a remark (RFC 6026 §7.2). */
  response?(response: Response): void
  /** No ACK came to a 3xx–6xx (`timeout`, Timer H), or a response could not get there. */
  failed?(server: ServerTransaction, why: Failure, cause?: Unreachable): void
}

/** What a transaction needs of its layer. */
export interface ServerPlace {
  readonly host: Host
  readonly transport: SipTransport
  readonly timers: SipTimers
  readonly user: TransactionUser
  serverEnded(server: ServerTransaction): void
}

type Action =
  | 'pass request'
  | 'pass ACK'
  | 'send 100'
  | 'send response'
  | 'send response again'
  | 'report timeout'
  | 'report transport error'

/** One request that came in, and its responses. */
export class ServerTransaction implements Wiring<string, string, Action, string> {
  /** Where it came from. */
  readonly source: Endpoint
  /** Where responses go (RFC 3261 §18.2.2). */
  readonly replyTo: Endpoint
  readonly key: string
  /** Over what it came, and its responses go. */
  readonly way: Way
  readonly #place: ServerPlace
  readonly #machine: AnyMachine
  readonly #isInvite: boolean
  /** Let go with the final response: after that, transactions live long and say little. */
  #request: Request | undefined
  #sent: Uint8Array | undefined

  constructor(request: Request, source: Endpoint, replyTo: Endpoint, key: string, place: ServerPlace, way: Way) {
    this.#request = request
    this.#isInvite = request.method === 'INVITE'
    this.source = source
    this.replyTo = replyTo
    this.key = key
    this.way = way
    this.#place = place
    this.#machine = this.#isInvite ? new Machine(inviteServer, this) : new Machine(nonInviteServer, this)
  }

  /**
   * The request as it came, its top Via completed with `received` and `rport` (RFC 3261 §18.2.1, RFC 3581 §4).
   * To be asked for before the final response: it is kept no longer.
   */
  get request(): Request {
    return this.#request ?? bug(`the request of ${this.key} was let go with its final response`)
  }

  /** Names it in the trace: the request's branch, if it has one. */
  get instance(): string {
    return this.key.startsWith(MAGIC_COOKIE) ? this.key.slice(0, this.key.indexOf(' ')) : this.key
  }

  /** Its table's name. */
  get machine(): string {
    return this.#isInvite ? inviteServer.name : nonInviteServer.name
  }

  /** The state's name in its table, such as `proceeding`. */
  get state(): string {
    return this.#machine.state
  }

  /** The To tag of the latest response; undefined before there is one. */
  get toTag(): string | undefined {
    const sent = this.#sent && parseMessage(this.#sent)
    return sent?.ok ? sent.value.toTag : undefined
  }

  /** Whose clock its machine runs on. */
  get host(): Host {
    return this.#place.host
  }

  /** Hands the request to the user. For the layer. */
  begin(): void {
    this.#machine.handle('request')
  }

  /** Takes a further request with this transaction's key: a copy, or an ACK. For the layer. */
  receive(request: Request): void {
    if (request.method === 'ACK') this.#machine.handle('ACK', request)
    else this.#machine.handle(this.#isInvite ? 'INVITE' : 'copy')
  }

  /** The network cannot reach `replyTo`. For the layer. */
  unreachable(why: Unreachable): void {
    this.#machine.handle('transport error', why)
  }

  /** Sends a response. A 2xx to an INVITE may be sent again and again; any other after a final one is dropped. */
  respond(response: Response): void {
    this.#machine.handle(responseEvent(response.status, this.#isInvite), response)
  }

  /** Sends a proxied 2xx to an INVITE whatever its state: also after another final response a 2xx goes back (RFC 3261 §16.7 step 5). */
  pass(response: Response): void {
    const isTaken = this.#machine.handle('2xx', response)
    if (!isTaken) this.#place.transport.send(print(response), this.replyTo, this.way)
  }

  /** Ends the transaction without a word to anyone: its timers stop. */
  abandon(): void {
    this.#machine.abandon()
    this.#place.serverEnded(this)
  }

  /** Ends a non-INVITE transaction that will have no final response, as RFC 4320 §4.2 orders in place of a 408. */
  neverRespond(): void {
    this.#machine.handle('no answer')
  }

  /** For its machine. */
  timerMs(timer: string, nth: number): number {
    const { timers } = this.#place
    if (this.#isInvite) return inviteServerMs(timer as 'G', nth, timers, this.way === 'TCP')
    return nonInviteServerMs(timer as 'J', timers, this.way === 'TCP')
  }

  /** For its machine. */
  perform(action: Action, _event: string, input: unknown): void {
    const { user } = this.#place
    switch (action) {
      case 'pass request':
        user.request(this.request, this)
        return
      case 'pass ACK':
        user.ack(input as Request)
        return
      case 'send 100':
        this.#send(answer(this.request, 100))
        return
      case 'send response':
        this.#send(input as Response)
        return
      case 'send response again':
        if (this.#sent !== undefined) this.#place.transport.send(this.#sent, this.replyTo, this.way)
        return
      case 'report timeout':
        user.failed?.(this, 'timeout')
        return
      case 'report transport error':
        user.failed?.(this, 'transport', input as Unreachable)
        return
    }
  }

  /** For its machine. */
  ended(): void {
    this.#place.serverEnded(this)
  }

  #send(response: Response): void {
    this.#sent = print(response)
    if (response.status >= 200) this.#request = undefined
    this.#place.transport.send(this.#sent, this.replyTo, this.way)
  }
}
