// Rows that are alike and come close upon each other: the first few are shown, the rest counted.

import type { Arrow, Note } from './row.ts'

/** How many alike are shown, and within what time of the one before the next is one of them, ns. */
interface Patience {
  readonly shown: number
  readonly withinNs: number
}

/** Media that finds no port brings one ICMP error a packet, or word of each that is withheld. */
const ERRORS: Patience = { shown: 1, withinNs: 2e9 }
/** Thousands of phones that say the same at the same time. */
const OTHERS: Patience = { shown: 6, withinNs: 1e8 }

interface Alike {
  row: Arrow | Note
  lastAt: number
  count: number
}

/** Remembers the last of each kind. */
export class Crowd {
  readonly #alike = new Map<string, Alike>()

  /** True if the row is one more of those that are only counted: the last one shown has counted it. */
  joins(row: Arrow | Note, isError: boolean): boolean {
    const { shown, withinNs } = isError ? ERRORS : OTHERS
    const words = row.text.replace(/(?<=[a-z])\d+/g, '')
    const key = row.kind === 'note' ? `${row.node} ${words}` : `${row.from} ${row.to} ${row.again ?? ''} ${row.text}`
    const known = this.#alike.get(key)
    if (known === undefined || row.at - known.lastAt > withinNs) {
      this.#alike.set(key, { row, lastAt: row.at, count: 1 })
      return false
    }
    known.lastAt = row.at
    known.count += 1
    if (known.count > shown) {
      known.row.more += 1
      return true
    }
    known.row = row
    return false
  }
}
