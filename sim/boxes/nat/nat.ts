// A NAT: hides a realm behind its outside addresses, as RFC 4787 describes such boxes, with each behaviour chosen by itself.

import { inPrefix } from '../../../platform/address.ts'
import type { WrittenEndpoint } from '../../../platform/rewriter.ts'
import type { Rank } from '../../kernel/event.ts'
import type { DirectionId } from '../../network/direction.ts'
import type { AddressId, EndpointId, KnownEndpoint, Realm } from '../../network/endpoint.ts'
import { unreachable } from '../../network/icmp.ts'
import { type Interface, LOOPBACK, type Node, type World } from '../../network/node.ts'
import type { Packet } from '../../network/packet.ts'
import { FRAGMENT, ICMP, TCP, UDP } from '../../network/protocol.ts'
import { NO_LINK } from '../../trace/recorder.ts'
import { ACK, flagsOf, SYN } from '../../transport/tcp/header.ts'
import { expire, forgetOwn, receiveOwn } from '../ends.ts'
import { BoxFragments } from '../fragments.ts'
import { OWN, Passing } from '../passing.ts'
import { NO_ROW, type Row } from '../table.ts'
import { Border } from './border.ts'
import { Departure } from './departure.ts'
import { Mappings } from './mappings.ts'
import { Messages } from './messages.ts'
import type { Forward, NatOptions } from './options.ts'
import { Shortcut } from './shortcut.ts'

/** The flags by which a segment that opens a connection is known: of these SYN alone. */
const OPENS = SYN | ACK
const UNSOLICITED_NS = 6e9
const NO_REFUSALS = [] as const
/** The bit by which the numbers of ICMP and fragments tell that they have no ports. */
const PORTLESS = 1

/** Where a NAT stands. */
export interface NatPlace {
  readonly name: string
  readonly rank: Rank
  readonly inside: Interface
  /** Its own outside address, then those of the pool. */
  readonly outside: readonly Interface[]
  /** The directions over which it receives from outside. */
  readonly fromOutside: readonly DirectionId[]
}

/** The box. */
export class Nat implements Node {
  readonly name: string
  readonly rank: Rank
  readonly forwards = true
  readonly gateway = undefined
  readonly refusals = NO_REFUSALS
  readonly interfaces: readonly Interface[]
  readonly hides: Realm
  readonly #world: World
  /** The directions over which it receives from outside, and the first of them. */
  readonly #fromOutside: readonly DirectionId[]
  declare private readonly fromOutside: DirectionId
  declare private readonly isMultihomed: boolean
  declare private readonly shortcut: Shortcut
  readonly #hairpin: NonNullable<NatOptions['hairpin']>
  readonly #alg: NatOptions['alg']
  readonly #passing: Passing
  /** True for what an inside host calls by an inside address, but for the box itself. */
  readonly #isInside: (id: EndpointId) => boolean
  readonly #outer: Border
  readonly #inner: Border
  readonly #mappings: Mappings
  readonly #outside: AddressId
  readonly #forwards: readonly Forward[]
  readonly #fragments: BoxFragments
  readonly #departure: Departure
  readonly #messages: Messages
  #reboots = 0

  constructor(world: World, { name, rank, inside, outside, fromOutside }: NatPlace, options: NatOptions) {
    const { endpoints, kernel, streams } = world
    this.name = name
    this.rank = rank
    this.interfaces = [...outside, inside]
    this.hides = endpoints.realmOf(inside.addressId)
    this.#world = world
    this.#fromOutside = fromOutside
    this.fromOutside = fromOutside[0] ?? LOOPBACK
    this.isMultihomed = fromOutside.length > 1
    this.#hairpin = options.hairpin ?? 'external'
    this.#alg = options.alg
    this.#passing = new Passing(world, this)
    this.#outside = outside[0]!.addressId
    const { addressId, prefixLength } = inside
    const prefix = { address: endpoints.bytesOf(addressId), prefixLength }
    this.#isInside = (id) => {
      const { owner, addressId } = endpoints.byId(id)
      return owner !== rank && (owner >= 0 || inPrefix(prefix, endpoints.bytesOf(addressId)))
    }
    this.#outer = new Border(endpoints, endpoints.realmOf(this.#outside), this.#passing, this.#isInside)
    this.#inner = new Border(endpoints, this.hides, this.#passing, () => false)
    const stream = options.ports?.assignment === 'random' ? streams.take(`nat/${name}/ports`) : undefined
    const pool = outside.map(({ addressId }) => addressId)
    this.#mappings = new Mappings(endpoints, options, pool, stream, kernel)
    this.shortcut = new Shortcut(world, this, this.#mappings, this.#passing, this.#inner, this.#alg !== undefined)
    this.#forwards = options.forwards ?? []
    this.#departure = new Departure(world, this, this.#passing)
    const [outer, inner, passing] = [this.#outer, this.#inner, this.#passing]
    this.#messages = new Messages(world, this, {
      mappings: this.#mappings,
      departure: this.#departure,
      outer,
      inner,
      passing,
    })
    this.#fragments = new BoxFragments(world, this, options.fragments ?? 'out-of-order', (whole, way) =>
      this.receive(whole, way),
    )
  }

  /** Mappings in its memory, dead ones that nobody has met among them. */
  get mappings(): number {
    return this.#mappings.count
  }

  receive(packet: Packet, direction: DirectionId): void {
    if (direction === LOOPBACK) receiveOwn(this.#world, this, packet, direction)
    else if (direction === this.fromOutside || (this.isMultihomed && this.#fromOutside.includes(direction))) {
      if (!this.shortcut.goIn(packet)) this.#inward(packet, direction)
    } else if (!this.shortcut.goOut(packet)) this.#outward(packet, direction)
  }

  /** Forgets every mapping that is not configured, and whom it was to answer. */
  reboot(): void {
    this.#reboots++
    forgetOwn(this.#world, this)
    this.#fragments.forget()
    this.#mappings.forget()
  }

  /** Opens the configured ways in: once, when all nodes have their addresses. */
  openForwards(): void {
    const { endpoints } = this.#world
    const outer = endpoints.realmOf(this.#outside)
    for (const { port, protocol = 'udp', to, toPort = port, from } of this.#forwards) {
      const inside = endpoints.at(endpoints.addressId(to, this.hides), toPort)
      const only = from === undefined ? undefined : endpoints.addressId(from, outer)
      const number = protocol === 'udp' ? UDP : TCP
      this.#mappings.forward(number, endpoints.at(this.#outside, port), inside, only)
    }
  }

  #outward(packet: Packet, direction: DirectionId): void {
    const { pool } = this.#world
    const written = pool.destination(packet)
    const protocol = pool.protocol(packet)
    const remote = this.#outer.across(written)
    const route = this.#outer.routeTo(written, remote)
    if (route < 0 || (protocol & PORTLESS) !== 0 || pool.ttl(packet) <= 1) {
      this.#outwardRarely(packet, direction, remote, route)
      return
    }
    const source = pool.source(packet)
    const row = this.#mappings.outbound(protocol, source, remote)
    if (row === NO_ROW) {
      this.#departure.exhausted(packet)
      return
    }
    if (protocol === TCP) this.#follow(packet, row, remote, true)
    else this.shortcut.learn(row, source, written, remote, route)
    const payload = this.#alg === undefined ? undefined : this.#rewritten(packet, 'out', row, remote)
    this.#departure.go(packet, this.#mappings.outsideOf(row), remote, route, payload)
  }

  /** What is for the box itself or stays inside, has no way or no time left, comes back in, or is no traffic but about some. */
  #outwardRarely(packet: Packet, direction: DirectionId, remote: EndpointId, route: DirectionId): void {
    const { pool, endpoints } = this.#world
    const isOwn = endpoints.byId(pool.destination(packet)).owner === this.rank
    if (isOwn) receiveOwn(this.#world, this, packet, direction)
    else if (pool.ttl(packet) <= 1) expire(this.#world, this, packet)
    else if (this.#isInside(pool.destination(packet))) this.#stay(packet)
    else if (pool.protocol(packet) === FRAGMENT) this.#fragments.take(packet, direction)
    else if (pool.protocol(packet) === ICMP) this.#messages.outward(packet, remote, route)
    else if (route === OWN) this.#turn(packet, remote)
    else this.#departure.refuse(packet, route)
  }

  /** From inside to inside, by inside addresses: the box is their switch, and translates nothing. */
  #stay(packet: Packet): void {
    const route = this.#passing.routeTo(this.#world.pool.destination(packet))
    if (route < 0) this.#departure.refuse(packet, route)
    else this.#passing.pass(packet, route)
  }

  #inward(packet: Packet, direction: DirectionId): void {
    const { pool } = this.#world
    const outside = pool.destination(packet)
    const remote = pool.source(packet)
    const protocol = pool.protocol(packet)
    const row = (protocol & PORTLESS) !== 0 ? NO_ROW : this.#mappings.inbound(protocol, outside, remote)
    if (row === NO_ROW) {
      const { addressId } = this.#world.endpoints.byId(outside)
      if (!this.#mappings.has(addressId)) this.#departure.refuse(packet, this.#passing.routeTo(outside))
      else if (protocol === ICMP) this.#messages.inward(packet, direction)
      else if (protocol === FRAGMENT) this.#fragments.take(packet, direction)
      else if (protocol === TCP && (flagsOf(pool, packet) & OPENS) === SYN) this.#hold(packet, outside, remote)
      else this.#departure.lose(packet)
      return
    }
    if (protocol === TCP) this.#follow(packet, row, remote, false)
    if (pool.ttl(packet) <= 1) {
      expire(this.#world, this, packet)
      return
    }
    const inside = this.#mappings.insideOf(row)
    const route = this.#passing.routeTo(inside)
    if (route < 0) {
      this.#departure.refuse(packet, route)
      return
    }
    const payload = this.#alg === undefined ? undefined : this.#rewritten(packet, 'in', row, remote)
    this.#departure.go(packet, this.#inner.across(remote), inside, route, payload)
  }

  /** A TCP segment passes: its flags tell in which phase the connection is. */
  #follow(packet: Packet, row: Row, remote: EndpointId, isOut: boolean): void {
    const { pool, kernel } = this.#world
    if (!pool.isCorrupted(packet)) this.#mappings.follow(row, remote, isOut, flagsOf(pool, packet), kernel.now)
  }

  /** RFC 5382 REQ-4: a SYN that nobody asked for is not answered for 6 s, in which the inside host may open the same connection; then it is. */
  #hold(packet: Packet, outside: EndpointId, remote: EndpointId): void {
    const { pool, kernel, recorder } = this.#world
    const reboots = this.#reboots
    kernel.after(this.rank, Math.round(UNSOLICITED_NS / kernel.tickNs), () => {
      const isForgotten = this.#reboots > reboots
      const isWanted = this.#mappings.way(TCP, outside, remote) !== NO_ROW
      const cause = recorder.lost(this.rank, NO_LINK, packet, pool.length(packet), 'filtered by NAT')
      if (!isWanted && !isForgotten) unreachable(this.#world, this, packet, 'port unreachable', cause)
      pool.free(packet)
    })
  }

  /** Hairpinning (RFC 4787 §6): from inside to inside, by way of an outside address. */
  #turn(packet: Packet, outside: EndpointId): void {
    const { pool } = this.#world
    const protocol = pool.protocol(packet)
    if (this.#hairpin === 'off') {
      this.#departure.lose(packet)
      return
    }
    const source = pool.source(packet)
    const from = this.#mappings.outbound(protocol, source, outside)
    if (from === NO_ROW) {
      this.#departure.exhausted(packet)
      return
    }
    const shown = this.#mappings.outsideOf(from)
    const to = this.#mappings.inbound(protocol, outside, shown)
    if (to === NO_ROW) {
      this.#departure.lose(packet)
      return
    }
    const inside = this.#mappings.insideOf(to)
    const route = this.#passing.routeTo(inside)
    if (route < 0) {
      this.#departure.refuse(packet, route)
      return
    }
    if (protocol === TCP) {
      this.#follow(packet, from, outside, true)
      this.#follow(packet, to, shown, false)
    }
    this.#departure.go(packet, this.#hairpin === 'external' ? this.#inner.across(shown) : source, inside, route)
  }

  /** What the ALG makes of the payload, if it is asked: see {@link Departure.go}. */
  #rewritten(packet: Packet, direction: 'in' | 'out', row: Row, remote: EndpointId): Uint8Array | null | undefined {
    const alg = this.#alg
    if (alg === undefined || this.#world.pool.protocol(packet) !== UDP) return undefined
    const { endpoints, pool } = this.#world
    const inside = endpoints.byId(this.#mappings.insideOf(row))
    const other = endpoints.byId(remote)
    if (!alg.ports.includes(other.port) && !alg.ports.includes(inside.port)) return undefined
    const payload = pool.payload(packet)
    const outside = endpoints.byId(this.#mappings.outsideOf(row))
    const made = alg.rewrite(payload, {
      ...{ direction, inside, outside, remote: other },
      open: (wanted, lifetimeMs) => this.#open(wanted, lifetimeMs),
      behind: (shown) => this.#behind(shown),
    })
    return made === undefined ? null : made === payload ? undefined : made
  }

  #open({ address, port }: WrittenEndpoint, lifetimeMs: number | undefined): WrittenEndpoint | undefined {
    const { endpoints, kernel } = this.#world
    const inside = endpoints.at(endpoints.addressId(address, this.hides), port)
    const diesAt = lifetimeMs === undefined ? undefined : kernel.now + Math.round((lifetimeMs * 1e6) / kernel.tickNs)
    const row = this.#mappings.open(UDP, inside, kernel.now, diesAt)
    return row === NO_ROW ? undefined : endpoints.byId(this.#mappings.outsideOf(row))
  }

  #behind({ address, port }: WrittenEndpoint): WrittenEndpoint | undefined {
    const { endpoints } = this.#world
    const outside: KnownEndpoint = endpoints.at(endpoints.addressId(address, endpoints.realmOf(this.#outside)), port)
    const row = this.#mappings.behind(UDP, outside)
    return row === NO_ROW ? undefined : endpoints.byId(this.#mappings.insideOf(row))
  }
}
