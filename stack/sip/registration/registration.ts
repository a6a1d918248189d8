// A phone's registration: performs what its table asks, and knows what the registrar granted.

import { Machine } from '../../machine/runner.ts'
import type { Line } from '../call/line.ts'
import { forRequestLine } from '../dialog/routing.ts'
import type { Authorizer } from '../digest/authorizer.ts'
import { type Header, request } from '../message/build.ts'
import { uriEqual } from '../message/equality.ts'
import type { Request, Response } from '../message/message.ts'
import { parseNameAddr } from '../message/nameAddr.ts'
import { printUri, type Uri } from '../message/uri.ts'
import { doubled } from '../transaction/timers.ts'
import { registration } from './states.ts'

export interface RegistrationOptions {
  /** The registrar: a URI without a user, such as `sip:example.com` (§10.2). */
  readonly registrar: Uri
  /** How long a binding is asked for, seconds, 1 to 2³²−1; default 3600. */
  readonly expiresSeconds?: number
  /** Answers challenges; absent: a challenge is a refusal. */
  readonly authorizer?: Pick<Authorizer, 'authorize' | 'credentials'> | undefined
}

/** What a registration needs of its user agent. */
export type RegisteringLine = Pick<
  Line,
  'host' | 'timers' | 'aor' | 'contactTowards' | 'nextHost' | 'meet' | 'token' | 'firstHop' | 'request'
>

/** Where the back-off begins and ends, ms (RFC 5626 §4.5: the base if all flows failed, and the most). */
const BASE_MS = 30_000
const MOST_MS = 1_800_000

const MOST_SECONDS = 4_294_967_295

const NOTHING = new Uint8Array(0)

/** One registration of one address of record at one registrar, until it is taken back. */
export class Registration {
  readonly #line: RegisteringLine
  readonly #options: RegistrationOptions
  readonly #registrar: Uri
  readonly #machine: Machine<string, string, string, 'refresh' | 'retry'>
  readonly #callId: string
  #cseq = 0
  #requestedSeconds: number
  #grantedSeconds = 0
  #failures = 0
  /** What a 503 asked for (RFC 3261 §20.33). */
  #retryAfterMs = 0
  #removing = false
  #asked: Request | undefined
  /** The Contacts that are bound perhaps: asked for, and not known to be gone. */
  #bound: ReadonlySet<string> = new Set()

  constructor(line: RegisteringLine, options: RegistrationOptions) {
    this.#line = line
    this.#options = options
    this.#registrar = forRequestLine(options.registrar)
    this.#callId = `${line.token()}@${line.host.addresses()[0]}`
    this.#requestedSeconds = options.expiresSeconds ?? 3600
    this.#machine = new Machine(registration, {
      host: line.host,
      instance: line.aor,
      timerMs: (timer) => (timer === 'refresh' ? this.#refreshMs() : this.#retryMs()),
      perform: (action, _event, input) => this.#perform(action, input),
    })
  }

  /** The state's name in its table, such as `registered`. */
  get state(): string {
    return this.#machine.state
  }

  /** How many timers run: that of its refresh, or of its next try. */
  get timers(): number {
    return registration.timers[this.#machine.state as keyof typeof registration.timers].length
  }

  /** Registers, or refreshes at once. False if that is not possible now: it is being done, or was taken back. */
  register(): boolean {
    return this.#machine.handle('register')
  }

  /** Takes the binding back, as soon as no REGISTER is unanswered. False if it was taken back already. */
  unregister(): boolean {
    return this.#machine.handle('unregister')
  }

  /** Ends without a word to the registrar. */
  abandon(): void {
    this.#machine.abandon()
  }

  /** Early enough that even a refresh to which Timer F sets an end leaves the binding alive; half way where it is shorter than that. */
  #refreshMs(): number {
    const grantedMs = this.#grantedSeconds * 1000
    return Math.max(grantedMs - 64 * this.#line.timers.t1Ms, grantedMs / 2)
  }

  /** RFC 5626 §4.5: half of it at least, by chance. */
  #retryMs(): number {
    const upperMs = doubled(BASE_MS, this.#failures, MOST_MS)
    const chance = this.#line.host.random('registration back-off').next()
    return Math.max(this.#retryAfterMs, upperMs * (0.5 + chance / 2))
  }

  #perform(action: (typeof registration.rows)[number][2][number], input: unknown): void {
    const { trace } = this.#line.host
    switch (action) {
      case 'send':
        this.#send(this.#requestedSeconds)
        return
      case 'send credentials':
        this.#send(this.#removing ? 0 : this.#requestedSeconds, input as readonly Header[])
        return
      case 'send longer':
        this.#requestedSeconds = Number((input as Response).first('Min-Expires'))
        this.#send(this.#requestedSeconds)
        return
      case 'send removal':
        this.#removing = true
        this.#send(0)
        return
      case 'note binding':
        trace.remark('registered', { seconds: this.#grantedSeconds })
        return
      case 'note failure':
      case 'note refusal':
        trace.remark('registration failed', { status: input as number })
        return
    }
  }

  /** Each time it is asked anew by which version of IP the registrar is reached: names move. */
  #send(expiresSeconds: number, credentials?: readonly Header[]): void {
    this.#line.meet(this.#registrar, () => {
      if (!this.#machine.ended) this.#register(expiresSeconds, credentials ?? this.#credentials())
    })
  }

  #register(expiresSeconds: number, credentials: readonly Header[]): void {
    const { aor } = this.#line
    const contact = this.#contact()
    this.#cseq++
    const headers: Header[] = [
      ['Max-Forwards', '70'],
      ['From', `${aor};tag=${this.#line.token()}`],
      ['To', aor],
      ['Call-ID', this.#callId],
      ['CSeq', `${this.#cseq} REGISTER`],
      ['Contact', contact],
      ...this.#leaving(contact),
      ['Expires', String(expiresSeconds)],
    ]
    this.#bound = new Set([...this.#bound, contact])
    const uri = this.#registrar
    this.#asked = request({ method: 'REGISTER', uri, headers: [...headers, ...credentials] })
    this.#line.request(this.#line.firstHop({ request: this.#asked, next: uri }), {
      response: (response) => this.#answered(response, contact),
      failed: (why) => this.#failed(why === 'timeout' ? 408 : 503),
    })
  }

  #contact(): string {
    return this.#line.contactTowards(this.#line.nextHost(this.#registrar))
  }

  /** The Contacts that we had before we moved go with the same request that brings the new one (§10.2.2). */
  #leaving(contact: string): readonly Header[] {
    return [...this.#bound].filter((old) => old !== contact).map((old): Header => ['Contact', `${old};expires=0`])
  }

  /** `contact`: what was asked for. */
  #answered(response: Response, contact: string): void {
    const { status } = response
    if (status < 200) return
    if (status < 300) {
      this.#retryAfterMs = 0
      this.#bound = new Set([contact])
      this.#grantedSeconds = this.#granted(response, contact)
      // A registrar that binds us for no time at all is not asked again at once.
      if (this.#grantedSeconds === 0 && !this.#removing) this.#failed(status)
      else {
        this.#failures = 0
        this.#machine.handle('2xx', response)
        // Who has moved meanwhile is not to be called where he was.
        if (this.#contact() !== contact) this.#machine.handle('register')
      }
    } else if (status === 401 || status === 407) this.#challenged(response)
    else if (status === 423 && this.#isBearable(Number(response.first('Min-Expires'))))
      this.#machine.handle('423', response)
    else if (status === 408 || (status >= 500 && status < 600)) {
      this.#retryAfterMs = 1000 * (Number.parseInt(response.first('Retry-After') ?? '0', 10) || 0)
      this.#failed(status)
    } else this.#machine.handle('refusal', status)
  }

  /** §10.2.8: longer than what was asked for, and no more than Expires can say. */
  #isBearable(seconds: number): boolean {
    return seconds > this.#requestedSeconds && seconds <= MOST_SECONDS
  }

  #challenged(response: Response): void {
    const credentials = this.#options.authorizer?.authorize(response, this.#asked!) ?? []
    if (credentials.length === 0) this.#machine.handle('refusal', response.status)
    else this.#machine.handle('challenge', credentials)
  }

  /** For those who have asked before (RFC 3261 §22.3). */
  #credentials(): readonly Header[] {
    return this.#options.authorizer?.credentials('REGISTER', printUri(this.#registrar), NOTHING) ?? []
  }

  #failed(status: number): void {
    this.#machine.handle('failure', status)
    this.#failures++
  }

  /** What the Contact got that was asked for, else the Expires header, else what was asked for (§10.2.4). */
  #granted(response: Response, asked: string): number {
    const ours = parseNameAddr(asked)
    const contacts = response.contacts === '*' ? [] : response.contacts
    const contact = ours.ok ? contacts.find(({ uri }) => uriEqual(uri, ours.value.uri)) : undefined
    const granted = contact?.parameters.get('expires') ?? response.first('Expires')
    return granted !== undefined && /^\d{1,10}$/.test(granted) ? Number(granted) : this.#requestedSeconds
  }
}
