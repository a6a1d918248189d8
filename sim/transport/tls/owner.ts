// What a TLS connection asks of its host's TLS.

import type { RandomStream } from '../../../platform/random.ts'
import type { CertificateVerdict, SecureSession, TlsReceiver, TlsVersion } from '../../../platform/tls.ts'
import type { HostTrace } from '../../../platform/trace.ts'
import type { TlsConnection } from './connection.ts'
import type { AlertName } from './handshake.ts'
import type { ClientHello } from './hello.ts'
import type { Certificate } from './settings.ts'

/** A session that can be taken up again. */
export interface Ticket {
  readonly bytes: Uint8Array
  readonly version: TlsVersion
  readonly verdict: CertificateVerdict
}

/** What a connection asks of its host's TLS. */
export interface TlsOwner {
  readonly trace: HostTrace
  readonly random: RandomStream
  readonly plain: boolean
  /** Client: the verdict on what it was shown. */
  judge(certificate: Certificate | undefined): CertificateVerdict
  /** Client: whether a bad verdict ends the connection. */
  readonly verify: boolean
  /** Server: what it shows. */
  readonly certificate: Certificate | undefined
  /** Server: the version and protocol that answer the offer, or the alert that refuses it; and whether its ticket is good. */
  choose(hello: ClientHello): Choice | AlertName
  /** Client: a ticket for next time. Server: one that it has given. */
  keep(ticket: Ticket): void
  /** Server: the connection is secure; who hears from it. */
  accepted(connection: TlsConnection, session: SecureSession): TlsReceiver | undefined
}

/** A server's choice. */
export interface Choice {
  readonly version: TlsVersion
  readonly alpn: string | undefined
  readonly resumed: boolean
}
