// Kinds of endpoints: what every packet asks of its destination is the same for very many of them, so that it stands in a row for each kind,
// and each endpoint has but the number of its kind: a byte, as long as there are few. The less memory a million endpoints take, the more of
// them stand in the cache.

import { grown } from '../../platform/growth.ts'
import type { UdpReceiver } from '../../platform/host.ts'
import type { Rank } from '../kernel/event.ts'
import type { EndpointId } from './endpoint.ts'

/** Counts up from 0 as they come. All endpoints of a kind have the same owner, the same IP version and, if the kind is shared, the same receiver. */
export type KindId = number

// A kind's traits in one integer: the owner's rank + 1, times 8, and three bits.
const OWNER_SHIFT = 3
/** One receiver is bound to all its endpoints. */
const SHARED = 4
const IPV6 = 2
const PORTLESS = 1

const BYTE_KINDS = 0x100
/** As many as two bytes can tell apart. From so many kinds on, no receiver makes another. */
const MOST_KINDS = 0x1_0000
/** With so many receivers' objects, a second-level cache of 2 MB has most of them no longer. */
const MANY = 0x4000

/** Which endpoint is of what kind. */
export class Kinds {
  /** By endpoint. */
  declare private table: Uint8Array | Uint16Array | Int32Array
  /** By kind. */
  declare private traits: Int32Array
  /** By kind: who takes what comes for its endpoints, if it is {@link SHARED}. */
  declare private readonly receivers: (UdpReceiver | undefined)[]
  /** By kind: how many endpoints are bound to its receiver. */
  #bound: Int32Array = new Int32Array(16)
  /** The kinds without a receiver, by their traits. */
  readonly #unbound = new Map<number, KindId>()
  /** The endpoint of the same traits that was bound last. */
  readonly #latest = new Map<number, EndpointId>()
  /** Kinds whose receivers are gone, by their traits, which they keep: what boxes know of a kind stays true. */
  readonly #free = new Map<number, KindId[]>()
  /** By endpoint: receivers of one socket each: as many kinds would be more than the cache holds; and those beyond {@link MOST_KINDS}. */
  declare private readonly own: (UdpReceiver | undefined)[]

  constructor() {
    this.table = new Uint8Array(16)
    this.traits = new Int32Array(16)
    this.receivers = []
    this.own = []
  }

  /** The kind of an endpoint, which changes when a socket is bound to it or closed. */
  of(id: EndpointId): KindId {
    return this.table[id]!
  }

  /** The rank of the node that has the addresses of the kind's endpoints, or -1. */
  ownerOf(kind: KindId): number {
    return (this.traits[kind]! >> OWNER_SHIFT) - 1
  }

  isIpv6(id: EndpointId): boolean {
    return (this.traits[this.table[id]!]! & IPV6) !== 0
  }

  /** True for endpoints of that IP version with a port other than 0, at another node than `rank`. */
  isPlain(kind: KindId, isIpv6: boolean, rank: Rank): boolean {
    const traits = this.traits[kind]!
    return (traits & (IPV6 | PORTLESS)) === (isIpv6 ? IPV6 : 0) && traits >> OWNER_SHIFT !== rank + 1
  }

  /** Who takes what comes for an endpoint to the node `owner`; undefined where no socket of that node is bound to it. */
  receiverAt(id: EndpointId, owner: Rank): UdpReceiver | undefined {
    const traits = this.traits[this.table[id]!]!
    if (traits >> OWNER_SHIFT !== owner + 1) return undefined
    return (traits & SHARED) === 0 ? this.own[id] : this.sharedBy(id)
  }

  /** Apart, so that the engine folds the rest into a packet's arrival. */
  private sharedBy(id: EndpointId): UdpReceiver | undefined {
    return this.receivers[this.table[id]!]
  }

  /** True if very many endpoints, {@link MANY} or more, may have receivers for themselves. */
  hasManyReceivers(): boolean {
    return this.own.length >= MANY
  }

  /** Looks at the receiver that an endpoint has for itself, if it has one. */
  foresee(id: EndpointId): boolean {
    return id < this.own.length && typeof this.own[id] === 'object'
  }

  /** Says what an endpoint is: `id` is one more than the last. */
  describe(id: EndpointId, owner: number, isIpv6: boolean, isPortless: boolean): void {
    if (id === this.table.length) this.#layOut(id * 2)
    const traits = ((owner + 1) << OWNER_SHIFT) | (isIpv6 ? IPV6 : 0) | (isPortless ? PORTLESS : 0)
    let kind = this.#unbound.get(traits)
    if (kind === undefined) {
      kind = this.#make(traits)
      this.#unbound.set(traits, kind)
    }
    this.table[id] = kind
  }

  /** From now on `receiver` takes what comes for an endpoint, to which no other is bound. O(1). */
  bind(id: EndpointId, receiver: UdpReceiver): void {
    const traits = this.traits[this.table[id]!]!
    const kind = this.#kindOf(traits, receiver)
    this.#latest.set(traits, id)
    if (kind === undefined) {
      while (this.own.length <= id) this.own.push(undefined)
      this.own[id] = receiver
      return
    }
    this.receivers[kind] = receiver
    this.#bound[kind]!++
    this.table[id] = kind
  }

  /** Nobody takes what comes for an endpoint from now on. */
  release(id: EndpointId): void {
    if (id < this.own.length) this.own[id] = undefined
    const kind = this.table[id]!
    const traits = this.traits[kind]!
    if ((traits & SHARED) === 0) return
    this.table[id] = this.#unbound.get(traits & ~SHARED)!
    if (--this.#bound[kind]! > 0) return
    this.receivers[kind] = undefined
    const free = this.#free.get(traits)
    if (free === undefined) this.#free.set(traits, [kind])
    else free.push(kind)
  }

  /** The kind of those traits with that receiver, if he was bound last as well, so that he has several; undefined if not, or if there are too many. */
  #kindOf(traits: number, receiver: UdpReceiver): KindId | undefined {
    const latest = this.#latest.get(traits)
    if (latest === undefined) return undefined
    const kind = this.table[latest]!
    const isShared = (this.traits[kind]! & SHARED) !== 0
    if (receiver !== (isShared ? this.receivers[kind] : this.own[latest])) return undefined
    if (isShared) return kind
    const shared = traits | SHARED
    return this.#free.get(shared)?.pop() ?? (this.receivers.length < MOST_KINDS ? this.#make(shared) : undefined)
  }

  #make(traits: number): KindId {
    const kind = this.receivers.push(undefined) - 1
    if (kind === BYTE_KINDS || kind === MOST_KINDS) this.#layOut(this.table.length)
    if (kind === this.traits.length) {
      this.traits = grown(this.traits, kind + 1)
      this.#bound = grown(this.#bound, kind + 1)
    }
    this.traits[kind] = traits
    return kind
  }

  /** Makes the table so long, and as wide as it must be for the kinds that there are. */
  #layOut(length: number): void {
    const known = this.table
    const count = this.receivers.length
    if (count > MOST_KINDS) this.table = new Int32Array(length)
    else this.table = count > BYTE_KINDS ? new Uint16Array(length) : new Uint8Array(length)
    this.table.set(known)
  }
}
