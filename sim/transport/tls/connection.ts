// A TLS connection over a TCP one: its handshake's steps, its records, its alerts.

import type { Connection, ConnectionEnd, ConnectionReceiver } from '../../../platform/connection.ts'
import type { Endpoint } from '../../../platform/host.ts'
import type { CertificateVerdict, SecureSession, TlsEnd, TlsReceiver } from '../../../platform/tls.ts'
import { Tap } from '../tap.ts'
import { readCertificate } from './certificate.ts'
import { ALERTS, type AlertName, MESSAGES, stepTls, type TlsAction, type TlsEvent, type TlsState } from './handshake.ts'
import { type ClientHello, readClientHello, readEncryptedExtensions, readServerHello } from './hello.ts'
import { bodyOf, MessageReader, newTicket, readTicket, writeTicket } from './messages.ts'
import { Outgoing } from './outgoing.ts'
import type { Choice, TlsOwner } from './owner.ts'
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, RecordReader } from './record.ts'
import type { Certificate } from './settings.ts'

const TLS_MACHINE = 'tls'

const ALERT_OF: Readonly<Record<Exclude<CertificateVerdict, 'trusted'>, AlertName>> = {
  untrusted: 'unknown_ca',
  expired: 'certificate_expired',
  'not yet valid': 'certificate_expired',
  'wrong name': 'bad_certificate',
}

/** One secure connection of a simulated host. */
export class TlsConnection implements Connection, ConnectionReceiver {
  readonly #owner: TlsOwner
  readonly #offer: ClientHello | undefined
  #receiver: TlsReceiver | undefined
  #lower: Connection | undefined
  #state: TlsState
  #choice: Choice = { version: '1.3', alpn: undefined, resumed: false }
  #sessionId: Uint8Array = new Uint8Array(0)
  #shown: Certificate | undefined
  #verdict: CertificateVerdict = 'trusted'
  readonly #reader = new RecordReader()
  readonly #outgoing: Outgoing
  readonly #tap: Tap
  readonly #messages = new MessageReader()
  /** What the program has sent before the connection was secure. */
  #early: Uint8Array[] = []
  #closing = false
  #ended = false
  #over = false
  #failure: TlsEnd | undefined

  /** `offer`: a client's; a server has none. */
  constructor(owner: TlsOwner, offer: ClientHello | undefined, receiver: TlsReceiver | undefined) {
    this.#owner = owner
    this.#outgoing = new Outgoing(owner.plain)
    this.#tap = new Tap(owner.trace, 'tls', this)
    this.#offer = offer
    this.#receiver = receiver
    this.#state = offer === undefined ? 'server awaits ClientHello' : 'client start'
  }

  get local(): Endpoint {
    return this.#lower!.local
  }

  get remote(): Endpoint {
    return this.#lower!.remote
  }

  get unacknowledged(): number {
    return this.#early.reduce((sum, { length }) => sum + length, this.#lower!.unacknowledged)
  }

  /** The TCP connection that carries it; once, at the beginning. */
  over(lower: Connection): void {
    this.#lower = lower
    this.#outgoing.over(lower)
  }

  send(bytes: Uint8Array): boolean {
    if (this.#closing || this.#over || this.#failure !== undefined) return false
    this.#tap.written(bytes)
    if (this.#state !== 'open') {
      this.#early.push(bytes)
      return true
    }
    return this.#outgoing.data(bytes)
  }

  close(): void {
    if (this.#closing || this.#over) return
    this.#closing = true
    if (this.#state === 'open') this.#farewell()
  }

  abort(): void {
    this.#over = true
    this.#lower!.abort()
  }

  pause(): void {
    this.#lower!.pause()
  }

  resume(): void {
    this.#lower!.resume()
  }

  connected(): void {
    if (this.#offer !== undefined) this.#handle('connected')
  }

  received(bytes: Uint8Array, start: number, end: number): void {
    this.#reader.add(bytes, start, end)
    for (let record = this.#reader.next(); record !== undefined && !this.#over; record = this.#reader.next()) {
      if (this.#failure !== undefined) return
      const { type, body } = record
      if (type === HANDSHAKE) this.#takeMessages(body)
      else if (type === ALERT) this.#takeAlert(body)
      else if (type === CHANGE_CIPHER_SPEC) this.#takeCipherSpec()
      else if (type === APPLICATION_DATA && this.#state === 'open') this.#hand(body)
      else this.#fail('unexpected_message')
    }
  }

  drained(): void {
    if (this.#state === 'open' && !this.#over) this.#receiver?.drained?.()
  }

  ended(): void {
    if (!this.#ended && this.#failure === undefined) {
      this.#failure = { how: 'truncated' }
      this.#lower!.close()
    }
    if (this.#closing || this.#failure !== undefined) this.#lower!.close()
  }

  closed({ how, icmp }: ConnectionEnd): void {
    if (this.#over) return
    this.#over = true
    const end = this.#failure ?? (how === 'done' && this.#state !== 'open' ? { how: 'truncated' as const } : { how })
    this.#receiver?.closed(icmp === undefined ? end : { ...end, icmp })
  }

  #handle(event: TlsEvent): void {
    const row = stepTls(this.#state, event)
    if (row === undefined) {
      this.#fail('unexpected_message')
      return
    }
    const [from, , actions, next] = row
    this.#state = next
    this.#record(from, event, next)
    for (const action of actions) {
      this.#perform(action)
      if (this.#failure !== undefined || this.#over) return
    }
    this.#outgoing.flush()
  }

  #perform(action: TlsAction): void {
    const { version } = this.#choice
    switch (action) {
      case 'ChangeCipherSpec':
        // In TLS 1.3 it is only there for boxes on the way (RFC 8446 §D.4).
        this.#outgoing.changeCipherSpec()
        if (version === '1.2' || this.#offer !== undefined) this.#outgoing.protect(version)
        return
      case 'NewSessionTicket':
        this.#giveTicket()
        return
      case 'verify':
        this.#verify()
        return
      case 'secured':
        this.#secured()
        return
      default: {
        const agreed = { offer: this.#offer, choice: this.#choice, sessionId: this.#sessionId }
        this.#outgoing.say(action, bodyOf(action, agreed, this.#owner))
        if (action === 'ServerHello' && version === '1.3') this.#outgoing.protect(version)
      }
    }
  }

  #takeMessages(body: Uint8Array): void {
    this.#messages.add(body)
    while (this.#failure === undefined) {
      const message = this.#messages.next()
      if (message === undefined) return
      this.#takeMessage(message.type, message.body)
    }
  }

  #takeMessage(type: number, body: Uint8Array): void {
    switch (type) {
      case MESSAGES.ClientHello:
        this.#takeClientHello(body)
        return
      case MESSAGES.ServerHello: {
        this.#choice = readServerHello(body)
        const { version, resumed } = this.#choice
        if (version === '1.3') this.#reader.protect(version)
        const isResumed = resumed && this.#offer?.ticket !== undefined
        this.#choice = { ...this.#choice, resumed: isResumed }
        this.#handle(
          version === '1.3' ? 'ServerHello 1.3' : isResumed ? 'ServerHello 1.2 with ticket' : 'ServerHello 1.2',
        )
        return
      }
      case MESSAGES.EncryptedExtensions:
        this.#choice = { ...this.#choice, alpn: readEncryptedExtensions(body) }
        return
      case MESSAGES.Certificate:
        this.#shown = readCertificate(body)
        return
      case MESSAGES.NewSessionTicket:
        this.#takeTicket(body)
        return
      case MESSAGES.ServerHelloDone:
        this.#handle('ServerHelloDone')
        return
      case MESSAGES.Finished:
        this.#handle('Finished')
        return
      case MESSAGES.CertificateVerify:
      case MESSAGES.ServerKeyExchange:
      case MESSAGES.ClientKeyExchange:
        return
      default:
        this.#fail('unexpected_message')
    }
  }

  #takeClientHello(body: Uint8Array): void {
    const hello = readClientHello(body)
    const choice = this.#owner.choose(hello)
    if (typeof choice === 'string') {
      this.#fail(choice)
      return
    }
    this.#choice = choice
    this.#sessionId = hello.sessionId
    if (choice.version === '1.3') this.#reader.protect('1.3')
    this.#handle(`ClientHello ${choice.version}${choice.resumed ? ' with ticket' : ''}`)
  }

  /** TLS 1.2: what follows is protected. */
  #takeCipherSpec(): void {
    const { version } = this.#choice
    if (version === '1.2') this.#reader.protect(version)
  }

  #takeAlert(body: Uint8Array): void {
    const [, code] = body
    if (code === ALERTS.close_notify) {
      this.#ended = true
      this.#receiver?.ended()
      return
    }
    const alert = Object.entries(ALERTS).find(([, value]) => value === code)?.[0] ?? `alert ${code}`
    this.#failure = { how: 'alert', alert }
    this.#lower!.close()
  }

  #giveTicket(): void {
    const { version } = this.#choice
    const bytes = newTicket(this.#owner.random)
    this.#owner.keep({ bytes, version, verdict: 'trusted' })
    this.#outgoing.say('NewSessionTicket', writeTicket(version, bytes))
  }

  #takeTicket(body: Uint8Array): void {
    const { version } = this.#choice
    this.#owner.keep({ bytes: readTicket(version, body), version, verdict: this.#verdict })
  }

  #verify(): void {
    if (this.#choice.resumed) return
    this.#verdict = this.#owner.judge(this.#shown)
    if (this.#verdict === 'trusted' || !this.#owner.verify) return
    if (this.#choice.version === '1.3') this.#perform('ChangeCipherSpec')
    this.#fail(ALERT_OF[this.#verdict])
    this.#failure = { how: 'not trusted', verdict: this.#verdict }
  }

  #secured(): void {
    this.#outgoing.flush()
    const { version, alpn, resumed } = this.#choice
    const session: SecureSession = { version, alpn, resumed, verdict: this.#verdict }
    if (this.#offer !== undefined) this.#receiver?.secured?.(session)
    else {
      this.#receiver = this.#owner.accepted(this, session)
      if (this.#receiver === undefined) {
        this.abort()
        return
      }
    }
    const early = this.#early
    this.#early = []
    for (const bytes of early) if (!this.#over) this.#outgoing.data(bytes)
    if (this.#closing && !this.#over) this.#farewell()
  }

  #hand(body: Uint8Array): void {
    this.#tap.read(body, 0, body.length)
    this.#receiver?.received(body, 0, body.length)
  }

  #farewell(): void {
    this.#outgoing.flush()
    this.#outgoing.alert(1, 'close_notify')
    this.#lower!.close()
  }

  #fail(alert: AlertName): void {
    this.#failure = { how: 'alert', alert }
    this.#outgoing.flush()
    this.#outgoing.alert(2, alert)
    this.#lower!.close()
  }

  #record(from: string, event: string, to: string): void {
    const { trace } = this.#owner
    if (!trace.on) return
    const { local, remote } = this
    trace.transition(TLS_MACHINE, `${local.address}:${local.port} ${remote.address}:${remote.port}`, from, event, to)
  }
}
