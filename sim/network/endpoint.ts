// Addresses and endpoints, interned: one number and one object for each, so that packets carry numbers and programs compare with `===`.
// An address belongs to a realm: behind two NATs the same text is two addresses.

import { type AddressBytes, canonicalAddress, isLoopback, parseAddress } from '../../platform/address.ts'
import { bug } from '../../platform/assert.ts'
import type { Endpoint } from '../../platform/host.ts'
import { Sockets } from '../transport/sockets.ts'

/** Counts up from 0 in the order in which a world's addresses are first named. Nothing is ever ordered by it. */
export type AddressId = number
/** Counts up from 0 in the order in which endpoints are first named. Nothing is ever ordered by it. */
export type EndpointId = number

/** A part of the network in which addresses are unique: the outside, or what a NAT hides. */
export type Realm = number

const NOBODY = -1

/** A world's one endpoint of an address and a port. */
export class KnownEndpoint implements Endpoint {
  readonly address: string
  readonly port: number
  readonly id: EndpointId
  readonly addressId: AddressId
  readonly isIpv6: boolean
  /** The rank of the node that has the address, or -1. */
  readonly owner: number

  constructor(address: string, port: number, id: EndpointId, addressId: AddressId, owner: number) {
    this.address = address
    this.port = port
    this.id = id
    this.addressId = addressId
    this.owner = owner
    this.isIpv6 = address.includes(':')
  }
}

/** All addresses and endpoints of a world, and which node has each address. */
export class Endpoints {
  readonly #addressIds: Map<string, AddressId>[] = []
  readonly #addresses: string[] = []
  readonly #owners: number[] = []
  readonly #loopbacks: boolean[] = []
  readonly #realms: Realm[] = []
  readonly #ids = new Map<number, EndpointId>()
  readonly #all: KnownEndpoint[] = []
  /** The UDP sockets that are bound to them. */
  readonly sockets = new Sockets()

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

  /** Gives an address to a node; false if another has it. */
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
    const key = addressId * 65536 + port
    const known = this.#ids.get(key)
    if (known !== undefined) return this.#all[known]!
    if (!(port >= 0 && port <= 65535 && Math.floor(port) === port)) bug(`port ${port} is no integer from 0 to 65535`)
    const id = this.#all.length
    const made = new KnownEndpoint(this.#addresses[addressId]!, port, id, addressId, this.#owners[addressId]!)
    this.#all.push(made)
    this.#ids.set(key, id)
    return made
  }

  byId(id: EndpointId): KnownEndpoint {
    return this.#all[id]!
  }
}
