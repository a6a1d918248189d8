// A program that says what the NATs in front of it do, by asking a STUN server (RFC 5780).

import { printEndpoint } from '../../platform/endpoint.ts'
import type { Datagram, Endpoint, Host, Program, RunningProgram, UdpReceiver, UdpSocket } from '../../platform/host.ts'
import { failure, type Issue, type Result } from '../../platform/result.ts'
import { StunClient } from '../stun/client.ts'
import { Discovery, type NatKind } from '../stun/discovery/discovery.ts'
import { type Lifetime, LifetimeSearch } from '../stun/discovery/lifetime.ts'
import type { Credentials } from '../stun/integrity.ts'
import type { StunTimers } from '../stun/transaction.ts'
import { findServer, readServerName } from '../stun/whereabouts.ts'

export interface NatProbeOptions {
  /** Whom it asks: a name or an address, with a port if it is not 3478. */
  readonly server: string
  /** The longest silence that is tried when it looks for a mapping's lifetime, ms. Absent: it does not look. */
  readonly lifetimeMs?: number | undefined
  /** RFC 8489's: silence is known after 39.5 s. */
  readonly timers?: StunTimers
  readonly credentials?: Credentials | undefined
}

/**
 * The program. Verb: `discover`, from two fresh ports. What it finds goes on record as remarks: `NAT discovered` with all of it, and each
 * finding by itself, such as `address-dependent mapping`.
 */
export const natProbe: Program<NatProbeOptions> = {
  name: 'nat-probe',
  start: (host, options) => new NatProbe(host, options),
}

/** RFC 5780 §4.1: ports that have not spoken lately, drawn from those of RFC 6335. */
const FIRST_PORT = 49_152
const PORTS = 16_384
const TRIES = 20

class NatProbe implements RunningProgram, UdpReceiver {
  readonly #host: Host
  readonly #options: NatProbeOptions
  readonly #client: StunClient
  #sockets: readonly UdpSocket[] = []
  #discovery: Discovery | undefined
  #search: LifetimeSearch | undefined

  constructor(host: Host, options: NatProbeOptions) {
    const { timers, credentials } = options
    this.#host = host
    this.#options = options
    this.#client = new StunClient(host, { ...(timers && { timers }), credentials })
  }

  do(verb: string): Issue | undefined {
    if (verb !== 'discover') return failure(verb, 'discover').issue
    if (this.#discovery !== undefined) return failure(verb, 'the end of the discovery that is under way').issue
    const name = readServerName(this.#options.server)
    if (name === undefined) return failure('server', `a name or an address, not "${this.#options.server}"`).issue
    const first = this.#open()
    const second = this.#open()
    if (!first.ok) return first.issue
    if (!second.ok) return second.issue
    this.#sockets = [first.value, second.value]
    findServer(this.#host, name, (server, why) => {
      if (server === undefined) this.#host.trace.remark('STUN server not found', { server: name.host, why })
      else this.#discover(first.value, second.value, server)
    })
    return undefined
  }

  stop(): void {
    this.#discovery?.stop()
    this.#discovery = undefined
    this.#search?.stop()
    this.#client.close()
    for (const socket of this.#sockets) socket.close()
    this.#sockets = []
  }

  received(datagram: Datagram): void {
    if (!this.#client.receive(datagram.bytes(), datagram.to)) this.#discovery?.answer(datagram)
  }

  failed(to: Endpoint, why: Parameters<UdpReceiver['failed']>[1]): void {
    this.#client.unreachable(to, why)
  }

  #open(): Result<UdpSocket> {
    const random = this.#host.random('nat probe port')
    let opened = this.#host.udp({ port: FIRST_PORT + random.below(PORTS) }, this)
    for (let tries = 1; !opened.ok && tries < TRIES; tries++) {
      opened = this.#host.udp({ port: FIRST_PORT + random.below(PORTS) }, this)
    }
    return opened
  }

  #discover(first: UdpSocket, second: UdpSocket, server: Endpoint): void {
    const ports = { client: this.#client, first, second, server }
    this.#discovery = new Discovery(this.#host, ports, (kind) => {
      this.#remark(kind)
      const { lifetimeMs } = this.#options
      if (lifetimeMs === undefined || kind.mapped === undefined) this.stop()
      else this.#look({ client: this.#client, silent: first, asking: second, server }, lifetimeMs)
    })
    this.#discovery.start()
  }

  #look(ports: ConstructorParameters<typeof LifetimeSearch>[1], mostMs: number): void {
    this.#search = new LifetimeSearch(this.#host, ports, { mostMs }, (lifetime) => {
      for (const sentence of lifetimeSentences(lifetime)) this.#host.trace.remark(sentence)
      this.stop()
    })
    this.#search.start()
  }

  #remark(kind: NatKind): void {
    const { trace } = this.#host
    const { mapped, mapping = 'unknown', filtering = 'unknown', hairpin = 'unknown' } = kind
    const shown = mapped === undefined ? 'nowhere' : printEndpoint(mapped)
    for (const sentence of kindSentences(kind)) trace.remark(sentence)
    trace.remark('NAT discovered', { mapping, filtering, hairpin, shown })
  }
}

function kindSentences(kind: NatKind): readonly string[] {
  const { udp, refusal, direct, mapping, filtering, preservesPorts, hairpin, fragments } = kind
  if (!udp) return ['UDP is blocked']
  if (refusal !== undefined) return [`the server refuses with ${refusal}`]
  return [
    direct ? 'no NAT' : 'a NAT',
    ...(mapping === undefined ? [] : [`${mapping} mapping`]),
    ...(filtering === undefined ? [] : [`${filtering} filtering`]),
    ...(preservesPorts === undefined ? [] : [preservesPorts ? 'ports preserved' : 'ports not preserved']),
    ...(hairpin === undefined || direct ? [] : [hairpinSentence(hairpin)]),
    ...(fragments === undefined ? [] : [fragments ? 'fragments pass' : 'fragments are lost']),
  ]
}

function hairpinSentence(hairpin: 'external' | 'internal' | 'none'): string {
  return hairpin === 'none' ? 'no hairpinning' : `hairpinning with the ${hairpin} source`
}

function lifetimeSentences({ aliveAfterMs, deadAfterMs, inboundRefreshes }: Lifetime): readonly string[] {
  const refreshing = inboundRefreshes ? 'what comes in prolongs a mapping' : 'what comes in prolongs no mapping'
  if (deadAfterMs !== undefined) return [`a mapping dies after ${deadAfterMs / 1000} s`, refreshing]
  return [aliveAfterMs > 0 ? `a mapping outlives ${aliveAfterMs / 1000} s` : 'lifetime not found']
}
