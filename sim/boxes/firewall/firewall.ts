// A firewall: passes on what its rules allow and what belongs to a flow that it knows, and loses the rest.

import type { Rank, Ticks } from '../../kernel/event.ts'
import type { DirectionId } from '../../network/direction.ts'
import { readEcho } from '../../network/echo.ts'
import type { EndpointId } from '../../network/endpoint.ts'
import { readUnreachable, unreachable } from '../../network/icmp.ts'
import { type Interface, LOOPBACK, type Node, refuse, type World } from '../../network/node.ts'
import type { Packet } from '../../network/packet.ts'
import { FRAGMENT, ICMP, TCP } from '../../network/protocol.ts'
import { NO_LINK } from '../../trace/recorder.ts'
import { flagsOf } from '../../transport/tcp/header.ts'
import { expire, forgetOwn, receiveOwn } from '../ends.ts'
import { BoxFragments } from '../fragments.ts'
import { OWN, Passing } from '../passing.ts'
import { Sessions } from '../sessions.ts'
import { NO_ROW, TimedTable } from '../table.ts'
import { compile, type Matches, type Passage } from './filter.ts'
import { icmpTypeOf } from './icmpType.ts'
import type { FirewallOptions, FirewallRule } from './options.ts'
import { Policer } from './policer.ts'

const NO_REFUSALS = [] as const
const UDP_NS = 30e9
const TCP_NS = 7440e9
/** A connection that opens or closes: RFC 5382 REQ-5, for NATs. */
const TRANSITORY_NS = 240e9
/** As many protocols as packets can have: part of a flow's key. */
const PROTOCOLS = 4

/** Where a firewall stands. */
export interface FirewallPlace {
  readonly name: string
  readonly rank: Rank
  readonly interfaces: readonly Interface[]
  /** The directions over which it receives from outside. */
  readonly fromOutside: readonly DirectionId[]
}

/** The box. */
export class Firewall implements Node {
  readonly name: string
  readonly rank: Rank
  readonly forwards = true
  readonly gateway = undefined
  readonly refusals = NO_REFUSALS
  readonly interfaces: readonly Interface[]
  readonly #world: World
  readonly #fromOutside: readonly DirectionId[]
  readonly #passing: Passing
  readonly #flows = new TimedTable()
  readonly #rules: readonly { readonly matches: Matches; readonly action: FirewallRule['action'] }[]
  readonly #limits: readonly { readonly matches: Matches; readonly policer: Policer }[]
  readonly #stateful: boolean
  readonly #udpTicks: Ticks
  /** By phase. */
  readonly #tcpLives: readonly Ticks[]
  readonly #sessions: Sessions
  readonly #fragments: BoxFragments

  constructor(world: World, { name, rank, interfaces, fromOutside }: FirewallPlace, options: FirewallOptions) {
    const { rules = [], limits = [], stateful = true, udpNs = UDP_NS, tcpNs = TCP_NS } = options
    const { endpoints, kernel } = world
    this.name = name
    this.rank = rank
    this.interfaces = interfaces
    this.#world = world
    this.#fromOutside = fromOutside
    this.#passing = new Passing(world, this)
    this.#rules = rules.map((rule) => ({ matches: compile(rule, endpoints), action: rule.action }))
    this.#limits = limits.map((limit) => ({
      matches: compile(limit, endpoints),
      policer: new Policer(limit.packetsPerSecond, limit.burst, kernel.tickNs),
    }))
    this.#stateful = stateful
    this.#udpTicks = Math.round(udpNs / kernel.tickNs)
    const [established, transitory] = [tcpNs, Math.min(tcpNs, TRANSITORY_NS)].map((ns) =>
      Math.round(ns / kernel.tickNs),
    )
    this.#tcpLives = [transitory!, established!, transitory!]
    this.#sessions = new Sessions(this.#tcpLives)
    this.#fragments = new BoxFragments(world, this, options.fragments ?? 'out-of-order', (whole, way) =>
      this.receive(whole, way),
    )
  }

  /** Forgets every flow. */
  reboot(): void {
    forgetOwn(this.#world, this)
    this.#fragments.forget()
    this.#flows.clear()
    this.#sessions.forget()
  }

  receive(packet: Packet, direction: DirectionId): void {
    const { pool } = this.#world
    const route = this.#passing.routeTo(pool.destination(packet))
    if (direction === LOOPBACK || route === OWN) receiveOwn(this.#world, this, packet, direction)
    else if (pool.ttl(packet) <= 1) expire(this.#world, this, packet)
    else if (route < 0) refuse(this.#world, this, packet, route)
    else if (pool.protocol(packet) === FRAGMENT) this.#fragments.take(packet, direction)
    else this.#judge(packet, this.#fromOutside.includes(direction) ? 'in' : 'out', route)
  }

  #judge(packet: Packet, direction: 'out' | 'in', route: DirectionId): void {
    const { pool } = this.#world
    const [source, destination, protocol] = [pool.source(packet), pool.destination(packet), pool.protocol(packet)]
    if (this.#limits.length > 0 && !this.#isWithinLimits(this.#passageOf(packet, direction))) {
      this.#lose(packet, 'policed')
      return
    }
    const echo = protocol === ICMP ? this.#echoEnds(packet) : undefined
    const one = echo === undefined ? source : echo[0]
    const other = echo === undefined ? destination : echo[1]
    const isFlow = protocol !== ICMP || echo !== undefined
    const isKnown = isFlow ? this.#find(one, other, protocol) !== NO_ROW : this.#isAboutKnown(packet)
    const action = isKnown ? 'allow' : this.#ruling(packet, direction)
    if (action !== 'allow') {
      this.#lose(packet, 'filtered by firewall', action === 'reject')
      return
    }
    if (this.#stateful && isFlow) this.#remember(packet, one, other, direction === 'out')
    this.#passing.pass(packet, route)
  }

  /** Each limit that the packet matches takes a token, until one has none. */
  #isWithinLimits(passage: Passage): boolean {
    const { now } = this.#world.kernel
    return this.#limits.every(({ matches, policer }) => !matches(passage) || policer.admits(now))
  }

  /** An ICMP error about a packet of a flow that is alive. */
  #isAboutKnown(packet: Packet): boolean {
    const error = readUnreachable(this.#world, packet)
    if (error?.protocol === undefined) return false
    return this.#find(error.from.id, error.to.id, error.protocol) !== NO_ROW
  }

  /** Without a rule for it, what comes from inside is allowed. */
  #ruling(packet: Packet, direction: 'out' | 'in'): FirewallRule['action'] {
    const passage = this.#passageOf(packet, direction)
    const rule = this.#rules.find(({ matches }) => matches(passage))
    return rule?.action ?? (direction === 'out' ? 'allow' : 'drop')
  }

  #passageOf(packet: Packet, direction: 'out' | 'in'): Passage {
    const { pool, endpoints } = this.#world
    const [from, to] = [endpoints.byId(pool.source(packet)), endpoints.byId(pool.destination(packet))]
    const protocol = pool.protocol(packet)
    const icmp = protocol === ICMP ? icmpTypeOf(pool.payload(packet), from.isIpv6) : undefined
    return { direction, protocol, icmp, from, to }
  }

  /** The two ends of an echo, whose id stands at the end that asks; undefined for any other ICMP. */
  #echoEnds(packet: Packet): readonly [EndpointId, EndpointId] | undefined {
    const { pool, endpoints } = this.#world
    const [from, to] = [endpoints.byId(pool.source(packet)), endpoints.byId(pool.destination(packet))]
    const echo = readEcho(pool.payload(packet), from.isIpv6)
    if (echo === undefined) return undefined
    const [here, there] = echo.kind === 'request' ? [from, to] : [to, from]
    return [endpoints.at(here.addressId, echo.id).id, endpoints.at(there.addressId, 0).id]
  }

  /** A flow's row is the same in both directions. */
  #find(one: EndpointId, other: EndpointId, protocol: number): number {
    const { now } = this.#world.kernel
    return this.#flows.find(Math.min(one, other) * PROTOCOLS + protocol, Math.max(one, other), now)
  }

  /** A packet between these two passes: its flow lives on, a TCP connection's as long as its phase wants. */
  #remember(packet: Packet, source: EndpointId, destination: EndpointId, isOut: boolean): void {
    const { pool, kernel } = this.#world
    const { now } = kernel
    const protocol = pool.protocol(packet)
    const [one, other] = [Math.min(source, destination), Math.max(source, destination)]
    let row = this.#find(source, destination, protocol)
    if (row === NO_ROW) row = this.#flows.add(one * PROTOCOLS + protocol, other, 0, now + this.#udpTicks, now)
    if (protocol !== TCP) this.#flows.live(row, now + this.#udpTicks)
    else if (!pool.isCorrupted(packet)) {
      const life = this.#flows.life(row)
      const phase = this.#sessions.note(one, other, row, life, isOut, flagsOf(pool, packet), now)
      this.#flows.live(row, now + this.#tcpLives[phase]!)
    }
  }

  #lose(packet: Packet, why: 'policed' | 'filtered by firewall', told = false): void {
    const { recorder, pool } = this.#world
    const cause = recorder.lost(this.rank, NO_LINK, packet, pool.length(packet), why)
    if (told) unreachable(this.#world, this, packet, 'administratively prohibited', cause)
    pool.free(packet)
  }
}
