// A phone: makes and takes calls and talks, as its user and its options want it.

import type { Held, Holdings } from '../../platform/holdings.ts'
import type { Endpoint, Host, Program, RunningProgram } from '../../platform/host.ts'
import { failure, type Issue } from '../../platform/result.ts'
import type { Call, CallCommand } from '../sip/call/call.ts'
import type { Body } from '../sip/call/session.ts'
import { Authorizer } from '../sip/digest/authorizer.ts'
import { printHost } from '../sip/message/host.ts'
import type { Uri } from '../sip/message/uri.ts'
import { Registration } from '../sip/registration/registration.ts'
import type { ServerTransaction } from '../sip/transaction/server.ts'
import { RFC_TIMERS } from '../sip/transaction/timers.ts'
import { inquire } from '../sip/user-agent/inquiry.ts'
import type { Refusal } from '../sip/user-agent/inspection.ts'
import { type Answerer, UserAgent } from '../sip/user-agent/user-agent.ts'
import { Mirror } from '../stun/mirror.ts'
import { describedAbilities } from './abilities.ts'
import { Conversation, type Voice } from './conversation.ts'
import type { PhoneOptions } from './phoneOptions.ts'
import { checked, forwarding, invitationHeaders, known, refusalOf, serverNamed, sipUri } from './phoneWords.ts'
import { RtpPorts } from './rtpPorts.ts'

/**
 * The program. Verbs: `call` {to}, `answer`, `reject` {status, to}, `cancel`, `hang up`, `options` {to}, `register` (or refreshes at once), `unregister`. Those that are for a call that is there
 * take the newest one that they fit, or the one with the Call-ID that is given as `call`.
 */
export const phone: Program<PhoneOptions> = {
  name: 'phone',
  start: (host, options) => new Phone(host, options),
}

const COMMANDS: ReadonlySet<string> = new Set<CallCommand>(['answer', 'reject', 'cancel', 'hang up'])

/** One phone, running. */
export class Phone implements RunningProgram, Answerer {
  readonly #host: Host
  readonly #options: PhoneOptions
  readonly #voice: Voice
  /** Shows how the phone is seen from outside, where it has a STUN server. */
  readonly #mirror: Mirror | undefined
  readonly #userAgent: UserAgent
  /** Answers challenges; absent where the phone has no password. */
  readonly #authorizer: Authorizer | undefined
  readonly #registrar: Uri
  readonly #registration: Registration
  /** Those that have not ended, in the order in which they began. */
  readonly #calls = new Set<Call>()
  /** Of calls that are to go out as soon as the phone knows how it is seen. */
  readonly #dialling = new Set<Conversation>()
  #conversations = 0

  constructor(host: Host, options: PhoneOptions) {
    const { rtpPorts = '10000-20000', codecs = ['PCMU', 'PCMA'], talk = true, dscp, port = 5060 } = options
    this.#host = host
    this.#options = options
    this.#mirror = options.stun === undefined ? undefined : new Mirror(host, serverNamed(options.stun))
    this.#voice = { host, ports: new RtpPorts(rtpPorts), codecs: codecs.map(known), talk, dscp, mirror: this.#mirror }
    const proxy = options.proxy === undefined ? undefined : checked(sipUri(`sip:${options.proxy}`))
    const inviteHeaders = invitationHeaders(options.inviteHeaders ?? {})
    const who = { aor: checked(sipUri(options.aor)), proxy, inviteHeaders }
    const identity = { ...who, port, transport: options.transport, timers: options.timers ?? RFC_TIMERS }
    this.#userAgent = new UserAgent(host, identity, this)
    this.#authorizer = this.#authorizerOf(options.password)
    const { registrar = printHost(identity.aor.host) } = options
    this.#registrar = checked(sipUri(/^sips?:/.test(registrar) ? registrar : `sip:${registrar}`))
    this.#registration = this.#registrationOf()
    this.#userAgent.listenForStun((datagram) => void this.#mirror?.receive(datagram))
    if (options.register) this.#enter()
    if (options.keepAlive !== undefined) this.#userAgent.keepAlive(options.keepAlive, () => this.#flowChanged())
  }

  /** The calls that have not ended, in the order in which they began. */
  get calls(): readonly Call[] {
    return [...this.#calls]
  }

  /** How many transactions are alive: some outlive their call by half a minute. */
  get transactions(): number {
    return this.#userAgent.transactions
  }

  get holdings(): Holdings {
    return {
      dialogs: () => this.calls.flatMap(({ held }) => held ?? []),
      held: () => [...this.calls.map(({ id }): Held => ({ what: 'call', call: id })), ...this.#userAgent.held],
      ownPorts: () => [this.#options.port ?? 5060],
      standingTimers: () => this.#registration.timers + this.#userAgent.standingTimers,
    }
  }

  do(verb: string, parameters: Readonly<Record<string, unknown>>): Issue | undefined {
    if (verb === 'call' || verb === 'options') {
      const to = sipUri(parameters.to)
      if (!to.ok) return to.issue
      if (verb === 'call') this.#call(to.value)
      else this.#ask(to.value)
      return undefined
    }
    if (verb === 'register' || verb === 'unregister') return this.#enrol(verb)
    if (!COMMANDS.has(verb))
      return failure(verb, 'call, answer, reject, cancel, hang up, options, register or unregister').issue
    return this.#command(verb as CallCommand, parameters)
  }

  stop(): void {
    this.#mirror?.close()
    for (const conversation of this.#dialling) conversation.close()
    this.#dialling.clear()
    for (const call of this.#calls) call.abandon()
    this.#calls.clear()
    this.#registration.abandon()
    this.#userAgent.close()
  }

  /** A call comes: refused if the phone is told so or busy, else it rings. */
  offered(server: ServerTransaction): void {
    const refusal = this.unreadiness()
    const { address } = server.source
    const conversation = this.#conversation(() => address)
    const call = this.#userAgent.take(server, conversation, {
      answerAfterMs: this.#options.answerAfterMs ?? Number.POSITIVE_INFINITY,
      authorizer: this.#authorizer,
      ended: (ended) => this.#calls.delete(ended),
    })
    this.#calls.add(call)
    if (refusal === undefined) this.#prepare(conversation, () => call.command('ring'))
    else call.command('reject', refusal)
  }

  unreadiness(): Refusal | undefined {
    const { reject, forwardTo = [], lines = 1 } = this.#options
    if (forwardTo.length > 0) return forwarding(forwardTo, reject)
    if (reject !== undefined) return { status: reject, headers: [] }
    return this.#calls.size + this.#dialling.size < lines ? undefined : { status: 486, headers: [] }
  }

  abilities(peer: string): Body {
    return describedAbilities(this.#voice, ++this.#conversations, peer)
  }

  #authorizerOf(password: string | undefined): Authorizer | undefined {
    const { user } = this.#userAgent
    return password === undefined || user === undefined ? undefined : new Authorizer(this.#host, { user, password })
  }

  #registrationOf(): Registration {
    return new Registration(this.#userAgent, {
      registrar: this.#registrar,
      expiresSeconds: this.#options.expiresSeconds ?? 3600,
      authorizer: this.#authorizer,
    })
  }

  /** Registers for the first time, as soon as it knows what its Contact is to say. */
  #enter(): void {
    this.#locate(() => this.#registration.register())
  }

  #enrol(verb: 'register' | 'unregister'): Issue | undefined {
    if (verb === 'register' && this.#registration.state === 'idle') {
      this.#enter()
      return undefined
    }
    const done = verb === 'register' ? this.#registration.register() : this.#registration.unregister()
    return done
      ? undefined
      : failure(verb, `a registration that it fits, not one that is ${this.#registration.state}`).issue
  }

  #call(to: Uri): void {
    const { redirects = 'follow', redirectLimit } = this.#options
    const ended = (call: Call): unknown => this.#calls.delete(call)
    const options = { redirects, redirectLimit, ended, authorizer: this.#authorizer }
    const conversation = this.#conversation(() => this.#userAgent.nextHost(to))
    this.#dialling.add(conversation)
    const call = (): void => {
      if (!this.#dialling.delete(conversation)) return
      const made = this.#userAgent.call(to, conversation, options)
      if (!made.ended) this.#calls.add(made)
    }
    this.#userAgent.meet(to, () => {
      if (this.#dialling.has(conversation)) this.#prepare(conversation, call)
    })
  }

  /** Finds out, where there is a mirror, how both ports that a call needs are seen, both at once; then goes on. */
  #prepare(conversation: Conversation, goOn: () => void): void {
    let open = 2
    const done = (): void => {
      if (--open === 0) goOn()
    }
    this.#locate(done)
    conversation.prepare(done)
  }

  /** Finds out how the SIP port is seen, and puts that into Contact; then goes on, at once where there is no mirror. */
  #locate(goOn: () => void): void {
    if (this.#mirror === undefined) {
      goOn()
      return
    }
    const socket = { send: (to: Endpoint, _: Uint8Array, bytes: Uint8Array) => this.#userAgent.sendPlain(to, bytes) }
    this.#mirror.ask(socket, (shown) => {
      if (shown !== undefined && this.#userAgent.moveTo(shown)) this.#renew()
      goOn()
    })
  }

  /** RFC 5626 §4.4.2: what NATs knew of the flow is gone; the registrar is to know the new one. */
  #flowChanged(): void {
    this.#locate(() => this.#renew())
  }

  /** Refreshes the registration, if there is one. */
  #renew(): void {
    if (this.#registration.state === 'registered') this.#registration.register()
  }

  #command(command: CallCommand, parameters: Readonly<Record<string, unknown>>): Issue | undefined {
    const { call: id } = parameters
    const refusal = refusalOf(command === 'reject' ? parameters : {})
    if (!refusal.ok) return refusal.issue
    for (const call of [...this.#calls].reverse()) {
      if ((id === undefined || call.id === id) && call.command(command, refusal.value)) return undefined
    }
    if (id === undefined && (command === 'cancel' || command === 'hang up') && this.#giveUp()) return undefined
    return failure(command, `a call that it fits, not ${this.#states()}`).issue
  }

  /** The newest call that has not gone out yet never will. False if there is none. */
  #giveUp(): boolean {
    const conversation = [...this.#dialling].at(-1)
    if (conversation === undefined) return false
    this.#dialling.delete(conversation)
    conversation.close()
    this.#host.trace.remark('call given up before it went out')
    return true
  }

  #states(): string {
    const states = [...this.#calls].map(({ state }) => `one that is ${state}`)
    return states.length === 0 ? 'none at all' : states.join(' and ')
  }

  #ask(to: Uri): void {
    const heard = (status: number, reason: string, local: boolean): void =>
      this.#host.trace.remark('options answered', { status, reason, local })
    inquire(this.#userAgent, to, this.#authorizer, {
      response: ({ status, reason }) => {
        if (status >= 200) heard(status, reason, false)
      },
      failed: (why, cause) =>
        why === 'timeout' ? heard(408, 'Request Timeout', true) : heard(503, cause ?? 'Service Unavailable', true),
    })
  }

  #conversation(peer: () => string): Conversation {
    return new Conversation(this.#voice, ++this.#conversations, peer)
  }
}
