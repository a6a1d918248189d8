// The border between two realms: which endpoint of the one is which of the other (the same text, another number), and the way to it.

import { grown } from '../../../platform/growth.ts'
import type { DirectionId } from '../../network/direction.ts'
import type { EndpointId, Endpoints, Realm } from '../../network/endpoint.ts'
import type { Passing } from '../passing.ts'

const UNKNOWN = 0
/** There is no way across: NATs here translate IPv4 only, and what is on the near side stays there. */
const NO_WAY = -1

/** Finds the endpoints of one realm in another, asked once for each. */
export class Border {
  readonly #endpoints: Endpoints
  readonly #to: Realm
  readonly #passing: Passing
  readonly #isNear: (id: EndpointId) => boolean
  /** By endpoint: the one on the far side + 1; times −1 where there is no way across. */
  #known: Int32Array = new Int32Array(0)

  /** `isNear`: true for what is on this side; there is no way across to it. */
  constructor(endpoints: Endpoints, to: Realm, passing: Passing, isNear: (id: EndpointId) => boolean) {
    this.#isNear = isNear
    this.#endpoints = endpoints
    this.#to = to
    this.#passing = passing
  }

  /** The endpoint that has the same address and port on the far side. */
  across(id: EndpointId): EndpointId {
    const known = id < this.#known.length ? this.#known[id]! : UNKNOWN
    return known === UNKNOWN ? this.#learn(id) : Math.abs(known) - 1
  }

  /** The way to the endpoint that {@link Border.across} has given for `id`, `far`: see `Passing.routeTo`. */
  routeTo(id: EndpointId, far: EndpointId): DirectionId {
    return this.#known[id]! < 0 ? NO_WAY : this.#passing.routeTo(far)
  }

  #learn(id: EndpointId): EndpointId {
    const { address, port, isIpv6 } = this.#endpoints.byId(id)
    const found = this.#endpoints.at(this.#endpoints.addressId(address, this.#to), port).id
    if (id >= this.#known.length) this.#known = grown(this.#known, id + 1)
    this.#known[id] = isIpv6 || this.#isNear(id) ? -1 - found : found + 1
    return found
  }
}
