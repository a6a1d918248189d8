// Which nodes are not themselves: they stand still, are slow, or have clocks that do not go right. What they time then proves nothing.

import type { TraceRecord } from '../../platform/trace.ts'

type Faulted = TraceRecord & { readonly kind: 'faulted' }

/** What begins such a time, and what ends it; a clock goes on as it was set. */
const ENDS: Readonly<Record<string, string>> = { freeze: 'thaw', slow: 'fast again' }
const BEGINS: Readonly<Record<string, string>> = { thaw: 'freeze', 'fast again': 'slow' }

/** A fold over the faults of a run. */
export class Impairments {
  /** By node and fault: how many lie one upon the other. */
  readonly #lasting = new Map<string, number>()
  /** The nodes whose clocks run too fast or too slow. */
  readonly #drifting = new Set<string>()

  /** Takes a fault; true if its node is impaired from then on. */
  take({ id: { node }, what, details }: Faulted): boolean {
    if (what in ENDS) this.#count(`${node} ${what}`, 1)
    const begun = BEGINS[what]
    if (begun !== undefined) this.#count(`${node} ${begun}`, -1)
    if (what === 'clock') this.#set(node, String(details.by))
    return this.#drifting.has(node) || Object.keys(ENDS).some((one) => (this.#lasting.get(`${node} ${one}`) ?? 0) > 0)
  }

  #count(key: string, by: number): void {
    this.#lasting.set(key, Math.max(0, (this.#lasting.get(key) ?? 0) + by))
  }

  /** A clock that is only set goes on as it went. */
  #set(node: string, by: string): void {
    const ppm = /([\d.]+) ppm/.exec(by)?.[1]
    if (ppm === undefined) return
    if (Number(ppm) === 0) this.#drifting.delete(node)
    else this.#drifting.add(node)
  }
}
