// A node's rank is that of its name by code unit: it stands in every event's key, so that no order of building changes a run.

import { bug } from '../../platform/assert.ts'
import { integersOf, onLines } from '../../platform/rows.ts'
import type { Rank } from './event.ts'

const ROW_BITS = 1

/** All nodes' ranks, and each one's counter of events. */
export class Ranks {
  private readonly ranks = new Map<string, Rank>()
  /** Two doubles a node: its counter, and what {@link Ranks.words} leaves to others. */
  declare private readonly rows: Float64Array<ArrayBuffer>
  /** The same rows as integers, four a node: the last two are anybody's who has something to count whenever the node's counter is asked. */
  declare readonly words: Int32Array
  /** How many nodes there are. */
  declare readonly count: number

  /** `names` in any order, sorted here by code unit as `sort` does when left alone, unless `asGiven`; panics if one comes twice. */
  constructor(names: readonly string[], asGiven: boolean) {
    for (const name of asGiven ? names : [...names].sort()) {
      if (this.ranks.has(name)) bug(`two nodes are named "${name}"`)
      this.ranks.set(name, this.ranks.size)
    }
    this.rows = onLines(names.length << ROW_BITS)
    this.words = integersOf(this.rows)
    this.count = names.length
  }

  /** Panics if no node has this name. */
  of(name: string): Rank {
    const rank = this.ranks.get(name)
    if (rank === undefined) bug(`no node is named "${name}"`)
    return rank
  }

  /** The name of a rank that exists. */
  name(rank: Rank): string {
    return [...this.ranks.keys()][rank]!
  }

  /** The next number of this source: 0, 1, 2 … */
  nextSequence(source: Rank): number {
    const sequence = this.rows[source << ROW_BITS]
    if (sequence === undefined) bug(`no node has the rank ${source}; there are ${this.count}`)
    this.rows[source << ROW_BITS] = sequence + 1
    return sequence
  }
}
