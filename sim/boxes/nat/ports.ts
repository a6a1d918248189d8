// Outside ports: which are taken, by which mapping, and which one a new mapping gets (RFC 4787 §4.2, RFC 6888 §4).

import type { RandomStream } from '../../../platform/random.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { AddressId, KnownEndpoint } from '../../network/endpoint.ts'
import { NO_ROW, type Row } from '../table.ts'
import type { NatOptions, PortOptions } from './options.ts'

const PORTS = 65536

/** One outside port of one outside address, by its place in the pool. */
export interface OutsidePort {
  readonly place: number
  readonly port: number
}

/** What the choice of ports asks of the mappings. */
export interface Holders {
  /** False for a row whose time has come: then its port is free again. */
  isAlive(row: Row, now: Ticks): boolean
  diesAt(row: Row): Ticks
  remove(row: Row): void
}

/** True if somebody else speaks from this port to the same remote endpoint. */
type Clashes = (place: number, port: number) => boolean

/** All outside ports of one protocol. */
export class OutsidePorts {
  readonly #options: Required<PortOptions>
  /** Absent a range, ports below 1024 may be preserved as well; with one, all stay in it. */
  readonly #isBounded: boolean
  readonly #paired: boolean
  readonly #blocks: NatOptions['blocks']
  readonly #holders: Holders
  readonly #stream: RandomStream | undefined
  /** Who holds each port, by place in the pool: a mapping's row + 1, or 0. */
  readonly #held: Int32Array[]
  /** The port after the last one given, by place in the pool. */
  readonly #next: number[]
  /** Nothing can become free before this time, by place in the pool. */
  readonly #fullUntil: number[]
  readonly #places = new Map<AddressId, number>()
  readonly #blocksOf = new Map<AddressId, OutsidePort[]>()
  #turn = 0
  /** How many blocks of each address have been given, by place in the pool. */
  readonly #blocksGiven: number[]

  constructor(options: NatOptions, places: number, stream: RandomStream | undefined, holders: Holders) {
    const { assignment = 'preserve', parity = true, contiguity = false, overload = false } = options.ports ?? {}
    const { first = 1024, last = 65535 } = options.ports ?? {}
    this.#options = { assignment, parity, contiguity, overload, first, last }
    this.#isBounded = options.ports?.first !== undefined || options.ports?.last !== undefined
    this.#paired = options.pooling !== 'arbitrary'
    this.#blocks = options.blocks
    this.#stream = stream
    this.#holders = holders
    this.#held = Array.from({ length: places }, () => new Int32Array(0))
    this.#next = Array.from({ length: places }, () => first)
    this.#fullUntil = Array.from({ length: places }, () => 0)
    this.#blocksGiven = Array.from({ length: places }, () => 0)
  }

  /** The mapping that holds a port, dead or alive; NO_ROW for none. */
  holder(place: number, port: number): Row {
    const held = this.#held[place]!
    return held.length === 0 ? NO_ROW : held[port]! - 1
  }

  hold(place: number, port: number, row: Row): void {
    if (this.#held[place]!.length === 0) this.#held[place] = new Int32Array(PORTS)
    this.#held[place]![port] = row + 1
  }

  /** Lets a port go, if `row` holds it. */
  release(place: number, port: number, row: Row): void {
    const held = this.#held[place]!
    if (held[port] !== row + 1) return
    held[port] = 0
    this.#fullUntil[place] = 0
  }

  /** Forgets who had which address, and the blocks: a reboot. */
  forget(): void {
    this.#places.clear()
    this.#blocksOf.clear()
    this.#turn = 0
    this.#blocksGiven.fill(0)
    this.#next.fill(this.#options.first)
  }

  /**
   * A port for a new mapping of `inside`; `beside`: what the port below it has, if that is mapped. `clashes`, where ports are shared by
   * remote, says which cannot be shared. Undefined: none is left.
   */
  choose(
    inside: KnownEndpoint,
    beside: OutsidePort | undefined,
    now: Ticks,
    clashes?: Clashes,
  ): OutsidePort | undefined {
    const { assignment, contiguity, overload } = this.#options
    if (this.#blocks !== undefined) return this.#fromBlocks(inside, this.#blocks, now)
    const place = this.#placeOf(inside.addressId)
    if (contiguity && beside !== undefined && (inside.port & 1) === 1 && (beside.port & 1) === 0) {
      const above = beside.port + 1
      if (this.#isGiven(above) && this.#isFree(beside.place, above, now, clashes))
        return { place: beside.place, port: above }
    }
    if (assignment === 'preserve' && this.#isGiven(inside.port)) {
      if (overload === true || this.#isFree(place, inside.port, now, clashes)) return { place, port: inside.port }
    }
    return this.#search(place, inside.port, now, clashes)
  }

  /** True for a port that may be given at all. */
  #isGiven(port: number): boolean {
    return !this.#isBounded || (port >= this.#options.first && port <= this.#options.last)
  }

  /** The port's mapping dies earlier than it might have: who found none left should look again then. */
  dies(place: number, at: Ticks): void {
    this.#fullUntil[place] = Math.min(this.#fullUntil[place]!, at)
  }

  /** RFC 4787 REQ-2: paired by default. Whoever comes first is given the next address in turn. */
  #placeOf(address: AddressId): number {
    if (!this.#paired) return this.#turn++ % this.#held.length
    const known = this.#places.get(address) ?? this.#turn++ % this.#held.length
    this.#places.set(address, known)
    return known
  }

  #isFree(place: number, port: number, now: Ticks, clashes?: Clashes): boolean {
    if (clashes !== undefined) return !clashes(place, port)
    const row = this.holder(place, port)
    if (row === NO_ROW) return true
    if (this.#holders.isAlive(row, now)) return false
    this.#holders.remove(row)
    return true
  }

  #search(place: number, inside: number, now: Ticks, clashes: Clashes | undefined): OutsidePort | undefined {
    const { assignment, parity, first, last } = this.#options
    if (now < this.#fullUntil[place]!) return undefined
    const size = last - first + 1
    const start =
      assignment === 'random' && this.#stream !== undefined
        ? first + Math.floor(this.#stream.next() * size)
        : this.#next[place]!
    const found =
      (parity ? this.#scan(place, start, inside & 1, now, clashes) : undefined) ??
      this.#scan(place, start, undefined, now, clashes)
    if (found === undefined) {
      if (clashes === undefined) this.#fullUntil[place] = this.#earliest(place)
      return undefined
    }
    this.#next[place] = found < last ? found + 1 : first
    return { place, port: found }
  }

  /** The first free port from `start` on, around the range; only of one parity if one is given. */
  #scan(
    place: number,
    start: number,
    parity: number | undefined,
    now: Ticks,
    clashes: Clashes | undefined,
  ): number | undefined {
    const { first, last } = this.#options
    const size = last - first + 1
    for (let step = 0; step < size; step++) {
      const port = first + ((start - first + step) % size)
      if ((parity === undefined || (port & 1) === parity) && this.#isFree(place, port, now, clashes)) return port
    }
    return undefined
  }

  #earliest(place: number): Ticks {
    const { first, last } = this.#options
    let earliest = Number.POSITIVE_INFINITY
    for (let port = first; port <= last; port++) {
      earliest = Math.min(earliest, this.#holders.diesAt(this.holder(place, port)))
    }
    return earliest
  }

  /** Port blocks: the host's own ones first, in order; then a new one while it may have one and any is left. */
  #fromBlocks(
    { addressId, port: inside }: KnownEndpoint,
    { ports, most = 1 }: NonNullable<NatOptions['blocks']>,
    now: Ticks,
  ): OutsidePort | undefined {
    const own = this.#blocksOf.get(addressId) ?? []
    this.#blocksOf.set(addressId, own)
    for (;;) {
      for (const parity of this.#options.parity ? [inside & 1, undefined] : [undefined]) {
        for (const { place, port: first } of own) {
          for (let port = first; port < first + ports; port++) {
            if (parity !== undefined && (port & 1) !== parity) continue
            if (this.#isFree(place, port, now)) return { place, port }
          }
        }
      }
      const block = own.length < most ? this.#newBlock(ports, this.#paired ? own[0]?.place : undefined) : undefined
      if (block === undefined) return undefined
      own.push(block)
    }
  }

  /** `place`: of this address alone, which the host has already (RFC 6888 REQ-2). */
  #newBlock(ports: number, place?: number): OutsidePort | undefined {
    const { first, last } = this.#options
    const perAddress = Math.floor((last - first + 1) / ports)
    const found = this.#blocksGiven.findIndex((given, n) => given < perAddress && (place === undefined || n === place))
    return found < 0 ? undefined : { place: found, port: first + this.#blocksGiven[found]!++ * ports }
  }
}
