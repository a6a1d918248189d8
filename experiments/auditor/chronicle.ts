// The laws that every record keeps, whatever it tells of: its time, its number, its cause.

import type { TraceRecord } from '../../platform/trace.ts'
import { printRecordId } from '../../platform/trace.ts'
import type { Law } from './law.ts'

/** Checks times, numbers and causes. Memory: a number per node. */
export class Chronicle {
  readonly #complete: boolean
  readonly #violate: (law: Law, record: TraceRecord, sentence: string) => void
  readonly #last = new Map<string, number>()
  #at = 0

  /** `complete`: every packet is recorded, so that a cause at another node can only be a packet's. */
  constructor(complete: boolean, violate: (law: Law, record: TraceRecord, sentence: string) => void) {
    this.#complete = complete
    this.#violate = violate
  }

  record(record: TraceRecord): void {
    const { id, at, cause } = record
    if (!Number.isInteger(at) || at < this.#at) {
      this.#violate('time never runs back', record, `${at} ns after ${this.#at} ns`)
    }
    this.#at = at
    const last = this.#last.get(id.node) ?? 0
    if (id.sequence <= last) {
      this.#violate('records are numbered as they come', record, `${printRecordId(id)} after ${id.node}#${last}`)
    }
    if (cause !== null && cause.sequence > (this.#last.get(cause.node) ?? 0)) {
      this.#violate('a cause comes before its effect', record, `its cause ${printRecordId(cause)} is not there yet`)
    }
    this.#last.set(id.node, id.sequence)
    if (this.#complete && cause !== null && cause.node !== id.node && !mayComeFromAfar(record)) {
      const sentence = `${record.kind} at ${id.node} because of ${printRecordId(cause)}`
      this.#violate('a node learns of others only by packets', record, sentence)
    }
  }
}

/** A packet's next record may be another node's; the scenario may ask one node because of another. */
function mayComeFromAfar(record: TraceRecord): boolean {
  return ('packet' in record && record.kind !== 'sent') || record.kind === 'asked' || record.kind === 'faulted'
}
