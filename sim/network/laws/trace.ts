// A measured way: what one packet after another met on it.

/** What one packet met: it was lost, or came so much later than the link's delay, ns. */
export type TraceRow = number | 'lost'

/** Gives each packet that enters the medium a row, in their order; after the last row comes the first. One row is one packet's, loss and delay. */
export class TraceRows {
  readonly #rows: readonly TraceRow[]
  #place = 0

  /** At least one row. */
  constructor(rows: readonly TraceRow[]) {
    this.#rows = rows
  }

  /** The next packet's. */
  next(): TraceRow {
    const row = this.#rows[this.#place]!
    this.#place = (this.#place + 1) % this.#rows.length
    return row
  }
}
