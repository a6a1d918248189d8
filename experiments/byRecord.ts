// Values kept by the record that they belong to: by its node, then by its number, so that no name need be made to look one up.

import type { RecordId } from '../platform/trace.ts'

/** Keeps at least the last `atLeast` values put in, and at most twice as many. Reading does not refresh. Deterministic: by count, never by time. */
export class ByRecord<Value> {
  readonly #atLeast: number
  #young = new Map<string, Map<number, Value>>()
  #old = new Map<string, Map<number, Value>>()
  #count = 0

  /** `atLeast`: 1 or more; default all. */
  constructor(atLeast = Number.POSITIVE_INFINITY) {
    this.#atLeast = atLeast
  }

  get({ node, sequence }: RecordId): Value | undefined {
    return this.#young.get(node)?.get(sequence) ?? this.#old.get(node)?.get(sequence)
  }

  set({ node, sequence }: RecordId, value: Value): void {
    if (this.#count >= this.#atLeast) {
      this.#old = this.#young
      this.#young = new Map()
      this.#count = 0
    }
    let own = this.#young.get(node)
    if (own === undefined) {
      own = new Map()
      this.#young.set(node, own)
    }
    const before = own.size
    own.set(sequence, value)
    this.#count += own.size - before
  }
}
