// Which row of a table belongs to an endpoint, where it is one: by its number, so that no packet has to search.

import { grown } from '../../../platform/growth.ts'
import type { EndpointId } from '../../network/endpoint.ts'
import { NO_ROW, type Row } from '../table.ts'

/** At most one row for each endpoint. */
export class RowsByEndpoint {
  /** Rows + 1, by endpoint; a new object whenever it has grown. */
  rows: Int32Array = new Int32Array(0)

  /** The endpoint's row, dead or alive, or NO_ROW. */
  at(id: EndpointId): Row {
    return id < this.rows.length ? this.rows[id]! - 1 : NO_ROW
  }

  set(id: EndpointId, row: Row): void {
    if (id >= this.rows.length) this.rows = grown(this.rows, id + 1)
    this.rows[id] = row + 1
  }

  /** Forgets the endpoint's row, if it is this one. */
  release(id: EndpointId, row: Row): void {
    if (this.at(id) === row) this.rows[id] = 0
  }
}
