// What becomes of a request that comes to a user agent (RFC 3261 §8.2, §12.2.2): inspected, brought to its call, treated as its method's row says.

import type { Host, Unreachable } from '../../../platform/host.ts'
import type { Call } from '../call/call.ts'
import type { Body } from '../call/session.ts'
import { answer } from '../message/answer.ts'
import type { Header } from '../message/build.ts'
import type { Request, Response } from '../message/message.ts'
import type { Failure } from '../transaction/client.ts'
import type { ServerTransaction, TransactionUser } from '../transaction/server.ts'
import type { Calls } from './calls.ts'
import { description } from './capabilities.ts'
import { acceptsSession, inspect, type Refusal } from './inspection.ts'
import { ALLOW, METHODS, type Treatment } from './methods.ts'

/** What the reception needs of its user agent. */
export interface Desk {
  readonly host: Pick<Host, 'random'>
  readonly calls: Calls
  /** The user part by which Request-URIs mean us; undefined: any. */
  readonly user: string | undefined
  /** A fresh tag. */
  token(): string
  /** The INVITE transaction that a CANCEL is for. */
  invited(cancel: Request): ServerTransaction | undefined
  /** A call comes. */
  offered(server: ServerTransaction): void
  /** Why an INVITE would be refused now; undefined: it would not. It is OPTIONS's answer outside a dialog (§11.2). */
  unreadiness(): Refusal | undefined
  /** What media it can have, for an answer to an OPTIONS from `peer` (RFC 3264 §9); undefined: nothing is said of that. */
  abilities(peer: string): Body | undefined
}

/** The transaction layer's user of a phone. */
export class Reception implements TransactionUser {
  readonly #desk: Desk

  constructor(desk: Desk) {
    this.#desk = desk
  }

  request(request: Request, server: ServerTransaction): void {
    const { calls, user } = this.#desk
    const refusal = inspect(request, user, calls.merges(request))
    if (refusal !== undefined) {
      this.#respond(server, refusal.status, refusal.headers)
      return
    }
    const method = METHODS[request.method]!
    if (request.method === 'CANCEL' || request.toTag === undefined) {
      this.#treat(method.outside, server, undefined)
      return
    }
    const call = calls.follow(request)
    if (call === undefined) this.#treat('no such call', server, undefined)
    else if (call.follows(request)) this.#treat(method.within, server, call)
    else this.#respond(server, 500)
  }

  ack(request: Request): void {
    this.#desk.calls.follow(request)?.ack(request)
  }

  /** A 2xx that its INVITE's transaction did not live to see still wants its ACK. */
  response(response: Response): void {
    if (response.cseq.method === 'INVITE' && response.status >= 200 && response.status < 300) {
      this.#desk.calls.answered(response)?.response(response)
    }
  }

  failed(server: ServerTransaction, why: Failure, cause?: Unreachable): void {
    if (why === 'transport') this.#desk.calls.invited(server)?.lost(cause ?? why)
  }

  #treat(treatment: Treatment, server: ServerTransaction, call: Call | undefined): void {
    switch (treatment) {
      case 'offer call':
        this.#desk.offered(server)
        return
      case 'cancel call':
        this.#cancel(server)
        return
      case 'end call':
        if (call?.bye(server) !== true) this.#respond(server, 481)
        return
      case 'describe':
        this.#describe(server, call === undefined ? this.#desk.unreadiness() : undefined)
        return
      case 'refuse change':
        this.#refuseChange(server, call)
        return
      case 'no such call':
      case 'confirm call':
      case 'not allowed':
        this.#respond(server, 481)
        return
    }
  }

  /** §11.2: the status and the Contacts of a 3xx are those that an INVITE would get; a 200 holds a description, if whoever asked bears it. */
  #describe(server: ServerTransaction, refusal: Refusal | undefined): void {
    const says: readonly Header[] = [['Allow', ALLOW], ...description()]
    const body =
      refusal === undefined && acceptsSession(server.request) ? this.#desk.abilities(server.source.address) : undefined
    if (refusal !== undefined) this.#respond(server, refusal.status, [...refusal.headers, ...says])
    else if (body === undefined) this.#respond(server, 200, says)
    else this.#respond(server, 200, [...says, ['Content-Type', body.contentType]], body.bytes)
  }

  /** §14.2: not while another INVITE of the call is pending; and else the session stays as it is. */
  #refuseChange(server: ServerTransaction, call: Call | undefined): void {
    if (call?.pending === 'received') {
      const seconds = this.#desk.host.random('retry after').below(11)
      this.#respond(server, 500, [['Retry-After', String(seconds)]])
    } else this.#respond(server, call?.pending === 'sent' ? 491 : 488)
  }

  /** §9.2: the CANCEL is answered in its own right, with the To tag of the INVITE's responses. */
  #cancel(server: ServerTransaction): void {
    const invite = this.#desk.invited(server.request)
    if (invite === undefined) {
      this.#respond(server, 481)
      return
    }
    const call = this.#desk.calls.invited(invite)
    server.respond(answer(server.request, 200, { toTag: call?.tag ?? invite.toTag ?? this.#desk.token() }))
    call?.cancel()
  }

  #respond(server: ServerTransaction, status: number, headers: readonly Header[] = [], body?: Uint8Array): void {
    const toTag = server.request.toTag === undefined ? this.#desk.token() : undefined
    server.respond(answer(server.request, status, { toTag, headers, ...(body && { body }) }))
  }
}
