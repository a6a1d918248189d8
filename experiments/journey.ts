// A packet's way, hop by hop: which record ended what an earlier one began. For all that must know over which link a packet came.

import { type Duplicated, type Forwarded, type PacketRecord, printRecordId, type Sent } from '../platform/trace.ts'

/** One packet on one link, from the record that handed it over. */
export interface Hop {
  readonly start: Sent | Forwarded | Duplicated
  /** The direction's name, `alice--proxy from alice`, or `loopback`. */
  readonly link: string
  readonly ttl: number
  /** Bits were changed on the way. */
  readonly corrupted: boolean
}

/** A fold over packets' records, in the run's order. Memory goes with what is in flight. */
export class Journeys {
  readonly #hops = new Map<string, Hop>()

  /**
   * Takes the next record. Gives the hop that it ends: on which the packet was lost (where the record's node sends on that link), or over
   * which it came to the record's node. Undefined where it ends none: a start, a copy, a wait, or what a box does with a packet that it has.
   */
  take(record: PacketRecord): Hop | undefined {
    const key = printRecordId(record.id)
    if (record.kind === 'sent') {
      this.#begin(key, record, record.ttl)
      return undefined
    }
    const from = record.cause === null ? '' : printRecordId(record.cause)
    const hop = this.#hops.get(from)
    if (record.kind === 'duplicated') {
      if (hop !== undefined) this.#hops.set(key, { ...hop, start: record })
      return undefined
    }
    this.#hops.delete(from)
    if (record.kind === 'queued' || record.kind === 'corrupted') {
      if (hop !== undefined) this.#hops.set(key, record.kind === 'queued' ? hop : { ...hop, corrupted: true })
      return undefined
    }
    if (record.kind === 'forwarded') this.#begin(key, record, record.ttl)
    return hop
  }

  #begin(key: string, start: Sent | Forwarded, ttl: number): void {
    this.#hops.set(key, { start, link: start.link, ttl, corrupted: false })
  }
}
