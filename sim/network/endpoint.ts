// Addresses and endpoints, interned: one number and one object for each, so that packets carry numbers and programs compare with `===`.
// An address belongs to a realm: behind two NATs the same text is two addresses.

import { type AddressBytes, canonicalAddress, isLoopback, parseAddress } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import type { Endpoint } from '../../platform/host.ts'
import { Sockets } from '../transport/sockets.ts'
import { Kinds } from './kinds.ts'
import { PairIndex } from './pairIndex.ts'

/** Counts up from 0 in the order in which a world's addresses are first named. Nothing is ever ordered by it. */
export type AddressId = number
/** Counts up from 0 in the order in which endpoints are first named. Nothing is ever ordered by it. */
export type EndpointId = number

/** A part of the network in which addresses are unique: the outside, or what a NAT hides. */
export type Realm = number

const NOBODY = -1

/**
 * A world's one endpoint of an address and a port. Whoever speaks to a million of them in no order waits for one object's memory each time:
 * so it is small, and what it is stands in the world's tables.
 */
export class KnownEndpoint implements Endpoint {
  declare readonly id: EndpointId
  readonly #all: Endpoints

  constructor(id: EndpointId, all: Endpoints) {
    this.id = id
    this.#all = all
  }

  get address(): string {
    return this.#all.addressOf(this.addressId)
  }

  get port(): number {
    return this.#all.portOf(this.id)
  }

  get addressId(): AddressId {
    return this.#all.addressIdOf(this.id)
  }

  get isIpv6(): boolean {
    return this.#all.kinds.isIpv6(this.id)
  }

  /** The rank of the node that has the address, or -1. */
  get owner(): number {
    return this.#all.ownerAt(this.id)
  }

  /** As a plain object would be written. */
  toJSON(): Endpoint {
    return { address: this.address, port: this.port }
  }
}

/** All addresses and endpoints of a world, and which node has each address. */
export class Endpoints {
  readonly #addressIds: Map<string, AddressId>[] = []
  readonly #addresses: string[] = []
  readonly #owners: number[] = []
  readonly #loopbacks: boolean[] = []
  readonly #realms: Realm[] = []
  readonly #pairs = new PairIndex()
  readonly #all: KnownEndpoint[] = []
  /** What packets ask of them. */
  declare readonly kinds: Kinds
  /** The UDP sockets that are bound to them. */
  declare readonly sockets: Sockets

  constructor() {
    this.kinds = new Kinds()
    this.sockets = new Sockets(this.kinds)
  }

  /** The number of an address, in any of its forms, as it is meant in `realm`; panics for a text that is none. */
  addressId(text: string, realm: Realm): AddressId {
    this.#addressIds[realm] ??= new Map()
    const ids = this.#addressIds[realm]
    const known = ids.get(text)
    if (known !== undefined) return known
    const address = canonicalAddress(text) ?? bug(`"${text}" is no address`)
    const id = ids.get(address) ?? this.#addresses.push(address) - 1
    ids.set(text, id).set(address, id)
    this.#owners[id] ??= NOBODY
    this.#loopbacks[id] ??= isLoopback(this.bytesOf(id))
    this.#realms[id] ??= realm
    return id
  }

  realmOf(id: AddressId): Realm {
    return this.#realms[id]!
  }

  /** The canonical text of an address. */
  addressOf(id: AddressId): string {
    return this.#addresses[id]!
  }

  bytesOf(id: AddressId): AddressBytes {
    const parsed = parseAddress(this.#addresses[id]!)
    return parsed.ok ? parsed.value : bug(`address ${id} of ${this.#addresses.length}`)
  }

  isIpv6(id: AddressId): boolean {
    return this.#addresses[id]!.includes(':')
  }

  isLoopback(id: AddressId): boolean {
    return this.#loopbacks[id]!
  }

  /** Gives an address to a node; false if another has it. Its endpoints are named after that. */
  own(id: AddressId, rank: number): boolean {
    if (this.#owners[id] !== NOBODY) return false
    this.#owners[id] = rank
    return true
  }

  /** The rank of the node that has the address, or -1. */
  ownerOf(id: AddressId): number {
    return this.#owners[id]!
  }

  /** The one endpoint of an address and a port, 0–65535. */
  at(addressId: AddressId, port: number): KnownEndpoint {
    const known = this.#pairs.find(addressId, port)
    if (known >= 0) return this.#all[known]!
    if (!(port >= 0 && port <= 65535 && Math.floor(port) === port)) bug(`port ${port} is no integer from 0 to 65535`)
    const id = this.#pairs.add(addressId, port)
    const made = new KnownEndpoint(id, this)
    this.#all.push(made)
    this.kinds.describe(id, this.#owners[addressId]!, this.isIpv6(addressId), port === 0)
    return made
  }

  byId(id: EndpointId): KnownEndpoint {
    return this.#all[id]!
  }

  addressIdOf(id: EndpointId): AddressId {
    return this.#pairs.a(id)
  }

  portOf(id: EndpointId): number {
    return this.#pairs.b(id)
  }

  /** The rank of the node that has the endpoint's address, or -1. */
  ownerAt(id: EndpointId): number {
    return this.kinds.ownerOf(this.kinds.of(id))
  }

  /** True for an endpoint of that IP version with a port other than 0, at another node than `rank`: what can be sent to without a further look. */
  isPlain(id: EndpointId, isIpv6: boolean, rank: number): boolean {
    return this.kinds.isPlain(this.kinds.of(id), isIpv6, rank)
  }
}

/** An endpoint of no world, where an endpoint must be named and there is none. */
export const NOWHERE = new KnownEndpoint(NOBODY, new Endpoints())
