// A client transaction: sends a request until it is answered, and tells its owner what came of it.

import type { Endpoint, Host, Unreachable } from '../../../platform/host.ts'
import { type AnyMachine, Machine, type Wiring } from '../../machine/runner.ts'
import { request } from '../message/build.ts'
import type { Request, Response } from '../message/message.ts'
import { print } from '../message/print.ts'
import type { SipTransport, Way } from '../transport/transport.ts'
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
  /** Sends a request in a transaction of its own, its Via with this branch already there: a CANCEL. */
  start(request: Request, branch: string, next: Endpoint, owner: ClientOwner, way: Way): ClientTransaction
  clientEnded(client: ClientTransaction): void
}

type Action = 'send request' | 'send ACK' | 'pass response' | 'report timeout' | 'report transport error'

/** One request on its way to one endpoint, and its responses. */
export class ClientTransaction implements Wiring<string, string, Action, string> {
  /** Names it in the trace and in its Via. */
  readonly instance: string
  readonly key: string
  /** Where it is sent to. */
  readonly next: Endpoint
  readonly #owner: ClientOwner
  #way: Way
  /** The request for UDP, where only its size made it go over TCP. */
  #fallback: Request | undefined
  readonly #place: ClientPlace
  readonly #machine: AnyMachine
  readonly #isInvite: boolean
  /** With its Via. Both are let go at the final response: after that, transactions live long and say little. */
  #request: Request | undefined
  #bytes: Uint8Array | undefined
  #ack: Uint8Array | undefined
  #cancel: 'unasked' | 'held' | 'sent' = 'unasked'

  constructor(
    request: Request,
    branch: string,
    next: Endpoint,
    owner: ClientOwner,
    place: ClientPlace,
    way: Way,
    fallback?: Request,
  ) {
    this.#way = way
    this.#fallback = fallback
    this.#request = request
    this.#isInvite = request.method === 'INVITE'
    this.instance = branch
    this.key = clientKey(branch, request.method)
    this.next = next
    this.#owner = owner
    this.#place = place
    this.#machine = this.#isInvite ? new Machine(inviteClient, this) : new Machine(nonInviteClient, this)
  }

  /** Its table's name. */
  get machine(): string {
    return this.#isInvite ? inviteClient.name : nonInviteClient.name
  }

  /** The state's name in its table, such as `calling`. */
  get state(): string {
    return this.#machine.state
  }

  /** True if its owner has cancelled it. */
  get isCancelled(): boolean {
    return this.#cancel !== 'unasked'
  }

  /** Whose clock its machine runs on. */
  get host(): Host {
    return this.#place.host
  }

  /** Sends the request for the first time. For the layer. */
  begin(): void {
    this.#bytes = print(this.#request!)
    this.#machine.handle('request')
  }

  /** Takes a response with this transaction's key. For the layer. */
  receive(response: Response): void {
    this.#machine.handle(responseEvent(response.status, this.#isInvite), response)
    if (response.status >= 200) {
      this.#request = undefined
      this.#bytes = undefined
    } else if (this.#cancel === 'held' && this.#machine.state === 'proceeding') this.#sendCancel()
  }

  /** The network cannot reach `next`. For the layer. */
  unreachable(why: Unreachable): void {
    if (this.#fallback !== undefined && (this.state === 'calling' || this.state === 'trying')) this.#fallBack()
    else this.#machine.handle('transport error', why)
  }

  /**
   * Cancels an INVITE: its CANCEL goes out now, or is held until there is a 1xx (RFC 3261 §9.1). After a final response, nothing happens.
   * If 64·T1 after the CANCEL there is no final response, the owner hears of a timeout.
   */
  cancel(): void {
    if (!this.#isInvite || this.#cancel !== 'unasked') return
    if (this.#machine.state === 'proceeding') this.#sendCancel()
    else if (this.#machine.state === 'calling') {
      this.#cancel = 'held'
      this.host.trace.remark('CANCEL held until a provisional response', { branch: this.instance })
    }
  }

  /** Ends the transaction without a word to anyone: timers stop, late responses find nothing. */
  abandon(): void {
    this.#machine.abandon()
    this.#place.clientEnded(this)
  }

  /** For its machine. */
  timerMs(timer: string, nth: number, state: string): number {
    const { timers } = this.#place
    if (this.#isInvite) return inviteClientMs(timer as 'A', nth, timers, this.#way === 'TCP')
    return nonInviteClientMs(timer as 'E', nth, timers, this.#way === 'TCP', state as 'trying')
  }

  /** For its machine. */
  perform(action: Action, _event: string, input: unknown): void {
    switch (action) {
      case 'send request':
        this.#place.transport.send(this.#bytes!, this.next, this.#way)
        return
      case 'send ACK':
        this.#ack ??= print(ackOf(this.#request!, input as Response))
        this.#place.transport.send(this.#ack, this.next, this.#way)
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

  /** For its machine. */
  ended(): void {
    this.#place.clientEnded(this)
  }

  /** §18.1.1: there is no TCP at the other end, so the large request goes over UDP after all. */
  #fallBack(): void {
    this.#request = this.#fallback
    this.#fallback = undefined
    this.#bytes = print(this.#request!)
    this.#way = 'UDP'
    this.#place.transport.send(this.#bytes, this.next, this.#way)
    this.#machine.restart(this.#isInvite ? 'A' : 'E')
  }

  #sendCancel(): void {
    this.#cancel = 'sent'
    const { timers } = this.#place
    // Neither its 200 nor its failure says anything about the INVITE (§9.1).
    const nobody = { response: () => undefined, failed: () => undefined }
    this.#place.start(cancelOf(this.#request!), this.instance, this.next, nobody, this.#way)
    this.host.after(64 * timers.t1Ms, () => this.#machine.handle('CANCEL unanswered'))
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
      ['Via', invite.first('Via') ?? ''],
      ['Max-Forwards', '70'],
      ...invite.all('Route').map((value): [string, string] => ['Route', value]),
      ['From', invite.first('From') ?? ''],
      ['To', to],
      ['Call-ID', invite.callId],
      ['CSeq', `${invite.cseq.number} ${method}`],
    ],
  })
}
