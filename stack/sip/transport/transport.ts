// SIP over UDP (RFC 3261 §18): one socket, messages out and in, and what the network says of those that it could not deliver.

import type { Datagram, Endpoint, Host, UdpSocket, Unreachable } from '../../../platform/host.ts'
import type { Issue } from '../../../platform/result.ts'
import { printHost } from '../message/host.ts'
import type { Request, Response } from '../message/message.ts'
import { parseMessage } from '../message/parse.ts'
import type { Via } from '../message/via.ts'
import { rejectionOf } from './rejection.ts'
import { replyTo, SIP_PORT } from './via.ts'

export interface SipTransportOptions {
  /** UDP port to listen on and send from, 1–65535; default 5060. */
  readonly port?: number
  /** The host's address to use; default: its first. */
  readonly address?: string
}

/** Who takes what comes in: the transaction layer. */
export interface SipReceiver {
  /** A request as it came from `source`; its responses go to `replyTo`. */
  receiveRequest(request: Request, source: Endpoint, replyTo: Endpoint): void
  receiveResponse(response: Response): void
  /** What was sent to `to` did not get there. */
  unreachable(to: Endpoint, why: Unreachable): void
}

/** The ICMP errors that mean that a message cannot arrive; the others are ignored (§18.4). */
const ERRORS: ReadonlySet<Unreachable> = new Set([
  'network unreachable',
  'host unreachable',
  'port unreachable',
  'administratively prohibited',
])

/** CRLF CRLF, and whatever else keeps a NAT's mapping alive: too short for a message (RFC 5626 §3.5.1). */
const KEEP_ALIVE_BYTES = 4

/** First bytes below this are STUN's, on a port that has both (RFC 7983 §7). */
const STUN_BYTES = 4

const NOTHING = new Uint8Array(0)

/** One SIP port of a host. */
export class SipTransport {
  /** False: over UDP messages can be lost, and transactions repeat them. */
  readonly reliable: boolean = false
  /** Why the port could not be opened, if it could not: then nothing is sent or received. */
  readonly issue: Issue | undefined
  /** The address and port in our Vias, Contacts and Record-Routes, such as `192.168.1.10:5060`; IPv6 in brackets. */
  readonly sentBy: string
  readonly #host: Host
  readonly #socket: UdpSocket | undefined
  readonly #address: string
  readonly #port: number
  #receiver: SipReceiver | undefined
  #stun: ((datagram: Datagram) => void) | undefined

  constructor(host: Host, { port = SIP_PORT, address }: SipTransportOptions = {}) {
    this.#host = host
    this.#port = port
    this.#address = address ?? host.addresses()[0] ?? ''
    this.sentBy = `${printHost(this.#address)}:${port}`
    const opened = host.udp(address === undefined ? { port } : { port, address }, {
      received: (datagram) => this.#received(datagram),
      failed: (to, why) => {
        if (ERRORS.has(why)) this.#receiver?.unreachable(to, why)
      },
    })
    if (opened.ok) this.#socket = opened.value
    else this.issue = opened.issue
  }

  /** Hands everything that comes in to `receiver` from now on. */
  listen(receiver: SipReceiver): void {
    this.#receiver = receiver
  }

  /** Hands STUN to `taker` from now on; it is no SIP. */
  listenForStun(taker: (datagram: Datagram) => void): void {
    this.#stun = taker
  }

  /** The Via of a request that goes out here, with `rport` (§18.1.1, RFC 3581 §3). */
  via(branch: string): string {
    return `SIP/2.0/UDP ${this.sentBy};branch=${branch};rport`
  }

  /** True if `host` and `port` (default 5060) of a URI or Via are this port's. */
  isOurs(host: string, port: number | undefined): boolean {
    return host === this.#address && (port ?? SIP_PORT) === this.#port
  }

  /** Sends the bytes of a message. They go by reference and must never change. */
  send(bytes: Uint8Array, to: Endpoint): void {
    this.#socket?.send(to, NOTHING, bytes)
  }

  close(): void {
    this.#socket?.close()
  }

  #received(datagram: Datagram): void {
    if (datagram.length <= KEEP_ALIVE_BYTES) return
    const bytes = datagram.bytes()
    if (bytes[0]! < STUN_BYTES && this.#stun !== undefined) {
      this.#stun(datagram)
      return
    }
    const parsed = parseMessage(bytes)
    if (!parsed.ok) this.#refuse(bytes, parsed.issue, datagram.from)
    else if (parsed.value.kind === 'request') this.#request(parsed.value, datagram.from)
    else this.#response(parsed.value)
  }

  #request(request: Request, source: Endpoint): void {
    this.#receiver?.receiveRequest(request, source, this.#replyTo(request.via, source))
  }

  /** §18.1.2: the top Via must be what we wrote. */
  #response(response: Response): void {
    const { host, port } = response.via
    if (this.isOurs(host, port)) this.#receiver?.receiveResponse(response)
    else this.#host.trace.remark('response dropped: its top Via is not ours', { status: response.status, host })
  }

  #refuse(bytes: Uint8Array, issue: Issue, source: Endpoint): void {
    const rejection = rejectionOf(bytes, issue, source)
    const details = { from: source.address, at: issue.at, expected: issue.expected }
    this.#host.trace.remark(
      rejection === undefined ? 'malformed message dropped' : 'malformed request rejected',
      details,
    )
    if (rejection === undefined) return
    this.send(rejection.bytes, this.#replyTo(rejection.via, source))
  }

  #replyTo(via: Via, source: Endpoint): Endpoint {
    const [address, port] = replyTo(via, source)
    return address === source.address && port === source.port ? source : this.#host.endpoint(address, port)
  }
}
