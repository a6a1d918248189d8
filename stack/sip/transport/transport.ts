// SIP's transport (RFC 3261 §18): one port, over UDP and, where that is wanted, TCP; messages out and in, and what the network says of
// those that it could not deliver.

import { addressTowards } from '../../../platform/address.ts'
import type { Datagram, Endpoint, Host, UdpSocket, Unreachable } from '../../../platform/host.ts'
import type { Issue } from '../../../platform/result.ts'
import { literalAddress, printHost } from '../message/host.ts'
import type { Request, Response } from '../message/message.ts'
import { parseMessage } from '../message/parse.ts'
import type { Uri } from '../message/uri.ts'
import type { Via } from '../message/via.ts'
import { rejectionOf } from './rejection.ts'
import { SipStreams } from './streams.ts'
import { replyTo, SIP_PORT } from './via.ts'

export interface SipTransportOptions {
  /** The port to listen on, and over UDP to send from, 1–65535; default 5060. */
  readonly port?: number
  /**
   * Absent: no TCP. `asked`: only where a URI asks for it; `taken`: there, and for those who come with it; `preferred`: for all first
   * requests whose URI does not say otherwise, and whatever else goes to the same place.
   */
  readonly tcp?: 'asked' | 'taken' | 'preferred' | undefined
  /** The host's address to use; default: its first. */
  readonly address?: string
}

/** Over what a message goes, as a Via says it. */
export type Way = 'UDP' | 'TCP'

/** Who takes what comes in: the transaction layer. */
export interface SipReceiver {
  /** A request as it came from `source`; its responses go to `replyTo`, over `way`. */
  receiveRequest(request: Request, source: Endpoint, replyTo: Endpoint, way: Way): void
  receiveResponse(response: Response): void
  /** What was sent to `to` did not get there; or, where it is not `isLost`, only the connection has gone over which it went. Default true. */
  unreachable(to: Endpoint, why: Unreachable, isLost?: boolean): void
}

/** Who watches over the connections that were opened here. */
export interface FlowWatch {
  /** The far end has answered a ping. */
  pong(from: Endpoint): void
  ended(to: Endpoint): void
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
  /** Why the port could not be opened, if it could not: then nothing is sent or received. */
  readonly issue: Issue | undefined
  /** The address and port in our Vias, Contacts and Record-Routes, such as `192.168.1.10:5060`; IPv6 in brackets. */
  readonly sentBy: string
  readonly #host: Host
  readonly #socket: UdpSocket | undefined
  readonly #address: string
  /** All at which it can be reached. */
  readonly addresses: readonly string[]
  /** The port to which all of this belongs, 1–65535. */
  readonly port: number
  #streams: SipStreams | undefined
  readonly #tcp: SipTransportOptions['tcp']
  /** What URIs said of the way to each. */
  readonly #asked = new Map<Endpoint, Way>()
  /** Where first requests went over TCP since that is preferred. */
  readonly #chosen = new Set<Endpoint>()
  #watch: FlowWatch | undefined
  #receiver: SipReceiver | undefined
  #stun: ((datagram: Datagram) => void) | undefined

  constructor(host: Host, { port = SIP_PORT, address, tcp }: SipTransportOptions = {}) {
    this.#host = host
    this.port = port
    this.#address = address ?? host.addresses()[0] ?? ''
    this.addresses = address === undefined ? host.addresses() : [address]
    this.sentBy = `${printHost(this.#address)}:${port}`
    const opened = host.udp(address === undefined ? { port } : { port, address }, {
      received: (datagram) => this.#received(datagram),
      failed: (to, why) => {
        if (ERRORS.has(why)) this.#receiver?.unreachable(to, why)
      },
    })
    if (opened.ok) this.#socket = opened.value
    else this.issue = opened.issue
    this.#tcp = tcp
    if (tcp === undefined || tcp === 'asked') return
    this.#streams = this.#streamsAt(address === undefined ? { port } : { port, address })
    this.issue ??= this.#streams.issue
  }

  /** True if it takes TCP, and may choose it for what it sends. */
  get hasTcp(): boolean {
    return this.#tcp === 'taken' || this.#tcp === 'preferred'
  }

  /** Over what requests go where nothing speaks for the other. */
  get preferred(): 'udp' | 'tcp' {
    return this.#tcp === 'preferred' ? 'tcp' : 'udp'
  }

  /** As {@link sentBy}, of the version of `peer`'s address where that is one and we have one of it. */
  sentByTowards(peer: string): string {
    if (this.addresses.length === 1) return this.sentBy
    const address = addressTowards(this.addresses, peer)
    return address === undefined || address === this.#address ? this.sentBy : `${printHost(address)}:${this.port}`
  }

  /** Over what a request to `to` goes. */
  wayTo(to: Endpoint): Way {
    if (this.#streams === undefined) return 'UDP'
    return this.#asked.get(to) ?? (this.#chosen.has(to) || this.#streams.isOpen(to) ? 'TCP' : 'UDP')
  }

  /** False if `uri` asks for TCP where there is none (RFC 3263 §4.1). What else it may ask for is known where it is looked up. */
  speaks(uri: Uri): boolean {
    return this.#tcp !== undefined || uri.parameters.get('transport')?.toLowerCase() !== 'tcp'
  }

  /** Whether what goes to `to` goes over what `uri` asks for: there, somebody with this URI was seen. One that says nothing is content with either. */
  leads({ scheme, parameters }: Uri, to: Endpoint): boolean {
    const way = parameters.get('transport')?.toUpperCase()
    return scheme === 'sip' && (way === undefined || way === this.wayTo(to))
  }

  /**
   * Requests to `to`, where `uri` leads, go from now on over what the URI says, if it does (RFC 3261 §18.1.1, RFC 3263 §4.1). If it says
   * nothing, over what is preferred, where this is a first request, and not one within a dialog: there the URI is the far end's own, and
   * UDP is what it then means.
   */
  heed(uri: Uri, to: Endpoint, isFirst = false): void {
    const way = uri.parameters.get('transport')?.toLowerCase()
    if (isFirst && way === undefined && this.#tcp === 'preferred') this.#chosen.add(to)
    if (this.#tcp === undefined || (way !== 'tcp' && way !== 'udp')) return
    this.#asked.set(to, way === 'tcp' ? 'TCP' : 'UDP')
    if (way === 'tcp') this.#streams ??= this.#streamsAt(undefined)
  }

  /** How many timers run, for what has come over connections that have ended. */
  get timers(): number {
    return this.#streams?.timers ?? 0
  }

  /** Tells `watch` from now on what becomes of the connections that are opened here. */
  watchFlows(watch: FlowWatch): void {
    this.#watch = watch
  }

  /** Gives up the connection to that endpoint, if there is one. */
  drop(to: Endpoint): void {
    this.#streams?.drop(to)
  }

  /** Hands everything that comes in to `receiver` from now on. */
  listen(receiver: SipReceiver): void {
    this.#receiver = receiver
  }

  /** Hands STUN to `taker` from now on; it is no SIP. */
  listenForStun(taker: (datagram: Datagram) => void): void {
    this.#stun = taker
  }

  /** The Via of a request that goes out here to `to`, with `rport` (§18.1.1, RFC 3581 §3). */
  via(branch: string, to: Endpoint, way: Way = 'UDP'): string {
    return `SIP/2.0/${way} ${this.sentByTowards(to.address)};branch=${branch};rport`
  }

  /** True if `host` and `port` (default 5060) of a URI or Via are this port's, at any of its addresses, however they are written. */
  isOurs(host: string, port: number | undefined): boolean {
    if ((port ?? SIP_PORT) !== this.port) return false
    return host === this.#address || this.addresses.includes(literalAddress(host) ?? '')
  }

  /** Sends the bytes of a message. They go by reference and must never change. */
  send(bytes: Uint8Array, to: Endpoint, way: Way = 'UDP'): void {
    // The grammar lets a Via say so.
    if (to.port === 0) this.#host.trace.remark('not sent: nobody listens on port 0', { to: to.address })
    else if (way === 'TCP') this.#streams?.send(bytes, to)
    else this.#socket?.send(to, NOTHING, bytes)
  }

  close(): void {
    this.#socket?.close()
    this.#streams?.close()
  }

  #streamsAt(place: { readonly port: number; readonly address?: string } | undefined): SipStreams {
    return new SipStreams(this.#host, place, {
      message: (bytes, from) => this.#take(bytes, from, 'TCP'),
      broken: (bytes, from) => this.#take(bytes, from, 'TCP'),
      failed: (to, why, isLost) => this.#receiver?.unreachable(to, why, isLost),
      pong: (from) => this.#watch?.pong(from),
      ended: (to) => this.#watch?.ended(to),
    })
  }

  #received(datagram: Datagram): void {
    if (datagram.length <= KEEP_ALIVE_BYTES) return
    const bytes = datagram.bytes()
    if (bytes[0]! < STUN_BYTES && this.#stun !== undefined) {
      this.#stun(datagram)
      return
    }
    this.#take(bytes, datagram.from, 'UDP')
  }

  #take(bytes: Uint8Array, source: Endpoint, way: Way): void {
    const parsed = parseMessage(bytes)
    if (!parsed.ok) this.#refuse(bytes, parsed.issue, source, way)
    else if (parsed.value.kind === 'request') this.#request(parsed.value, source, way)
    else this.#response(parsed.value)
  }

  #request(request: Request, source: Endpoint, way: Way): void {
    if (way === 'TCP') {
      this.#streams!.returnTo(source, this.#host.endpoint(source.address, request.via.port ?? SIP_PORT))
      this.#receiver?.receiveRequest(request, source, source, way)
    } else this.#receiver?.receiveRequest(request, source, this.#replyTo(request.via, source), way)
  }

  /** §18.1.2: the top Via must be what we wrote. */
  #response(response: Response): void {
    const { host, port } = response.via
    if (this.isOurs(host, port)) this.#receiver?.receiveResponse(response)
    else this.#host.trace.remark('response dropped: its top Via is not ours', { status: response.status, host })
  }

  #refuse(bytes: Uint8Array, issue: Issue, source: Endpoint, way: Way): void {
    const rejection = rejectionOf(bytes, issue, source)
    const details = { from: source.address, at: issue.at, expected: issue.expected }
    this.#host.trace.remark(
      rejection === undefined ? 'malformed message dropped' : 'malformed request rejected',
      details,
    )
    if (rejection === undefined) return
    this.send(rejection.bytes, way === 'TCP' ? source : this.#replyTo(rejection.via, source), way)
  }

  #replyTo(via: Via, source: Endpoint): Endpoint {
    const [address, port] = replyTo(via, source)
    return address === source.address && port === source.port ? source : this.#host.endpoint(address, port)
  }
}
