// The platform's `Host` in virtual time: what a program on a simulated machine sees.

import type { Tcp } from '../../platform/connection.ts'
import type {
  DnsRecord,
  Host,
  RecordType,
  Resolution,
  Store,
  Timer,
  UdpOptions,
  UdpReceiver,
} from '../../platform/host.ts'
import type { RandomStream } from '../../platform/random.ts'
import type { Result } from '../../platform/result.ts'
import type { Tls } from '../../platform/tls.ts'
import type { HostTrace } from '../../platform/trace.ts'
import { DnsImpairments } from '../dns/impairment.ts'
import { type ResolverOptions, StubResolver } from '../dns/resolver.ts'
import type { Rank } from '../kernel/event.ts'
import { type LinkNumber, NO_LINK } from '../trace/recorder.ts'
import type { ShownDatagram } from '../transport/datagram.ts'
import { HostTcp } from '../transport/tcp/host.ts'
import type { TcpSettings } from '../transport/tcp/settings.ts'
import { refuseSegment } from '../transport/tcp/wire.ts'
import { HostTls } from '../transport/tls/host.ts'
import type { TlsSettings } from '../transport/tls/settings.ts'
import { openUdp, type UdpSocketOfHost } from '../transport/udp.ts'
import { type Clock, WrongClock } from './clock.ts'
import type { Cpu } from './cpu.ts'
import type { DirectionId } from './direction.ts'
import { answerEcho, Pings } from './echo.ts'
import type { KnownEndpoint } from './endpoint.ts'
import { type IcmpError, readUnreachable, unreachable } from './icmp.ts'
import { type Interface, LOOPBACK, type Node, type Refusal, realmOf, type World } from './node.ts'
import type { Packet } from './packet.ts'
import { P_DESTINATION, P_KIND, P_LENGTH, P_TTL, SUSPECT } from './packetRecord.ts'
import { FRAGMENT, ICMP, TCP, UDP } from './protocol.ts'
import { Reassembly, type ReassemblyOptions } from './reassembly.ts'
import { Sending, type SendingOptions } from './sending.ts'

const NO_REFUSALS = [] as const
/** The end of time: a timer that would be later stands here. */
const LAST_TICK = Number.MAX_SAFE_INTEGER
/** No node's rank, nor -1, which stands for none. */
const DEAF = -2
// Folded into the code, as imports are not.
const DESTINATION = P_DESTINATION
const LENGTH = P_LENGTH
const TTL = P_TTL
const KIND = P_KIND
const NOT_SOUND_UDP = SUSPECT

/** A machine on which programs run. */
export class SimulatedHost implements Host, Node {
  // What every packet and timer needs stands first.
  declare private readonly world: World
  declare readonly rank: Rank
  /** Absent: its clock is right. */
  declare private clock: WrongClock | undefined
  /** Whose packets it takes: its own rank or, without power, that of none. */
  #answersTo: Rank = DEAF
  /** Stands before the host as long as it is slow or frozen. */
  #cpu: Cpu | undefined
  declare private readonly datagram: ShownDatagram
  declare readonly name: string
  declare readonly interfaces: readonly Interface[]
  declare readonly gateway: Rank | undefined
  declare readonly trace: HostTrace
  #store: Map<string, string> | undefined
  #streams: Map<string, RandomStream> | undefined
  declare sending: Sending | undefined
  declare private readonly reassemblyOptions: ReassemblyOptions
  #reassembly: Reassembly | undefined
  declare private readonly resolver: StubResolver | undefined
  #tcp: HostTcp | undefined
  declare private readonly tcpSettings: TcpSettings
  #tls: HostTls | undefined
  #pings: Pings | undefined
  declare private readonly tlsSettings: TlsSettings
  #dnsImpairments: DnsImpairments | undefined

  constructor(
    world: World,
    datagram: ShownDatagram,
    name: string,
    rank: Rank,
    interfaces: readonly Interface[],
    gateway: Rank | undefined,
    power: boolean,
    clock?: Clock,
    sending?: SendingOptions,
    reassembly: ReassemblyOptions = {},
    tcp: TcpSettings = {},
    resolver?: ResolverOptions,
    tls: TlsSettings = {},
  ) {
    this.name = name
    this.rank = rank
    this.interfaces = interfaces
    this.gateway = gateway
    this.power = power
    this.trace = world.recorder.host(rank)
    this.world = world
    this.datagram = datagram
    this.clock = clock && new WrongClock(world.kernel.tickNs, clock)
    this.sending = sending && new Sending(sending, world.pool, world.kernel)
    this.reassemblyOptions = reassembly
    this.tcpSettings = tcp
    const { kernel } = world
    this.resolver = resolver && new StubResolver(this, resolver, () => (kernel.now * kernel.tickNs) / 1e6)
    this.tlsSettings = tls
  }

  /** False: whatever comes is swallowed. */
  get power(): boolean {
    return this.#answersTo === this.rank
  }

  set power(on: boolean) {
    this.#answersTo = on ? this.rank : DEAF
  }

  get forwards(): boolean {
    return false
  }

  get refusals(): readonly Refusal[] {
    return NO_REFUSALS
  }

  get store(): Store {
    this.#store ??= new Map()
    return this.#store
  }

  now(): number {
    const { kernel, ticksPerMs } = this.world
    const clock = this.clock
    return clock === undefined ? kernel.now / ticksPerMs : clock.shows(kernel.now)
  }

  after(delayMs: number, callback: () => void): Timer {
    const { kernel, recorder, ticksPerMs } = this.world
    const clock = this.clock
    const wanted = Math.round(delayMs * (clock === undefined ? ticksPerMs : clock.ticksPerMs))
    const ticks = Math.min(wanted, LAST_TICK - kernel.now)
    if (recorder.signalling || this.#cpu !== undefined) return this.#afterInTurn(ticks, callback)
    return kernel.after(this.rank, ticks, callback)
  }

  /** A timer that keeps its cause, and waits for the processor where that is slow. */
  #afterInTurn(ticks: number, callback: () => void): Timer {
    const { kernel, recorder } = this.world
    const timers = this.#cpu ?? kernel
    if (!recorder.signalling) return timers.after(this.rank, ticks, callback)
    const { cause } = recorder
    return timers.after(this.rank, ticks, () => {
      recorder.cause = cause
      callback()
    })
  }

  cancel(timer: Timer): void {
    if (timer >= 0 && !this.world.kernel.cancel(timer)) this.#cpu?.cancel(timer)
  }

  /** Puts a processor before the host, or takes it away: see {@link Cpu}. */
  set cpu(cpu: Cpu | undefined) {
    this.#cpu = cpu
  }

  /** Does what the scenario asks of it, in its turn. */
  ask(perform: () => void): void {
    if (this.#cpu === undefined) perform()
    else this.#cpu.ask(perform)
  }

  /** Its clock steps by `stepMs`, and from now on runs so much faster than true time (absent: as before). Timers under way go by the new pace. */
  setClock(stepMs: number, driftRatio?: number): void {
    const { kernel } = this.world
    this.clock ??= new WrongClock(kernel.tickNs, {})
    const slower = this.clock.set(kernel.now, stepMs, driftRatio)
    if (slower === 1) return
    kernel.changeTimers(this.rank, (at, callback) => {
      return { at: Math.min(kernel.now + Math.round((at - kernel.now) * slower), LAST_TICK), callback }
    })
  }

  /** Ticks of true time in a millisecond of its clock. */
  #ticksPerMs(): number {
    return this.clock === undefined ? this.world.ticksPerMs : this.clock.ticksPerMs
  }

  random(name: string): RandomStream {
    this.#streams ??= new Map()
    let stream = this.#streams.get(name)
    if (stream === undefined) {
      stream = this.world.streams.take(`host/${this.name}/${name}`)
      this.#streams.set(name, stream)
    }
    return stream
  }

  addresses(): readonly string[] {
    return this.interfaces.map(({ addressId }) => this.world.endpoints.addressOf(addressId))
  }

  endpoint(address: string, port: number): KnownEndpoint {
    const { endpoints } = this.world
    const id = endpoints.addressId(address, realmOf(this.world, this))
    return endpoints.at(endpoints.isLoopback(id) ? this.#ownLike(id) : id, port)
  }

  udp(options: UdpOptions, receiver: UdpReceiver): Result<UdpSocketOfHost> {
    return openUdp(this.world, this, options, receiver)
  }

  resolve(name: string, type: RecordType, answer: (result: Resolution) => void): void {
    const { loopbackTicks } = this.world
    const known = this.resolver?.known(name, type)
    if (this.resolver !== undefined && known === undefined) {
      this.resolver.ask(name, type, answer)
      return
    }
    if (known !== undefined) {
      this.after(loopbackTicks / this.#ticksPerMs(), () => answer(known))
      return
    }
    const all = this.world.recordsOf(name.toLowerCase())
    const records = all?.filter((record) => record.type === type) ?? []
    const resolution = resolutionOf(all, records)
    this.after(loopbackTicks / this.#ticksPerMs(), () => answer(resolution))
  }

  get tcp(): Tcp {
    this.#tcp ??= this.#makeTcp()
    return this.#tcp
  }

  /** What it asks by ICMP echo. */
  get pings(): Pings {
    this.#pings ??= new Pings(this.world, this)
    return this.#pings
  }

  /** What faults make its DNS servers do wrong. */
  get dnsImpairments(): DnsImpairments {
    this.#dnsImpairments ??= new DnsImpairments()
    return this.#dnsImpairments
  }

  get tls(): Tls {
    this.#tls ??= new HostTls(this, this.tlsSettings, this.random('tls'))
    return this.#tls
  }

  receive(packet: Packet, direction: DirectionId): void {
    const { kernel, pool, endpoints, recorder, links } = this.world
    const { integers } = kernel.records
    const base = packet << 4
    const receiver = endpoints.kinds.receiverAt(integers[base | DESTINATION]!, this.#answersTo)
    if (receiver === undefined || (integers[base | KIND]! & NOT_SOUND_UDP) !== 0) {
      this.#receiveOther(packet, direction)
      return
    }
    const number = direction < 0 ? this.world.loopbackNumber : links.numberOf(direction)
    recorder.delivered(this.rank, number, packet, integers[base | LENGTH]!, integers[base | TTL]!)
    receiver.received(this.datagram.show(packet))
    this.datagram.hide()
    pool.free(packet)
  }

  #deliver(packet: Packet, direction: DirectionId): void {
    const { pool, recorder } = this.world
    recorder.delivered(this.rank, this.#numberOf(direction), packet, pool.length(packet), pool.ttl(packet))
  }

  #numberOf(direction: DirectionId): LinkNumber {
    const { links, loopbackNumber } = this.world
    return direction === LOOPBACK ? loopbackNumber : links.numberOf(direction)
  }

  /** All but a datagram for an open socket. */
  #receiveOther(packet: Packet, direction: DirectionId): void {
    const { pool, recorder, endpoints } = this.world
    const isOwn = this.power && endpoints.ownerAt(pool.destination(packet)) === this.rank
    const protocol = pool.protocol(packet)
    const isSound = isOwn && !pool.isCorrupted(packet)
    if (isSound && protocol === ICMP) {
      this.#deliver(packet, direction)
      const error = readUnreachable(this.world, packet)
      const isOwnWord = endpoints.ownerAt(pool.source(packet)) === this.rank
      if (error === undefined) this.#echo(packet)
      else if (isOwnWord || this.#hears(error)) this.#heed(error)
      pool.free(packet)
      return
    }
    if (isSound && protocol === TCP && this.#tcp?.receive(packet, this.#numberOf(direction)) === true) {
      pool.free(packet)
      return
    }
    if (isOwn && protocol === FRAGMENT) {
      this.#reassembly ??= new Reassembly(this.world, this, this.reassemblyOptions, (whole, way) =>
        this.receive(whole, way),
      )
      this.#reassembly.take(packet, direction)
      return
    }
    const why = !this.power
      ? 'host without power'
      : !isOwn
        ? 'no route'
        : pool.isCorrupted(packet)
          ? 'corrupted'
          : 'port closed'
    const cause = recorder.lost(this.rank, NO_LINK, packet, pool.length(packet), why)
    if (why === 'port closed') {
      if (protocol === TCP) refuseSegment(this.world, this, packet, cause)
      else unreachable(this.world, this, packet, 'port unreachable', cause)
    }
    pool.free(packet)
  }

  #echo(packet: Packet): void {
    const reply = answerEcho(this.world, this, packet)
    if (reply !== undefined) this.#pings?.heard(reply)
  }

  /** False for a router's word on sizes where the host hears none. */
  #hears({ why }: IcmpError): boolean {
    return why !== 'fragmentation needed' || this.sending?.hears !== false
  }

  /** Tells the program of an ICMP error; what a path can carry is the host's own business, unless its programs never send in fragments. */
  #heed(error: IcmpError): void {
    const { endpoints, pool, kernel } = this.world
    const { protocol, from, to, sequence, why, mtuBytes } = error
    if (why === 'fragmentation needed') {
      this.sending ??= new Sending({}, pool, kernel)
      if (this.sending.learn(to.addressId, to.isIpv6, mtuBytes)) {
        for (const socket of endpoints.sockets.of(this)) socket.reconsider()
      }
      if (protocol === UDP && !this.sending.isStrict) return
    }
    if (protocol === UDP) endpoints.sockets.at(from.id)?.fail(to, why)
    else if (protocol === TCP) this.#tcp?.fail(from, to, sequence, why, mtuBytes)
    else if (protocol === ICMP) this.#pings?.failed(error)
  }

  /** Its programs have died, and it has not. */
  abortConnections(): void {
    this.#pings?.forget()
    this.#tcp?.abort()
  }

  /** How many timers it has running for itself, and not for its programs: TCP's, the resolver's, those of pings and of fragments. */
  get ownTimers(): number {
    const owners = [this.#tcp, this.resolver, this.#pings, this.#reassembly]
    return owners.reduce((sum, one) => sum + (one?.timers ?? 0), 0)
  }

  /** Loses what it keeps in its memory alone, as a machine does without power. */
  forget(): void {
    this.#pings?.forget()
    this.#tcp?.forget()
    this.#tls?.forget()
    this.#reassembly?.forget()
    this.sending?.forget()
    this.resolver?.forget()
  }

  #makeTcp(): HostTcp {
    const secret = Math.floor(this.random('tcp').next() * 0x1_0000_0000) | 0
    const { kernel } = this.world
    const alarm = {
      after: (ticks: number, ring: () => void) =>
        (this.#cpu ?? kernel).after(this.rank, Math.min(ticks, LAST_TICK - kernel.now), ring),
      cancel: (id: Timer) => this.cancel(id),
    }
    return new HostTcp(this.world, this, this.trace, alarm, this.#ticksPerMs(), this.tcpSettings, secret)
  }

  /** The host's own address that stands for a loopback one. */
  #ownLike(loopback: number): number {
    const { endpoints } = this.world
    const ipv6 = endpoints.isIpv6(loopback)
    return this.interfaces.find(({ addressId }) => endpoints.isIpv6(addressId) === ipv6)?.addressId ?? loopback
  }
}

function resolutionOf(all: readonly DnsRecord[] | undefined, records: readonly DnsRecord[]): Resolution {
  if (records.length > 0) return { ok: true, records }
  return { ok: false, why: all === undefined ? 'no such name' : 'no such record' }
}
