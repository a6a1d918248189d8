// The border between two realms: which endpoint of the one is which of the other. The same text, another number.

import type { EndpointId, Endpoints, Realm } from '../../network/endpoint.ts'

const UNKNOWN = -1

/** Finds the endpoints of one realm in another, asked once for each. */
export class Border {
  readonly #endpoints: Endpoints
  readonly #to: Realm
  #known = new Int32Array(0)

  constructor(endpoints: Endpoints, to: Realm) {
    this.#endpoints = endpoints
    this.#to = to
  }

  /** The endpoint that has the same address and port on the far side. */
  across(id: EndpointId): EndpointId {
    const known = id < this.#known.length ? this.#known[id]! : UNKNOWN
    if (known !== UNKNOWN) return known
    const { address, port } = this.#endpoints.byId(id)
    const found = this.#endpoints.at(this.#endpoints.addressId(address, this.#to), port).id
    if (id >= this.#known.length) {
      const longer = new Int32Array(Math.max(16, id + 1, this.#known.length * 2)).fill(UNKNOWN)
      longer.set(this.#known)
      this.#known = longer
    }
    this.#known[id] = found
    return found
  }
}
