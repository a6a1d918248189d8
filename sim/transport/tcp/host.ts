// A host's TCP: its listeners and connections, and which of them a packet is for.

import type {
  Acceptor,
  Connection,
  ConnectionOptions,
  ConnectionReceiver,
  ConnectOptions,
  Listener,
  ListenOptions,
  Tcp,
} from '../../../platform/connection.ts'
import type { Endpoint, Unreachable } from '../../../platform/host.ts'
import { failure, type Result, success } from '../../../platform/result.ts'
import type { HostTrace } from '../../../platform/trace.ts'
import type { Rank } from '../../kernel/event.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type AddressId, type EndpointId, KnownEndpoint } from '../../network/endpoint.ts'
import { type Node, ownAddress, realmOf, type World } from '../../network/node.ts'
import type { Packet } from '../../network/packet.ts'
import type { LinkNumber, Recorder } from '../../trace/recorder.ts'
import { Bindings } from './binding.ts'
import { ControlBlock } from './block.ts'
import { type ConnectionOwner, TcpConnection } from './connection.ts'
import { ACK, RST, type Segment, SYN } from './header.ts'
import { TcpListener } from './listener.ts'
import { isBefore, type Sequence } from './sequence.ts'
import { type FilledTcpSettings, filled, type TcpSettings } from './settings.ts'
import type { Alarm, TcpClock } from './timers.ts'
import { Wire } from './wire.ts'

/** Handshakes that a listener has under way at most. */
const BACKLOG = 128
/** The clock of initial sequence numbers ticks every 4 µs (RFC 9293 §3.4.1). */
const ISN_PER_MS = 250

/** An open port. */
interface Listening {
  readonly listener: TcpListener
  readonly acceptor: Acceptor
  readonly options: ConnectionOptions
  /** Handshakes under way. */
  opening: number
}

/** What happens at one of the host's endpoints. */
interface Port {
  listening: Listening | undefined
  readonly connections: Map<EndpointId, TcpConnection>
}

/** All of one host's TCP; a crash forgets it with the host's programs. */
export class HostTcp implements Tcp, ConnectionOwner {
  readonly kernel: Kernel
  readonly recorder: Recorder
  readonly rank: Rank
  readonly alarm: Alarm
  readonly clock: TcpClock
  readonly wire: Wire
  readonly trace: HostTrace
  readonly #world: World
  readonly #node: Node
  readonly #settings: FilledTcpSettings
  readonly #secret: Sequence
  readonly #bindings: Bindings
  readonly #ports = new Map<EndpointId, Port>()
  /** Who the passive connections that are not established yet belong to. */
  readonly #opening = new Map<TcpConnection, Listening>()
  /** The connection that the last segment was for: mostly the next one is for the same. */
  #last: TcpConnection | undefined

  /** `secret`: what the initial sequence numbers are offset by. */
  constructor(
    world: World,
    node: Node,
    trace: HostTrace,
    alarm: Alarm,
    clock: TcpClock,
    settings: TcpSettings,
    secret: number,
  ) {
    this.kernel = world.kernel
    this.recorder = world.recorder
    this.rank = node.rank
    this.alarm = alarm
    this.clock = clock
    this.trace = trace
    this.wire = new Wire(world, node, clock)
    this.#world = world
    this.#node = node
    this.#settings = filled(settings)
    this.#secret = secret
    this.#bindings = new Bindings(world, node)
  }

  listen(options: ListenOptions, acceptor: Acceptor): Result<Listener> {
    const bound = this.#bindings.bind(options, (id, port) => this.#isFree(id, port, undefined))
    if (!bound.ok) return bound
    const listener = new TcpListener(bound.value, () => {
      for (const { id } of bound.value) this.#portAt(id).listening = undefined
    })
    const listening: Listening = { listener, acceptor, options, opening: 0 }
    for (const { id } of bound.value) this.#portAt(id).listening = listening
    return success(listener)
  }

  connect(to: Endpoint, options: ConnectOptions, receiver: ConnectionReceiver): Result<Connection> {
    const { endpoints } = this.#world
    const known =
      to instanceof KnownEndpoint
        ? to
        : endpoints.at(endpoints.addressId(to.address, realmOf(this.#world, this.#node)), to.port)
    const address = options.address ?? this.#addressTo(known)
    if (address === undefined)
      return failure('to', `an address of ${this.#node.name}'s own version of IP, not ${to.address}`)
    const bound = this.#bindings.bind({ ...options, address }, (id, port) => this.#isFree(id, port, known))
    if (!bound.ok) return bound
    const connection = this.#make(bound.value[0]!, known, options, receiver, 'CLOSED')
    connection.open()
    return success(connection)
  }

  /** A sound packet that came over `link` for an endpoint of this host: false if nothing there wants it. */
  receive(packet: Packet, link: LinkNumber): boolean {
    const { pool } = this.#world
    const [to, from] = [pool.destination(packet), pool.source(packet)]
    let connection = this.#last
    if (connection === undefined || connection.local.id !== to || connection.remote.id !== from) {
      connection = this.#ports.get(to)?.connections.get(from)
    }
    const segment = this.wire.read(packet)
    if (connection !== undefined && this.#mayReopen(connection, segment)) {
      connection.forget()
      this.over(connection)
      connection = undefined
    }
    if (connection !== undefined) {
      this.#last = connection
      this.#delivered(packet, link)
      connection.receive(segment)
      return true
    }
    const listening = this.#ports.get(to)?.listening
    if (listening === undefined || (segment.flags & (SYN | ACK | RST)) !== SYN) return false
    this.#delivered(packet, link)
    if (listening.opening < BACKLOG) this.#accept(listening, to, from, segment)
    return true
  }

  /** The network has something to say about a segment from `from` to `to` that began at `sequence`; `mtuBytes`: what would have fitted, or 0. */
  fail(from: KnownEndpoint, to: KnownEndpoint, sequence: Sequence, why: Unreachable, mtuBytes: number): void {
    const connection = this.#ports.get(from.id)?.connections.get(to.id)
    if (connection === undefined) return
    const { una, max } = connection.block
    // RFC 5927 §4.1: only what is on its way can have met with an error.
    if (isBefore(sequence, una) || !isBefore(sequence, max)) return
    if (why !== 'fragmentation needed') connection.fail(why)
    else if (mtuBytes > 0) connection.narrow(mtuBytes)
  }

  accepted(connection: TcpConnection): ConnectionReceiver | undefined {
    const listening = this.#opening.get(connection)
    if (listening === undefined) return undefined
    this.#opened(connection)
    return listening.acceptor.accepted(connection)
  }

  over(connection: TcpConnection): void {
    this.#opened(connection)
    if (this.#last === connection) this.#last = undefined
    const port = this.#ports.get(connection.local.id)
    if (port?.connections.get(connection.remote.id) !== connection) return
    port.connections.delete(connection.remote.id)
    if (port.connections.size === 0 && port.listening === undefined) this.#ports.delete(connection.local.id)
  }

  /** How many of the host's timers are those of its connections. For rare events: it looks at all of them. */
  get timers(): number {
    return this.#all().filter(({ timers }) => timers.isPlanned).length
  }

  /** The host's clock runs so much slower than before. */
  stretch(slower: number): void {
    for (const { timers } of this.#all()) timers.stretch(slower)
  }

  /** The programs have died: what they leave open is reset, as their system does. */
  abort(): void {
    for (const { connections } of [...this.#ports.values()]) for (const one of [...connections.values()]) one.abort()
  }

  /** A crash: everything is forgotten, and nobody is told. */
  forget(): void {
    for (const { connections } of this.#ports.values()) for (const one of connections.values()) one.forget()
    this.#ports.clear()
    this.#opening.clear()
    this.#last = undefined
  }

  #all(): TcpConnection[] {
    return [...this.#ports.values()].flatMap(({ connections }) => [...connections.values()])
  }

  #delivered(packet: Packet, link: LinkNumber): void {
    const { pool } = this.#world
    this.recorder.delivered(this.rank, link, packet, pool.length(packet), pool.ttl(packet))
  }

  /** RFC 9293 §3.6.1: a new SYN may end a TIME-WAIT. */
  #mayReopen({ block }: TcpConnection, segment: Segment): boolean {
    if (block.state !== 'TIME-WAIT' || (segment.flags & (SYN | ACK | RST)) !== SYN) return false
    return block.stamped && segment.stamped
      ? isBefore(block.recentStamp, segment.stamp)
      : isBefore(block.rcvNxt, segment.sequence)
  }

  #accept(listening: Listening, to: EndpointId, from: EndpointId, segment: Segment): void {
    const { endpoints } = this.#world
    const made = this.#make(endpoints.byId(to), endpoints.byId(from), listening.options, undefined, 'LISTEN')
    listening.opening++
    this.#opening.set(made, listening)
    made.openBy(segment)
  }

  #opened(connection: TcpConnection): void {
    const listening = this.#opening.get(connection)
    if (listening !== undefined) listening.opening--
    this.#opening.delete(connection)
  }

  #make(
    local: KnownEndpoint,
    remote: KnownEndpoint,
    { nagle, keepAlive, dscp = 0 }: ConnectionOptions,
    receiver: ConnectionReceiver | undefined,
    state: 'CLOSED' | 'LISTEN',
  ): TcpConnection {
    const settings = {
      ...this.#settings,
      ...(nagle === undefined ? {} : { nagle }),
      ...(keepAlive === undefined ? {} : { keepAlive }),
    }
    const iss = (Math.floor(this.wire.nowMs * ISN_PER_MS) + this.#secret) | 0
    const block = new ControlBlock(local, remote, settings, dscp, iss, state, this.#mtuTo(remote))
    const made = new TcpConnection(this, block, receiver)
    this.#portAt(local.id).connections.set(remote.id, made)
    return made
  }

  #portAt(id: EndpointId): Port {
    let port = this.#ports.get(id)
    if (port === undefined) {
      port = { listening: undefined, connections: new Map() }
      this.#ports.set(id, port)
    }
    return port
  }

  /** The largest packet for an endpoint, by the link on that way and by what the path has told the host, bytes. */
  #mtuTo(to: KnownEndpoint): number {
    const route = to.owner === this.rank ? -1 : this.#world.routes.next(this.#node, to)
    if (route < 0) return Number.POSITIVE_INFINITY
    return Math.min(this.#world.links.mtuOf(route), this.#node.sending?.mtuTo(to.addressId) ?? Number.POSITIVE_INFINITY)
  }

  #addressTo(to: KnownEndpoint): string | undefined {
    const { endpoints } = this.#world
    const own = to.owner === this.rank ? to.addressId : ownAddress(this.#world, this.#node, to.addressId)
    return own === undefined ? undefined : endpoints.addressOf(own)
  }

  /** `to`: for a connection there, else for a listener. */
  #isFree(address: AddressId, number: number, to: KnownEndpoint | undefined): boolean {
    const port = this.#ports.get(this.#world.endpoints.at(address, number).id)
    if (port === undefined) return true
    return to === undefined
      ? port.listening === undefined
      : port.listening === undefined && !port.connections.has(to.id)
  }
}
