// Which nodes are not themselves: they stand still, are slow, or have clocks that do not go right. What they time then proves nothing.

import { printRecordId, type TraceRecord } from '../../platform/trace.ts'

type Faulted = TraceRecord & { readonly kind: 'faulted' }

/** What begins such a time, by what ends it; a clock goes on as it was set. */
const BEGINNINGS: Readonly<Record<string, string>> = { thaw: 'freeze', 'fast again': 'slow' }

/** A fold over the faults of a run. */
export class Impairments {
  /** By node and fault: the records of those that last, since several may lie one upon the other. */
  readonly #lasting = new Map<string, Set<string>>()
  /** The nodes whose clocks run too fast or too slow. */
  readonly #drifting: Set<string>

  /** `drifting`: the nodes whose clocks do so from the start. */
  constructor(drifting: readonly string[]) {
    this.#drifting = new Set(drifting)
  }

  /** Takes a fault; true if its node is impaired from then on. */
  take(fault: Faulted): boolean {
    const { id, what, details } = fault
    const begun = BEGINNINGS[what]
    if (what === 'clock') this.#set(id.node, String(details.by))
    else if (begun !== undefined) this.#end(this.#of(id.node, begun), fault)
    else if (Object.values(BEGINNINGS).includes(what)) this.#of(id.node, what).add(printRecordId(id))
    return this.#drifting.has(id.node) || Object.values(BEGINNINGS).some((one) => this.#of(id.node, one).size > 0)
  }

  #of(node: string, what: string): Set<string> {
    const key = `${node} ${what}`
    const those = this.#lasting.get(key) ?? new Set()
    this.#lasting.set(key, those)
    return those
  }

  /** What ends after its time ends alone; a thaw that was asked for ends all. */
  #end(those: Set<string>, { details, cause }: Faulted): void {
    if (details.forMs === undefined) those.clear()
    else if (cause !== null) those.delete(printRecordId(cause))
  }

  /** A clock that is only set goes on as it went. */
  #set(node: string, by: string): void {
    const ppm = /([\d.]+) ppm/.exec(by)?.[1]
    if (ppm === undefined) return
    if (Number(ppm) === 0) this.#drifting.delete(node)
    else this.#drifting.add(node)
  }
}
