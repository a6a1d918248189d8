// A NAT's memory: which inside endpoint has which outside one, for whom, and until when; and who may send in (RFC 4787 §4 and §5).

import type { RandomStream } from '../../../platform/random.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { AddressId, EndpointId, Endpoints, KnownEndpoint } from '../../network/endpoint.ts'
import { TCP, UDP } from '../../network/protocol.ts'
import { Sessions } from '../sessions.ts'
import { NO_ROW, type Row, TimedTable } from '../table.ts'
import { begin, hasPartner } from './mappingRow.ts'
import { DEPENDENCES, type NatOptions } from './options.ts'
import { ADDRESS, ANYBODY, Permissions, PORT, PROTOCOLS, seenBy } from './permissions.ts'
import { type OutsidePort, OutsidePorts } from './ports.ts'
import { RowsByEndpoint } from './rowsByEndpoint.ts'
import { type Lives, livesOf } from './timers.ts'

// Bits of a mapping's state, above the two of its TCP phase.
const PHASE = 3
/** Never dies by itself. */
const STATIC = 4
/** Lets everybody in. */
const OPEN = 8
/** Is not refreshed. */
const FIXED = 16

/** All mappings of one box. A mapping is a row: alive until exactly its time, whoever looks. */
export class Mappings {
  readonly #endpoints: Endpoints
  readonly #pool: readonly AddressId[]
  readonly #places: ReadonlyMap<AddressId, number>
  readonly #mapping: number
  readonly #filtering: number
  readonly #overload: boolean
  /** Overloaded ports are shared by those alone who speak to different remote endpoints. */
  readonly #byRemote: boolean
  /** The filter tells more apart than the mapping, so who may send in is written down. */
  readonly #permits: boolean
  readonly #refreshOut: boolean
  readonly #refreshIn: boolean
  /** A mapping is for all remotes, and refreshed from inside alone: as most are. */
  readonly isPlain: boolean
  /** Rows have what `mappingRow.ts` says. */
  readonly #isWide: boolean
  readonly #lives: Lives
  readonly udpTicks: number
  readonly #clock: Pick<Kernel, 'now'>
  /** Who holds an outside UDP port, by its endpoint. For the packets that come in; the ports themselves know it as well. */
  readonly udpHolders = new RowsByEndpoint()
  /** An inside UDP endpoint's mapping for everybody. For the packets that go out; the table knows it as well. */
  readonly udpInsides = new RowsByEndpoint()
  /** If they are wide, see `mappingRow.ts`. */
  readonly rows: TimedTable
  readonly permissions: Permissions
  readonly #ports: readonly OutsidePorts[]
  /** Pinholes: the one outside address that may use a static forward. */
  readonly #only = new Map<Row, AddressId>()
  readonly #sessions: Sessions
  #someOpen = false

  /** `pool`: the outside addresses, the box's own first. `stream`: where ports are random. */
  constructor(
    endpoints: Endpoints,
    options: NatOptions,
    pool: readonly AddressId[],
    stream: RandomStream | undefined,
    clock: Pick<Kernel, 'now' | 'tickNs'>,
  ) {
    const { mapping = 'endpoint-independent', filtering = 'address-and-port-dependent', refresh = 'outbound' } = options
    this.#endpoints = endpoints
    this.#clock = clock
    this.#pool = pool
    this.#places = new Map(pool.map((id, place) => [id, place]))
    this.#mapping = DEPENDENCES.indexOf(mapping)
    this.#filtering = DEPENDENCES.indexOf(filtering)
    const { overload = false } = options.ports ?? {}
    this.#overload = overload !== false
    this.#byRemote = overload === 'by remote' && this.#mapping === PORT
    const pinholes = options.forwards?.some(({ from }) => from !== undefined) === true
    this.#permits = this.#filtering > this.#mapping || this.#overload || pinholes
    this.#refreshOut = refresh !== 'inbound'
    this.#refreshIn = refresh !== 'outbound'
    this.isPlain = this.#mapping === 0 && refresh === 'outbound' && !this.#overload
    this.#lives = livesOf(options.timers ?? {}, clock.tickNs)
    this.udpTicks = this.#lives[UDP]![0]!
    this.#sessions = new Sessions(this.#lives[TCP]!)
    this.#isWide = this.isPlain || this.#permits
    this.rows = new TimedTable((row) => this.#release(row), this.#isWide)
    // Overloaded ports are told apart by the remote's port as well, whatever the filter is.
    this.permissions = new Permissions(this.rows, this.#overload ? PORT : this.#filtering, endpoints, clock)
    this.#ports = Array.from({ length: PROTOCOLS }, () => new OutsidePorts(options, pool.length, stream, this.rows))
  }

  /** Mappings that are there, dead ones that nobody has met among them. */
  get count(): number {
    return this.rows.count
  }

  /** True if the address is one of the outside ones. */
  has(address: AddressId): boolean {
    return this.#places.has(address)
  }

  /** The mapping by which `inside` speaks to `remote`, made if there is none, and refreshed. NO_ROW: no port is left. */
  outbound(protocol: number, inside: EndpointId, remote: EndpointId): Row {
    const b = seenBy(this.#mapping, remote, this.#endpoints)
    let row = this.#find(protocol, inside, b)
    if (row === NO_ROW && this.#someOpen && b !== ANYBODY) row = this.#find(protocol, inside, ANYBODY)
    const isNew = row === NO_ROW
    if (isNew) row = this.#make(protocol, this.#endpoints.byId(inside), b, this.#clock.now)
    // Before the mapping lives on: another's permission may end with what it lived.
    if (this.#permits && row !== NO_ROW) this.#permit(row, protocol, remote)
    if (!isNew && this.#refreshOut) this.#refresh(row, protocol)
    return row
  }

  /** The mapping of an inside endpoint for `b`, alive. Asks for the time itself, as others here do: a double in a parameter may cost an object. */
  #find(protocol: number, inside: EndpointId, b: number): Row {
    const { now } = this.#clock
    if (protocol !== UDP || b !== ANYBODY) return this.rows.find(inside * PROTOCOLS + protocol, b, now)
    const row = this.udpInsides.at(inside)
    return row !== NO_ROW && this.rows.isAlive(row, now) ? row : NO_ROW
  }

  #add(protocol: number, inside: EndpointId, b: number, outside: EndpointId, diesAt: Ticks, now: Ticks): Row {
    const row = this.rows.add(inside * PROTOCOLS + protocol, b, outside, diesAt, now)
    if (this.#isWide) begin(this.rows.integers, row)
    if (protocol === UDP && b === ANYBODY) this.udpInsides.set(inside, row)
    return row
  }

  /** The mapping by which `inside` speaks to `remote`, if there is one; nothing is made or refreshed. */
  known(protocol: number, inside: EndpointId, remote: EndpointId): Row {
    const row = this.#find(protocol, inside, seenBy(this.#mapping, remote, this.#endpoints))
    return row === NO_ROW ? this.#find(protocol, inside, ANYBODY) : row
  }

  /** The mapping by which `remote` reaches what is behind `outside`; NO_ROW: nothing is, or the filter says no. */
  inbound(protocol: number, outside: EndpointId, remote: EndpointId): Row {
    const row = this.way(protocol, outside, remote)
    if (row !== NO_ROW && this.#refreshIn) {
      this.#refresh(row, protocol)
      if (this.#permits) this.#renew(row, protocol, remote)
    }
    return row
  }

  /** The same, for those who only ask: nothing is refreshed. */
  way(protocol: number, outside: EndpointId, remote: EndpointId): Row {
    const row = this.#overload ? this.#shared(protocol, outside, remote) : this.#holder(protocol, outside)
    return row !== NO_ROW && this.#admits(row, protocol, outside, remote) ? row : NO_ROW
  }

  /** A mapping for all, made by a rule or on somebody's behalf; NO_ROW if no port is left. Absent `diesAt`: as any mapping. */
  open(protocol: number, inside: KnownEndpoint, now: Ticks, diesAt?: Ticks): Row {
    const found = this.#find(protocol, inside.id, ANYBODY)
    const row = found === NO_ROW ? this.#make(protocol, inside, ANYBODY, now) : found
    if (row === NO_ROW) return NO_ROW
    this.#someOpen = true
    if (this.#isWide) this.permissions.part(row)
    this.rows.setState(row, this.rows.state(row) | OPEN | (diesAt === undefined ? 0 : FIXED))
    if (diesAt === undefined) this.#refresh(row, protocol)
    else {
      this.rows.live(row, diesAt)
      this.#hasten(row, protocol)
    }
    return row
  }

  /** A static forward: `outside` is `inside` for ever, for everybody or for `only`. */
  forward(protocol: number, outside: KnownEndpoint, inside: KnownEndpoint, only: AddressId | undefined): void {
    const never = Number.POSITIVE_INFINITY
    const row = this.#add(protocol, inside.id, ANYBODY, outside.id, never, 0)
    this.rows.setState(row, STATIC | (only === undefined ? OPEN : 0))
    this.#hold(protocol, this.#places.get(outside.addressId)!, outside, row)
    if (only !== undefined) this.#only.set(row, only)
    this.#someOpen = true
  }

  insideOf(row: Row): EndpointId {
    return this.rows.a(row) >> 2
  }

  outsideOf(row: Row): EndpointId {
    return this.rows.value(row)
  }

  /** The TCP phase of a mapping; see `timers.ts`. */
  phaseOf(row: Row): number {
    return this.rows.state(row) & PHASE
  }

  /** A TCP segment with these flags has passed by the mapping: if that brings it to another phase, the life of that begins now. */
  follow(row: Row, remote: EndpointId, isOut: boolean, flags: number, now: Ticks): void {
    const phase = this.#sessions.note(this.insideOf(row), remote, row, this.rows.life(row), isOut, flags, now)
    if (phase === this.phaseOf(row)) return
    this.rows.setState(row, (this.rows.state(row) & ~PHASE) | phase)
    this.#refresh(row, TCP)
    this.#hasten(row, TCP)
    if (this.#permits) this.#renew(row, TCP, remote)
  }

  /** A mapping may die earlier than it would have: so its port is free earlier. */
  #hasten(row: Row, protocol: number): void {
    const { addressId } = this.#endpoints.byId(this.rows.value(row))
    this.#ports[protocol]!.dies(this.#places.get(addressId)!, this.rows.diesAt(row))
  }

  /** Whose mapping an outside endpoint is, filter or not; of several that share it, that of whoever spoke last to `remote`, if one is given. */
  behind(protocol: number, outside: KnownEndpoint, remote?: EndpointId): Row {
    if (!this.has(outside.addressId)) return NO_ROW
    return this.#overload && remote !== undefined
      ? this.#shared(protocol, outside.id, remote)
      : this.#holder(protocol, outside.id)
  }

  /** A reboot: all is forgotten but what is configured. */
  forget(): void {
    this.rows.clear((row) => (this.rows.state(row) & STATIC) === 0)
    this.permissions.forget()
    this.#sessions.forget()
    for (const ports of this.#ports) ports.forget()
  }

  #make(protocol: number, inside: KnownEndpoint, b: number, now: Ticks): Row {
    const ports = this.#ports[protocol]!
    const clashes = this.#byRemote
      ? (place: number, port: number) => this.#speaks(protocol, place, port, b, now)
      : undefined
    const chosen = ports.choose(inside, this.#beside(protocol, inside, b), now, clashes)
    if (chosen === undefined) return NO_ROW
    const outside = this.#endpoints.at(this.#pool[chosen.place]!, chosen.port)
    const diesAt = now + this.#lives[protocol]![0]!
    const row = this.#add(protocol, inside.id, b, outside.id, diesAt, now)
    this.#hold(protocol, chosen.place, outside, row)
    return row
  }

  /** True if somebody speaks from this outside port to `remote`. */
  #speaks(protocol: number, place: number, port: number, remote: EndpointId, now: Ticks): boolean {
    const outside = this.#endpoints.at(this.#pool[place]!, port).id
    return this.permissions.find(protocol, outside, remote, now) !== NO_ROW
  }

  /** What the port below the inside one has, for contiguity. */
  #beside(protocol: number, { addressId, port }: KnownEndpoint, b: number): OutsidePort | undefined {
    if ((port & 1) === 0) return undefined
    const row = this.#find(protocol, this.#endpoints.at(addressId, port - 1).id, b)
    if (row === NO_ROW) return undefined
    const outside = this.#endpoints.byId(this.rows.value(row))
    return { place: this.#places.get(outside.addressId)!, port: outside.port }
  }

  #hold(protocol: number, place: number, { id, port }: KnownEndpoint, row: Row): void {
    this.#ports[protocol]!.hold(place, port, row)
    if (protocol === UDP) this.udpHolders.set(id, row)
  }

  #holder(protocol: number, outside: EndpointId): Row {
    const row = protocol === UDP ? this.udpHolders.at(outside) : this.#slowHolder(protocol, outside)
    return row !== NO_ROW && this.rows.isAlive(row, this.#clock.now) ? row : NO_ROW
  }

  #slowHolder(protocol: number, outside: EndpointId): Row {
    const { addressId, port } = this.#endpoints.byId(outside)
    const place = this.#places.get(addressId)
    return place === undefined ? NO_ROW : this.#ports[protocol]!.holder(place, port)
  }

  /** Overloading: the host that spoke last to this remote from the shared port, else the one that took the port last. */
  #shared(protocol: number, outside: EndpointId, remote: EndpointId): Row {
    const row = this.permissions.find(protocol, outside, remote, this.#clock.now)
    if (row !== NO_ROW) return row
    return this.#holder(protocol, outside)
  }

  #admits(row: Row, protocol: number, outside: EndpointId, remote: EndpointId): boolean {
    const state = this.rows.state(row)
    if ((state & OPEN) !== 0 || this.#filtering === 0) return true
    if (state !== 0 && this.#only.get(row) === this.#endpoints.addressIdOf(remote)) return true
    const b = this.rows.b(row)
    if (!this.#permits && b !== ANYBODY) {
      const known = this.#mapping === PORT && this.#filtering === ADDRESS ? this.#endpoints.addressIdOf(b) : b
      return known === seenBy(this.#filtering, remote, this.#endpoints)
    }
    if (this.permissions.held(row, remote) !== NO_ROW) return true
    return this.permissions.find(protocol, outside, remote, this.#clock.now) === row
  }

  #permit(row: Row, protocol: number, remote: EndpointId): void {
    const { now } = this.#clock
    const state = this.rows.state(row)
    const diesAt = now + (state === 0 && protocol === UDP ? this.udpTicks : this.#lives[protocol]![state & PHASE]!)
    const held = this.permissions.held(row, remote)
    if (held === NO_ROW) this.permissions.give(row, protocol, remote, diesAt, this.#refreshOut, now)
    else if (this.#refreshOut && !hasPartner(this.rows.integers, row)) this.permissions.table.live(held, diesAt)
  }

  #renew(row: Row, protocol: number, remote: EndpointId): void {
    const { now } = this.#clock
    this.permissions.prolong(row, protocol, remote, now + this.#lives[protocol]![this.phaseOf(row)]!, now)
  }

  #refresh(row: Row, protocol: number): void {
    const { now } = this.#clock
    const state = this.rows.state(row)
    if (state === 0 && protocol === UDP) this.rows.live(row, now + this.udpTicks)
    else if ((state & (STATIC | FIXED)) === 0) this.rows.live(row, now + this.#lives[protocol]![state & PHASE]!)
  }

  #release(row: Row): void {
    const protocol = this.rows.a(row) % PROTOCOLS
    const { addressId, port, id } = this.#endpoints.byId(this.rows.value(row))
    this.udpInsides.release(this.insideOf(row), row)
    this.udpHolders.release(id, row)
    if (this.#isWide) this.permissions.part(row)
    this.#ports[protocol]!.release(this.#places.get(addressId)!, port, row)
  }
}
