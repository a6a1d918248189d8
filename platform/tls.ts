// What a program may ask of TLS (RFC 5246, RFC 8446): connections whose other side has shown who it is. The host keeps the certificates and
// knows whom it trusts; the program names them. `sim/` has a model of TLS without cryptography, `live/` Node's own.

import type {
  Connection,
  ConnectionEnd,
  ConnectionReceiver,
  ConnectOptions,
  Listener,
  ListenOptions,
} from './connection.ts'
import type { Endpoint } from './host.ts'
import type { Result } from './result.ts'

/** A host's TLS. */
export interface Tls {
  /** Takes secure connections at a port. Fails with an issue if the port is taken or the host has no such certificate. */
  listen(options: TlsListenOptions, acceptor: TlsAcceptor): Result<Listener>
  /** Begins to open a connection to `to`; the certificate that comes must be good for the server's name. */
  connect(to: Endpoint, options: TlsConnectOptions, receiver: TlsReceiver): Result<Connection>
}

export type TlsVersion = '1.2' | '1.3'

export interface TlsListenOptions extends ListenOptions {
  /** Which of the host's certificates it shows; absent: the first by their names. */
  readonly certificate?: string
  /** What it speaks above TLS (RFC 7301), the best first; absent: whatever comes. */
  readonly alpn?: readonly string[]
}

export interface TlsConnectOptions extends ConnectOptions {
  /** Whom it wants to reach: said in the first message, and to be found in the certificate. Absent: the address. */
  readonly serverName?: string
  /** What it can speak above TLS, the best first; absent: nothing is said of it. */
  readonly alpn?: readonly string[]
  /** False: goes on whatever the verdict on the certificate is. Default true. */
  readonly verify?: boolean
}

/** What a secure connection is, once it is. */
export interface SecureSession {
  readonly version: TlsVersion
  /** What both agreed to speak; undefined where neither side said. */
  readonly alpn: string | undefined
  /** True where an earlier session was taken up again: no certificate was shown. */
  readonly resumed: boolean
  /** On the server's certificate; a server knows nothing of its client and has `trusted`. */
  readonly verdict: CertificateVerdict
}

/** On a certificate: by whom it is signed, by the host's own clock, and for whom. */
export type CertificateVerdict = 'trusted' | 'untrusted' | 'expired' | 'not yet valid' | 'wrong name'

/** What a TLS listener calls. */
export interface TlsAcceptor {
  /** A connection is secure; gives who hears from it, or undefined to abort it. */
  accepted(connection: Connection, session: SecureSession): TlsReceiver | undefined
}

/** What a secure connection calls. */
export interface TlsReceiver extends Omit<ConnectionReceiver, 'connected' | 'closed'> {
  /** It is secure. Not called for those that a listener took. */
  secured?(session: SecureSession): void
  /** It is over, or never came about; nothing more is called. */
  closed(how: TlsEnd): void
}

/** How a secure connection ended. */
export interface TlsEnd extends Omit<ConnectionEnd, 'how'> {
  /**
   * As a connection, or: `not trusted`: the certificate's `verdict` is bad. `alert`: the other side gave up, with that `alert`.
   * `truncated`: it closed without saying that it has said all.
   */
  readonly how: ConnectionEnd['how'] | 'not trusted' | 'alert' | 'truncated'
  readonly verdict?: CertificateVerdict
  /** Such as `unknown_ca` (RFC 8446 §6). */
  readonly alert?: string
}
