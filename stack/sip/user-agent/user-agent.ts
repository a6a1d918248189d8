// A user agent (RFC 3261 §8): its transport, transactions, reception and calls, put together. It decides nothing; its phone does.

import type { Held } from '../../../platform/holdings.ts'
import type { Datagram, Endpoint, Host } from '../../../platform/host.ts'
import type { RandomStream } from '../../../platform/random.ts'
import type { TransportAddress } from '../../stun/attributes.ts'
import type { Call } from '../call/call.ts'
import { IncomingCall, type IncomingOptions } from '../call/incoming.ts'
import type { Line, Requester } from '../call/line.ts'
import { OutgoingCall } from '../call/outgoing.ts'
import type { OutgoingOptions } from '../call/outgoingOptions.ts'
import type { Body, Session } from '../call/session.ts'
import type { Outbound } from '../dialog/requests.ts'
import { forIdentity } from '../dialog/routing.ts'
import type { Header } from '../message/build.ts'
import { literalAddress, printHost } from '../message/host.ts'
import type { Request } from '../message/message.ts'
import { printUri, type Uri, unescapeUri } from '../message/uri.ts'
import { token } from '../token.ts'
import type { ClientTransaction } from '../transaction/client.ts'
import { Failover, type Try } from '../transaction/failover.ts'
import { TransactionLayer } from '../transaction/layer.ts'
import type { ServerTransaction } from '../transaction/server.ts'
import type { SipTimers } from '../transaction/timers.ts'
import { type Located, locate } from '../transport/locate.ts'
import { reach } from '../transport/reach.ts'
import { SipTransport } from '../transport/transport.ts'
import { Calls } from './calls.ts'
import type { Refusal } from './inspection.ts'
import { KeepAlive, type KeepAliveOptions } from './keepAlive.ts'
import { type Desk, Reception } from './reception.ts'
import { StreamKeepAlive } from './streamKeepAlive.ts'

/** Who a user agent is. */
export interface Identity {
  /** Its address of record. */
  readonly aor: Uri
  /** Where requests outside a dialog go first; undefined: to their Request-URI's host. */
  readonly proxy: Uri | undefined
  /** Its port, 1–65535. */
  readonly port: number
  /** Over what its requests go; default UDP. Where it is TCP, its Contact says so, and it takes both. */
  readonly transport?: 'udp' | 'tcp' | undefined
  readonly timers: SipTimers
  /** What its INVITEs say besides what they must; default nothing. */
  readonly inviteHeaders?: readonly Header[]
}

/** Who decides what becomes of the calls that come. */
export interface Answerer {
  /** A call comes: takes it, with {@link UserAgent.take}, or answers the transaction. */
  offered(server: ServerTransaction): void
  /** Why an INVITE would be refused now: 486, …; undefined: it would not. */
  unreadiness(): Refusal | undefined
  /** What media it can have, as an answer to an OPTIONS from `peer` describes it (RFC 3264 §9). Absent: it says nothing of that. */
  abilities?(peer: string): Body
}

/** One user agent on one port. */
export class UserAgent implements Line, Desk {
  readonly host: Host
  readonly timers: SipTimers
  readonly aor: string
  readonly user: string | undefined
  readonly inviteHeaders: readonly Header[]
  readonly calls = new Calls()
  readonly #identity: Identity
  readonly #answerer: Answerer
  readonly #transport: SipTransport
  readonly #layer: TransactionLayer
  readonly #tokens: RandomStream
  #keepAlive: KeepAlive | undefined
  #pings: StreamKeepAlive | undefined
  /** Where its Contact was last, and that Contact. */
  #place = ''
  #contact = ''
  /** The addresses behind names of next hosts, where it has both versions of IP. */
  readonly #met = new Map<string, string>()
  /** Its Contact as those outside its NATs see it, where it knows. */
  #shown: string | undefined

  constructor(host: Host, identity: Identity, answerer: Answerer) {
    const { aor, port, timers } = identity
    this.host = host
    this.timers = timers
    this.inviteHeaders = identity.inviteHeaders ?? []
    this.#identity = identity
    this.#answerer = answerer
    this.#transport = new SipTransport(host, { port, tcp: identity.transport === 'tcp' ? 'preferred' : 'asked' })
    this.#layer = new TransactionLayer(host, this.#transport, timers, new Reception(this))
    this.#tokens = host.random('sip tokens')
    this.aor = `<${printUri(forIdentity(aor))}>`
    this.user = aor.user === undefined ? undefined : unescapeUri(aor.user)
  }

  contactTowards(peer: string): string {
    if (this.#shown !== undefined) return this.#shown
    const place = this.#transport.sentByTowards(peer)
    if (place !== this.#place) {
      this.#place = place
      this.#contact = this.#contactAt(place)
    }
    return this.#contact
  }

  nextHost(uri: Uri): string {
    const name = this.#nextName(uri)
    return this.#met.get(name) ?? name
  }

  /** Finds out of which version of IP the host is that requests to `uri` go to first, at once where that makes no difference. */
  meet(uri: Uri, done: () => void): void {
    const [first = '', ...others] = this.#transport.addresses
    const name = this.#nextName(uri)
    const isAsked = others.some((other) => other.includes(':') !== first.includes(':')) && !literalAddress(name)
    if (!isAsked) done()
    else {
      const found = (next: Endpoint | undefined): void => {
        if (next !== undefined) this.#met.set(name, next.address)
        done()
      }
      reach(this.host, this.#identity.proxy ?? uri, found, this.#transport.preferred)
    }
  }

  /** From now on its Contact is this address, as those outside its NATs see it. False if it was already. */
  moveTo({ address, port }: TransportAddress): boolean {
    const contact = this.#contactAt(`${printHost(address)}:${port}`)
    const moves = contact !== (this.#shown ?? this.contactTowards(''))
    this.#shown = contact
    return moves
  }

  /** Hands it the STUN that comes to its port, but for answers to its own keep-alives. */
  listenForStun(taker: (datagram: Datagram) => void): void {
    this.#transport.listenForStun((datagram) => {
      if (this.#keepAlive?.receive(datagram) !== true) taker(datagram)
    })
  }

  /** Sends what is no SIP from its port. */
  sendPlain(to: Endpoint, bytes: Uint8Array): void {
    this.#transport.send(bytes, to)
  }

  /** How many transactions are alive. */
  get transactions(): number {
    return this.#layer.size
  }

  /** Its transactions, its dialogs, and the calls that came. */
  get held(): readonly Held[] {
    return [...this.#layer.held, ...this.calls.held]
  }

  /** Calls `to`. */
  call(to: Uri, session: Session, options: OutgoingOptions): Call {
    const call = new OutgoingCall(this, to, session, options)
    call.begin()
    return call
  }

  /** Takes the call of an INVITE: it is offered then, and neither rings nor is answered before its user wishes so. */
  take(server: ServerTransaction, session: Session, options: IncomingOptions): Call {
    const invite = server.request
    const call = new IncomingCall(this, server, session, {
      ...options,
      ended: (ended, failure) => {
        this.calls.closed(server, invite)
        options.ended(ended, failure)
      },
    })
    this.calls.offered(server, call)
    call.begin()
    return call
  }

  /** Keeps its flow to where its requests go first alive (RFC 5626 §4.4); `changed` is told when that has become another one. */
  keepAlive(options: KeepAliveOptions, changed: (shown: TransportAddress | undefined) => void): void {
    const { proxy, aor } = this.#identity
    const flow = {
      first: (found: (next: Endpoint | undefined) => void): void =>
        reach(this.host, proxy ?? aor, found, this.#transport.preferred),
      send: (bytes: Uint8Array, to: Endpoint): void => this.#transport.send(bytes, to),
      ping: (bytes: Uint8Array, to: Endpoint): void => this.#transport.send(bytes, to, 'TCP'),
      drop: (to: Endpoint): void => this.#transport.drop(to),
      changed,
    }
    if (this.#transport.preferred === 'udp') this.#keepAlive = new KeepAlive(this.host, flow, options)
    else {
      const pings = new StreamKeepAlive(this.host, flow, options.everyMs)
      this.#pings = pings
      this.#transport.watchFlows({ pong: (from) => pings.pong(from), ended: (to) => pings.ended(to) })
    }
  }

  /** How many timers run that are of no transaction: those that keep its flow alive, and its connections' own. */
  get standingTimers(): number {
    return (this.#keepAlive?.timers ?? 0) + (this.#pings?.timers ?? 0) + this.#transport.timers
  }

  /** Ends everything at once: no transaction, no timer and no port is left. */
  close(): void {
    this.#keepAlive?.stop()
    this.#pings?.stop()
    this.#layer.close()
    this.#transport.close()
  }

  token(): string {
    return token(this.#tokens)
  }

  firstHop(outbound: Outbound): Outbound {
    const { proxy } = this.#identity
    return { ...outbound, next: proxy ?? outbound.next, isFirst: true }
  }

  request(outbound: Outbound, owner: Requester, begun?: (transaction: ClientTransaction) => void): void {
    const { preferred } = this.#transport
    const found: Located = (places, why) => {
      const attempt: Try = (next, one) => {
        this.#transport.heed(outbound.next, next, outbound.isFirst)
        return this.#layer.request(outbound.request, next, one)
      }
      if (owner.wanted?.() === false) return
      if (places.length === 0) owner.failed('transport', why)
      else if (places.length > 1) new Failover(places, attempt, owner, begun ?? (() => {})).begin()
      else {
        const transaction = attempt(places[0]!, owner)
        begun?.(transaction)
      }
    }
    locate(this.host, outbound.next, found, preferred)
  }

  send(outbound: Outbound): void {
    const found = (next: Endpoint | undefined, why: string): void => {
      if (next !== undefined) {
        this.#transport.heed(outbound.next, next)
        this.#layer.send(outbound.request, next)
      } else this.host.trace.remark('ACK not sent', { call: outbound.request.callId, why })
    }
    reach(this.host, outbound.next, found, this.#transport.preferred)
  }

  joined(key: string, call: Call): void {
    this.calls.joined(key, call)
  }

  left(key: string): void {
    this.calls.left(key)
  }

  invited(cancel: Request): ServerTransaction | undefined {
    return this.#layer.invited(cancel)
  }

  offered(server: ServerTransaction): void {
    this.#answerer.offered(server)
  }

  unreadiness(): Refusal | undefined {
    return this.#answerer.unreadiness()
  }

  abilities(peer: string): Body | undefined {
    return this.#answerer.abilities?.(peer)
  }

  #nextName(uri: Uri): string {
    const next = this.#identity.proxy ?? uri
    return next.parameters.get('maddr') ?? next.host
  }

  #contactAt(place: string): string {
    const { user } = this.#identity.aor
    const way = this.#identity.transport === 'tcp' ? ';transport=tcp' : ''
    return `<sip:${user === undefined ? '' : `${user}@`}${place}${way}>`
  }
}
