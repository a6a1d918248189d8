// The platform's `Host` in virtual time: what a program on a simulated machine sees.

import { type Callback, ring } from '../../platform/bell.ts'
import type { Tcp } from '../../platform/connection.ts'
import type { Host, RecordType, Resolution, Store, Timer, UdpOptions, UdpReceiver } from '../../platform/host.ts'
import type { RandomStream } from '../../platform/random.ts'
import type { Result } from '../../platform/result.ts'
import type { Tls } from '../../platform/tls.ts'
import type { HostTrace } from '../../platform/trace.ts'
import type { DnsImpairments } from '../dns/impairment.ts'
import type { Rank, Ticks } from '../kernel/event.ts'
import { type LinkNumber, NO_LINK } from '../trace/recorder.ts'
import { refuseSegment } from '../transport/tcp/wire.ts'
import { openUdp, type UdpSocketOfHost } from '../transport/udp.ts'
import { type Clock, WrongClock } from './clock.ts'
import type { Cpu } from './cpu.ts'
import type { DirectionId } from './direction.ts'
import { answerEcho, type Pings } from './echo.ts'
import type { KnownEndpoint } from './endpoint.ts'
import { type IcmpError, readUnreachable, unreachable } from './icmp.ts'
import { type Interface, LOOPBACK, type Node, type Refusal, realmOf, type World } from './node.ts'
import type { Packet } from './packet.ts'
import { FRAGMENT, ICMP, TCP, UDP } from './protocol.ts'
import { Sending } from './sending.ts'
import { type HostHabits, type HostPlace, HostServices } from './services.ts'

const NO_REFUSALS = [] as const
/** The end of time: a timer that would be later stands here. */
const LAST_TICK = Number.MAX_SAFE_INTEGER

/**
 * A machine on which programs run. Every packet and timer needs what it has here, so that it has no more: the rest are its services. Its private
 * members are so to TypeScript alone, which makes the object a field smaller.
 */
export class SimulatedHost implements Host, Node {
  declare private readonly world: World
  declare readonly rank: Rank
  /** It has power, a clock that is right, and a processor as fast as ever. What stands above this and here is all that a packet touches of a host. */
  declare private isPrompt: boolean
  declare private hasPower: boolean
  /** Absent: its clock is right. */
  declare private clock: WrongClock | undefined
  /** Stands before the host as long as it is slow or frozen. */
  declare private processor: Cpu | undefined
  declare private readonly services: HostServices

  constructor(world: World, place: HostPlace, power: boolean, clock: Clock | undefined, habits: HostHabits) {
    this.world = world
    this.rank = place.rank
    this.isPrompt = false
    this.hasPower = power
    this.clock = clock && new WrongClock(world.kernel.tickNs, clock)
    this.processor = undefined
    this.services = new HostServices(world, this, place, habits)
    this.tellPromptness()
  }

  get name(): string {
    return this.services.name
  }

  get interfaces(): readonly Interface[] {
    return this.services.interfaces
  }

  get gateway(): Rank | undefined {
    return this.services.gateway
  }

  get trace(): HostTrace {
    return this.services.trace
  }

  get sending(): Sending | undefined {
    return this.services.sending
  }

  /** False: whatever comes is swallowed. */
  get power(): boolean {
    return this.hasPower
  }

  set power(on: boolean) {
    this.hasPower = on
    this.tellPromptness()
  }

  get forwards(): boolean {
    return false
  }

  get refusals(): readonly Refusal[] {
    return NO_REFUSALS
  }

  get store(): Store {
    return this.services.store
  }

  now(): number {
    const { kernel, ticksPerMs } = this.world
    const clock = this.clock
    return clock === undefined ? kernel.now / ticksPerMs : clock.shows(kernel.now)
  }

  monotonic(): number {
    if (!this.isPrompt) return this.monotonicByClock()
    const { kernel, ticksPerMs } = this.world
    return kernel.now / ticksPerMs
  }

  private monotonicByClock(): number {
    const { kernel, ticksPerMs } = this.world
    const clock = this.clock
    return clock === undefined ? kernel.now / ticksPerMs : clock.runs(kernel.now)
  }

  after(delayMs: number, callback: Callback): Timer {
    const { kernel, recorder, ticksPerMs } = this.world
    if (!this.isPrompt || recorder.signalling) return this.afterInTurn(delayMs, callback)
    return kernel.after(this.rank, Math.min(Math.round(delayMs * ticksPerMs), LAST_TICK - kernel.now), callback)
  }

  /** A timer by its clock, that keeps its cause, and waits for the processor where that is slow. */
  private afterInTurn(delayMs: number, callback: Callback): Timer {
    const { kernel, recorder } = this.world
    const ticks = Math.min(Math.round(delayMs * this.ticksPerMs), LAST_TICK - kernel.now)
    const timers = this.processor ?? kernel
    if (!recorder.signalling) return timers.after(this.rank, ticks, callback)
    const { cause } = recorder
    return timers.after(this.rank, ticks, () => {
      recorder.cause = cause
      ring(callback)
    })
  }

  /** As {@link SimulatedHost.after}, for the host's own services: counted in ticks of true time, and without a cause of its own. */
  afterTicks(ticks: Ticks, callback: () => void): Timer {
    const { kernel } = this.world
    return (this.processor ?? kernel).after(this.rank, Math.min(ticks, LAST_TICK - kernel.now), callback)
  }

  cancel(timer: Timer): void {
    if (timer >= 0 && !this.world.kernel.cancel(timer)) this.processor?.cancel(timer)
  }

  /** Puts a processor before the host, or takes it away: see {@link Cpu}. */
  set cpu(cpu: Cpu | undefined) {
    this.processor = cpu
    this.tellPromptness()
  }

  /** Does what the scenario asks of it, in its turn. */
  ask(perform: () => void): void {
    if (this.processor === undefined) perform()
    else this.processor.ask(perform)
  }

  /** Its clock steps by `stepMs`, and from now on runs so much faster than true time (absent: as before). Timers under way go by the new pace. */
  setClock(stepMs: number, driftRatio?: number): void {
    const { kernel } = this.world
    this.clock ??= new WrongClock(kernel.tickNs, {})
    this.tellPromptness()
    const slower = this.clock.set(kernel.now, stepMs, driftRatio)
    if (slower === 1) return
    kernel.changeTimers(this.rank, (at, callback) => {
      return { at: Math.min(kernel.now + Math.round((at - kernel.now) * slower), LAST_TICK), callback }
    })
    this.services.madeTcp?.stretch(slower)
  }

  /** Ticks of true time in a millisecond of its clock. */
  get ticksPerMs(): number {
    return this.clock === undefined ? this.world.ticksPerMs : this.clock.ticksPerMs
  }

  random(name: string): RandomStream {
    return this.services.random(name)
  }

  addresses(): readonly string[] {
    return this.interfaces.map(({ addressId }) => this.world.endpoints.addressOf(addressId))
  }

  endpoint(address: string, port: number): KnownEndpoint {
    const { endpoints } = this.world
    const id = endpoints.addressId(address, realmOf(this.world, this))
    return endpoints.at(endpoints.isLoopback(id) ? this.ownLike(id) : id, port)
  }

  udp(options: UdpOptions, receiver: UdpReceiver): Result<UdpSocketOfHost> {
    return openUdp(this.world, this, options, receiver)
  }

  resolve(name: string, type: RecordType, answer: (result: Resolution) => void): void {
    const known = this.services.known(name, type)
    if (known === undefined) this.services.resolver?.ask(name, type, answer)
    else this.services.tell(known, answer)
  }

  get tcp(): Tcp {
    return this.services.tcp
  }

  /** What it asks by ICMP echo. */
  get pings(): Pings {
    return this.services.pings
  }

  /** What faults make its DNS servers do wrong. */
  get dnsImpairments(): DnsImpairments {
    return this.services.dnsImpairments
  }

  get tls(): Tls {
    return this.services.tls
  }

  receive(packet: Packet, direction: DirectionId): void {
    const number = this.numberOf(direction)
    if (!this.power || !this.world.deliveries.deliver(packet, this.rank, number, this.clock)) {
      this.receiveOther(packet, direction)
    }
  }

  /** Says whether packets can be delivered without a look at it. */
  private tellPromptness(): void {
    this.isPrompt = this.hasPower && this.clock === undefined && this.processor === undefined
    this.world.deliveries.prompt[this.rank] = this.isPrompt ? 1 : 0
  }

  private deliver(packet: Packet, direction: DirectionId): void {
    const { pool, recorder } = this.world
    recorder.delivered(this.rank, this.numberOf(direction), packet, pool.length(packet), pool.ttl(packet))
  }

  private numberOf(direction: DirectionId): LinkNumber {
    const { links, loopbackNumber } = this.world
    return direction === LOOPBACK ? loopbackNumber : links.numberOf(direction)
  }

  /** All but a datagram for an open socket. */
  private receiveOther(packet: Packet, direction: DirectionId): void {
    const { pool, recorder, endpoints } = this.world
    const isOwn = this.power && endpoints.ownerAt(pool.destination(packet)) === this.rank
    const protocol = pool.protocol(packet)
    const isSound = isOwn && !pool.isCorrupted(packet)
    if (isSound && protocol === ICMP) {
      this.deliver(packet, direction)
      const error = readUnreachable(this.world, packet)
      const isOwnWord = endpoints.ownerAt(pool.source(packet)) === this.rank
      if (error === undefined) this.echo(packet)
      else if (isOwnWord || this.hears(error)) this.heed(error)
      pool.free(packet)
      return
    }
    if (isSound && protocol === TCP && this.services.madeTcp?.receive(packet, this.numberOf(direction)) === true) {
      pool.free(packet)
      return
    }
    if (isOwn && protocol === FRAGMENT) {
      this.services.reassembly.take(packet, direction)
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

  private echo(packet: Packet): void {
    const reply = answerEcho(this.world, this, packet)
    if (reply !== undefined) this.services.madePings?.heard(reply)
  }

  /** False for a router's word on sizes where the host hears none. */
  private hears({ why }: IcmpError): boolean {
    return why !== 'fragmentation needed' || this.sending?.hears !== false
  }

  /** Tells the program of an ICMP error; what a path can carry is the host's own business, unless its programs never send in fragments. */
  private heed(error: IcmpError): void {
    const { endpoints, pool } = this.world
    const { protocol, from, to, sequence, why, mtuBytes } = error
    if (why === 'fragmentation needed') {
      const { services } = this
      services.sending ??= new Sending({}, pool, this)
      if (services.sending.learn(to.addressId, to.isIpv6, mtuBytes)) {
        for (const socket of endpoints.sockets.of(this)) socket.reconsider()
      }
      if (protocol === UDP && !services.sending.isStrict) return
    }
    if (protocol === UDP) endpoints.sockets.at(from.id)?.fail(to, why)
    else if (protocol === TCP) this.services.madeTcp?.fail(from, to, sequence, why, mtuBytes)
    else if (protocol === ICMP) this.services.madePings?.failed(error)
  }

  /** Its programs have died, and it has not. */
  abortConnections(): void {
    this.services.abortConnections()
  }

  /** How many timers it has running for itself, and not for its programs. */
  get ownTimers(): number {
    return this.services.timers
  }

  /** Loses what it keeps in its memory alone, as a machine does without power. */
  forget(): void {
    this.services.forget()
  }

  /** The host's own address that stands for a loopback one. */
  private ownLike(loopback: number): number {
    const { endpoints } = this.world
    const ipv6 = endpoints.isIpv6(loopback)
    return this.interfaces.find(({ addressId }) => endpoints.isIpv6(addressId) === ipv6)?.addressId ?? loopback
  }
}
