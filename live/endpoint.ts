// The endpoints that a live host has met, interned: equal ones are the same object for as long as anybody holds it.

import { canonicalAddress } from '../platform/address.ts'
import type { Endpoint } from '../platform/host.ts'

/** Endpoints by address and port. What nobody holds is forgotten, so that a flood of strangers leaves nothing behind. */
export class Endpoints {
  readonly #known = new Map<string, WeakRef<Endpoint>>()
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    if (this.#known.get(key)?.deref() === undefined) this.#known.delete(key)
  })

  at(address: string, port: number): Endpoint {
    const key = `${address} ${port}`
    const known = this.#known.get(key)?.deref()
    if (known !== undefined) return known
    const canonical = canonicalAddress(address) ?? address
    if (canonical !== address) return this.at(canonical, port)
    const endpoint = { address, port }
    this.#known.set(key, new WeakRef(endpoint))
    this.#forgotten.register(endpoint, key)
    return endpoint
  }
}
