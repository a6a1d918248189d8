// TLS on a live host, by Node's own. What Node does not tell: that the other side closed without saying so in TLS, which looks like a close.

import net from 'node:net'
import nodeTls from 'node:tls'
import type { Connection, ConnectionEnd, ConnectionReceiver, Listener } from '../platform/connection.ts'
import type { Endpoint } from '../platform/host.ts'
import { failure, type Result, success } from '../platform/result.ts'
import type {
  CertificateVerdict,
  SecureSession,
  Tls,
  TlsAcceptor,
  TlsConnectOptions,
  TlsEnd,
  TlsListenOptions,
  TlsReceiver,
} from '../platform/tls.ts'
import type { LiveConnection } from './connection.ts'
import type { Endpoints } from './endpoint.ts'
import type { LiveTcp } from './tcp.ts'

/** A certificate with its chain, and its key: PEM. */
export interface LiveCertificate {
  readonly certificate: string
  readonly key: string
}

/** What TLS needs of its host. */
export interface TlsHost {
  readonly name: string
  readonly endpoints: Endpoints
  readonly tcp: LiveTcp
  readonly certificates: Readonly<Record<string, LiveCertificate>>
  /** Authorities' certificates, PEM; undefined: those that come with Node. */
  readonly trusts: readonly string[] | undefined
  addresses(): readonly string[]
}

const VERDICTS: Readonly<Record<string, CertificateVerdict>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong name',
}

/** Secure connections, opened and taken. */
export class LiveTls implements Tls {
  readonly #host: TlsHost
  /** Sessions that can be taken up again, by the server's name and endpoint. */
  readonly #sessions = new Map<string, Buffer>()

  constructor(host: TlsHost) {
    this.#host = host
  }

  listen(options: TlsListenOptions, acceptor: TlsAcceptor): Result<Listener> {
    const { certificates, name } = this.#host
    const known = Object.keys(certificates).sort()
    const chosen = certificates[options.certificate ?? known[0] ?? '']
    if (chosen === undefined) {
      const list = known.length === 0 ? 'none' : known.join(', ')
      return failure('certificate', `a certificate of ${name} (${list}), not "${options.certificate ?? ''}"`)
    }
    const context = { cert: chosen.certificate, key: chosen.key, allowHalfOpen: true }
    const protocols = options.alpn === undefined ? {} : { ALPNProtocols: [...options.alpn] }
    const server = nodeTls.createServer({ ...context, ...protocols }, (socket) =>
      this.#accept(socket, options, acceptor),
    )
    server.on('tlsClientError', () => {})
    return this.#host.tcp.serve(options, server)
  }

  connect(to: Endpoint, options: TlsConnectOptions, receiver: TlsReceiver): Result<Connection> {
    const { serverName = to.address, alpn, verify = true } = options
    const from = this.#host.tcp.addressFor(to, options.address)
    if (!from.ok) return from
    const { trusts, endpoints } = this.#host
    const key = `${serverName} ${to.address} ${to.port}`
    const session = this.#sessions.get(key)
    const socket = nodeTls.connect({
      ...{ host: to.address, port: to.port, localAddress: from.value, allowHalfOpen: true, rejectUnauthorized: false },
      checkServerIdentity: (_, certificate) => nodeTls.checkServerIdentity(serverName, certificate),
      ...(options.port ? { localPort: options.port } : {}),
      ...(net.isIP(serverName) === 0 ? { servername: serverName } : {}),
      ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
      ...(trusts === undefined ? {} : { ca: [...trusts] }),
      ...(session === undefined ? {} : { session }),
    })
    socket.on('session', (kept) => this.#sessions.set(key, kept))
    const made = this.#host.tcp.wrap(socket, options, endpoints.at(from.value, options.port ?? 0), to)
    let refused: CertificateVerdict | undefined
    const secured = (): void => {
      const session = sessionOf(socket)
      if (session.verdict !== 'trusted' && verify) {
        refused = session.verdict
        socket.destroy()
      } else receiver.secured?.(session)
    }
    made.hear({ ...plainly(receiver), connected: secured, closed: (end) => receiver.closed(endOf(end, made, refused)) })
    socket.once('secureConnect', () => made.connected())
    return success(made)
  }

  #accept(socket: nodeTls.TLSSocket, options: TlsListenOptions, acceptor: TlsAcceptor): void {
    const { endpoints, tcp } = this.#host
    const local = endpoints.at(socket.localAddress ?? '0.0.0.0', socket.localPort ?? 0)
    const remote = endpoints.at(socket.remoteAddress ?? '0.0.0.0', socket.remotePort ?? 0)
    const made = tcp.wrap(socket, options, local, remote)
    const receiver = acceptor.accepted(made, { ...sessionOf(socket), verdict: 'trusted' })
    if (receiver === undefined) made.abort()
    else made.hear({ ...plainly(receiver), closed: (end) => receiver.closed(endOf(end, made, undefined)) })
  }
}

function plainly(receiver: TlsReceiver): Omit<ConnectionReceiver, 'closed'> {
  return {
    received: (bytes, start, end) => receiver.received(bytes, start, end),
    drained: () => receiver.drained?.(),
    ended: () => receiver.ended(),
  }
}

function sessionOf(socket: nodeTls.TLSSocket): SecureSession {
  const error = socket.authorizationError as unknown as string | Error | null | undefined
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : error
  return {
    version: socket.getProtocol() === 'TLSv1.2' ? '1.2' : '1.3',
    alpn: socket.alpnProtocol || undefined,
    resumed: socket.isSessionReused(),
    verdict: code === null || code === undefined || socket.authorized ? 'trusted' : (VERDICTS[code] ?? 'untrusted'),
  }
}

function endOf(end: ConnectionEnd, made: LiveConnection, refused: CertificateVerdict | undefined): TlsEnd {
  if (refused !== undefined) return { how: 'not trusted', verdict: refused }
  const [, alert] = /ALERT_(\w+)$/.exec(made.errorCode ?? '') ?? []
  return alert === undefined ? end : { how: 'alert', alert: alert.toLowerCase() }
}
