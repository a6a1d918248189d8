// What a record is called: outside by its node and number, inside the simulator by one number that fits a Float64Array.

import { bug } from '../../platform/assert.ts'
import type { RecordId } from '../../platform/trace.ts'

/** The name of a record inside the simulator: rank × 2³² + sequence, or {@link NO_CAUSE}. Fits a Float64Array. */
export type Cause = number
/** What has no cause: the run's beginnings. */
export const NO_CAUSE: Cause = -1
const RANK_UNIT = 4294967296

/** Numbers each node's records, from 1, and translates between both names. */
export class RecordNames {
  readonly #nodes: readonly string[]
  readonly #sequences: Uint32Array

  /** `nodes`: by rank. */
  constructor(nodes: readonly string[]) {
    this.#nodes = nodes
    this.#sequences = new Uint32Array(nodes.length)
  }

  /** The next record of the node of that rank. */
  next(node: number): Cause {
    const sequence = (this.#sequences[node] as number) + 1
    if (sequence === RANK_UNIT) bug(`node ${this.#nodes[node]} has more than 4,294,967,295 records`)
    this.#sequences[node] = sequence
    return node * RANK_UNIT + sequence
  }

  /** The name outside; null for {@link NO_CAUSE}. */
  cause(cause: Cause): RecordId | null {
    return cause < 0 ? null : this.id(cause)
  }

  /** The name outside of what is a record. */
  id(cause: Cause): RecordId {
    const node = Math.floor(cause / RANK_UNIT)
    return { node: this.#nodes[node] as string, sequence: cause - node * RANK_UNIT }
  }

  /** The name inside. */
  causeOf({ node, sequence }: RecordId): Cause {
    return this.#nodes.indexOf(node) * RANK_UNIT + sequence
  }
}
