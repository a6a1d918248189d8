// A host's TLS: its certificates, whom it trusts, and the sessions that it or its clients can take up again.

import type { Connection, Listener, Tcp } from '../../../platform/connection.ts'
import type { Endpoint } from '../../../platform/host.ts'
import type { RandomStream } from '../../../platform/random.ts'
import { failure, type Result } from '../../../platform/result.ts'
import type {
  Tls,
  TlsAcceptor,
  TlsConnectOptions,
  TlsListenOptions,
  TlsReceiver,
  TlsVersion,
} from '../../../platform/tls.ts'
import type { HostTrace } from '../../../platform/trace.ts'
import { judge } from './certificate.ts'
import { TlsConnection } from './connection.ts'
import type { AlertName } from './handshake.ts'
import type { ClientHello } from './hello.ts'
import type { Choice, Ticket, TlsOwner } from './owner.ts'
import { type Certificate, PUBLIC_AUTHORITY, SESSION_MS, type TlsSettings } from './settings.ts'

const VERSIONS: readonly TlsVersion[] = ['1.3', '1.2']

/** What TLS needs of its host. */
export interface TlsMachine {
  readonly name: string
  readonly trace: HostTrace
  readonly tcp: Tcp
  now(): number
  addresses(): readonly string[]
}

interface Kept {
  readonly ticket: Ticket
  readonly untilMs: number
}

/** All of one host's TLS; a crash forgets its sessions. */
export class HostTls implements Tls {
  readonly #host: TlsMachine
  readonly #settings: TlsSettings
  readonly #random: RandomStream
  /** Client: the last ticket by the server's name and endpoint. Server: those given, by their first bytes. */
  readonly #sessions = new Map<string, Kept>()
  readonly #given = new Map<string, Kept>()

  constructor(host: TlsMachine, settings: TlsSettings, random: RandomStream) {
    this.#host = host
    this.#settings = settings
    this.#random = random
  }

  listen(options: TlsListenOptions, acceptor: TlsAcceptor): Result<Listener> {
    const certificates = this.#certificates()
    const name = options.certificate ?? Object.keys(certificates).sort()[0]!
    const certificate = certificates[name]
    if (certificate === undefined) {
      const known = Object.keys(certificates).join(', ')
      return failure('certificate', `a certificate of ${this.#host.name} (${known}), not "${name}"`)
    }
    return this.#host.tcp.listen(hasty(options), {
      accepted: (lower) => {
        const owner: TlsOwner = {
          ...this.#common(),
          ...{ certificate, verify: false, judge: () => 'trusted' },
          choose: (hello) => this.#choose(hello, options.alpn ?? []),
          keep: (ticket) => this.#remember(this.#given, ticket.bytes.join(), ticket),
          accepted: (connection, session) => acceptor.accepted(connection, session),
        }
        const made = new TlsConnection(owner, undefined, undefined)
        made.over(lower)
        return made
      },
    })
  }

  connect(to: Endpoint, options: TlsConnectOptions, receiver: TlsReceiver): Result<Connection> {
    const { serverName = to.address, alpn = [], verify = true } = options
    const { versions = VERSIONS, trusts = [PUBLIC_AUTHORITY] } = this.#settings
    const key = `${serverName} ${to.address} ${to.port}`
    const ticket = this.#recall(this.#sessions, key)
    const owner: TlsOwner = {
      ...this.#common(),
      ...{ verify, certificate: undefined },
      judge: (shown) => (shown === undefined ? 'untrusted' : judge(shown, serverName, this.#host.now(), trusts)),
      choose: () => 'unexpected_message',
      keep: (one) => this.#remember(this.#sessions, key, one),
      accepted: () => undefined,
    }
    const usable =
      ticket !== undefined && versions.includes(ticket.version) && (ticket.verdict === 'trusted' || !verify)
    const offer: ClientHello = {
      serverName,
      versions: [...versions].sort().reverse(),
      alpn,
      ticket: usable ? ticket : undefined,
    }
    const made = new TlsConnection(owner, offer, receiver)
    const lower = this.#host.tcp.connect(to, hasty(options), made)
    if (!lower.ok) return lower
    made.over(lower.value)
    return { ok: true, value: made }
  }

  /** A crash: sessions cannot be taken up again. */
  forget(): void {
    this.#sessions.clear()
    this.#given.clear()
  }

  #common() {
    return { trace: this.#host.trace, random: this.#random, plain: this.#settings.plain ?? false }
  }

  #certificates(): Readonly<Record<string, Certificate>> {
    return this.#settings.certificates ?? { default: { names: [this.#host.name, ...this.#host.addresses()] } }
  }

  #choose(hello: ClientHello, speaks: readonly string[]): Choice | AlertName {
    const own = this.#settings.versions ?? VERSIONS
    const version = VERSIONS.find((one) => own.includes(one) && hello.versions.includes(one))
    if (version === undefined) return 'protocol_version'
    const alpn = speaks.find((one) => hello.alpn.includes(one)) ?? (speaks.length === 0 ? hello.alpn[0] : undefined)
    if (alpn === undefined && hello.alpn.length > 0) return 'no_application_protocol'
    const known = hello.ticket && this.#recall(this.#given, hello.ticket.bytes.join())
    return { version, alpn, resumed: known !== undefined && known.version === version }
  }

  #remember(where: Map<string, Kept>, key: string, ticket: Ticket): void {
    const { resumption = true, sessionMs = SESSION_MS } = this.#settings
    if (resumption) where.set(key, { ticket, untilMs: this.#host.now() + sessionMs })
  }

  #recall(where: Map<string, Kept>, key: string): Ticket | undefined {
    const known = where.get(key)
    return known !== undefined && this.#host.now() <= known.untilMs ? known.ticket : undefined
  }
}

/** Without Nagle's algorithm, unless it is wanted: the last segment of a flight would wait for a round trip. So do TLS servers. */
function hasty<Options extends { readonly nagle?: boolean }>(options: Options): Options {
  return { ...options, nagle: options.nagle ?? false }
}
