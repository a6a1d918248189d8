// The transaction layer (RFC 3261 §17): finds the transaction that a message belongs to, or makes it.

import type { Held } from '../../../platform/holdings.ts'
import type { Endpoint, Host, Unreachable } from '../../../platform/host.ts'
import type { RandomStream } from '../../../platform/random.ts'
import { change, type Edit } from '../message/change.ts'
import type { Request, Response } from '../message/message.ts'
import { print } from '../message/print.ts'
import { token } from '../token.ts'
import type { SipReceiver, SipTransport, Way } from '../transport/transport.ts'
import { stamped } from '../transport/via.ts'
import { type ClientOwner, type ClientPlace, ClientTransaction } from './client.ts'
import { clientKey, isOfRfc2543, MAGIC_COOKIE, serverKey } from './key.ts'
import { type ServerPlace, ServerTransaction, type TransactionUser } from './server.ts'
import type { SipTimers } from './timers.ts'

/** Bytes of a request that go over UDP at most, where there is TCP and nothing is known of the way's MTU (RFC 3261 §18.1.1). */
const LARGEST_DATAGRAM = 1300

/** All transactions of one host's SIP port. */
export class TransactionLayer implements SipReceiver, ClientPlace, ServerPlace {
  readonly host: Host
  readonly transport: SipTransport
  readonly timers: SipTimers
  readonly user: TransactionUser
  readonly #clients = new Map<string, ClientTransaction>()
  readonly #servers = new Map<string, ServerTransaction>()
  readonly #branches: RandomStream

  constructor(host: Host, transport: SipTransport, timers: SipTimers, user: TransactionUser) {
    this.host = host
    this.transport = transport
    this.timers = timers
    this.user = user
    this.#branches = host.random('sip branch')
    transport.listen(this)
  }

  /** How many transactions are alive. */
  get size(): number {
    return this.#clients.size + this.#servers.size
  }

  /** All of them. */
  get held(): readonly Held[] {
    return [...this.#clients.values(), ...this.#servers.values()].map(({ machine, instance }) => {
      return { what: 'transaction', machine, instance }
    })
  }

  /**
   * Sends a request to `next` in a client transaction of its own, with a Via on top whose branch is random.
   * `suffix` ends the branch (a proxy's loop hash, §16.6 step 8); `edits` are made with the Via, at one go.
   */
  request(
    request: Request,
    next: Endpoint,
    owner: ClientOwner,
    suffix = '',
    edits: readonly Edit[] = [],
  ): ClientTransaction {
    const branch = this.#branch(suffix)
    const { transport } = this
    const way = transport.wayTo(next)
    const sent = this.#withVia(request, branch, edits, next, way)
    // §18.1.1: what may be too large for one datagram goes over TCP.
    if (way === 'TCP' || !transport.hasTcp || print(sent).length <= LARGEST_DATAGRAM) {
      return this.start(sent, branch, next, owner, way)
    }
    return this.start(this.#withVia(request, branch, edits, next, 'TCP'), branch, next, owner, 'TCP', sent)
  }

  /** Sends a request outside of any transaction, with a Via of its own: the ACK to a 2xx (§13.2.2.4, §16.11). */
  send(ack: Request, next: Endpoint, suffix = '', edits: readonly Edit[] = []): void {
    const way = this.transport.wayTo(next)
    this.transport.send(print(this.#withVia(ack, this.#branch(suffix), edits, next, way)), next, way)
  }

  /** The INVITE transaction that a CANCEL is for, if there is one (§9.2). */
  invited(cancel: Request): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, 'INVITE'))
  }

  /** Ends all transactions without a word to anyone. */
  close(): void {
    for (const client of [...this.#clients.values()]) client.abandon()
    for (const server of [...this.#servers.values()]) server.abandon()
  }

  /** As {@link request}, for one that has its Via already: a CANCEL. `fallback`: for UDP, if there is no TCP at `next`. For the transactions. */
  start(
    request: Request,
    branch: string,
    next: Endpoint,
    owner: ClientOwner,
    way: Way,
    fallback?: Request,
  ): ClientTransaction {
    const client = new ClientTransaction(request, branch, next, owner, this, way, fallback)
    this.#clients.set(client.key, client)
    client.begin()
    return client
  }

  /** For the transport. */
  receiveRequest(request: Request, source: Endpoint, replyTo: Endpoint, way: Way): void {
    const key = serverKey(request)
    const known = this.#servers.get(key)
    if (known !== undefined && (request.method !== 'ACK' || acknowledges(request, known))) {
      known.receive(request)
      return
    }
    if (request.method === 'ACK') {
      this.user.ack(stamped(request, source))
      return
    }
    const server = new ServerTransaction(stamped(request, source), source, replyTo, key, this, way)
    this.#servers.set(key, server)
    server.begin()
  }

  /** For the transport. */
  receiveResponse(response: Response): void {
    const branch = response.via.parameters.get('branch') ?? ''
    const client = this.#clients.get(clientKey(branch, response.cseq.method))
    if (client !== undefined) client.receive(response)
    else if (this.user.response !== undefined) this.user.response(response)
    else this.host.trace.remark('stray response dropped', { status: response.status, call: response.callId })
  }

  /** For the transport. A response that is still to come goes over another connection where this one has gone (RFC 3261 §18.2.2). */
  unreachable(to: Endpoint, why: Unreachable, isLost = true): void {
    // Errors are rare, and transactions are many: those that the error is about are looked for, and not kept apart.
    const clients = [...this.#clients.values()].filter(({ next }) => next === to)
    const servers = isLost ? [...this.#servers.values()].filter(({ replyTo }) => replyTo === to) : []
    for (const client of clients) client.unreachable(why)
    for (const server of servers) server.unreachable(why)
  }

  /** For the transactions. */
  clientEnded(client: ClientTransaction): void {
    if (this.#clients.get(client.key) === client) this.#clients.delete(client.key)
  }

  /** For the transactions. */
  serverEnded(server: ServerTransaction): void {
    if (this.#servers.get(server.key) === server) this.#servers.delete(server.key)
  }

  #branch(suffix: string): string {
    return `${MAGIC_COOKIE}${token(this.#branches)}${suffix}`
  }

  #withVia(request: Request, branch: string, edits: readonly Edit[], next: Endpoint, way: Way): Request {
    return change(request, [...edits, { prepend: 'Via', value: this.transport.via(branch, next, way) }])
  }
}

/** An ACK by RFC 2543's rules must bear the tag of the response, too (§17.2.3). */
function acknowledges(ack: Request, server: ServerTransaction): boolean {
  return !isOfRfc2543(ack) || ack.toTag === server.toTag
}
