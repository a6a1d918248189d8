// What stands in a mapping's row, a line of the cache: beside what every row of a table has, the partner with whom it last spoke twice in a
// row, and the ways to and from him. A call has no other, so that its packets find all that they need here.

import type { DirectionId } from '../../network/direction.ts'
import type { EndpointId } from '../../network/endpoint.ts'
import type { Row } from '../table.ts'

/** Inside endpoint and protocol: the endpoint is all but the two lowest bits. */
export const M_INSIDE = 2
export const INSIDE_SHIFT = 2
/** The outside endpoint. */
export const M_OUTSIDE = 4
/** The partner as the inside calls him, or {@link NOBODY}. */
export const M_NEAR = 8
/** The partner as the outside calls him, or {@link NOBODY}. */
export const M_FAR = 9
/** The direction towards the partner. */
export const M_WAY_OUT = 10
/** The direction towards the inside endpoint. */
export const M_WAY_IN = 11
/** The permission that the mapping was last found to give, or {@link NOBODY}. The partner's, while there is one: then it ends with the mapping. */
export const M_PERMISSION = 12
/** Whom it was given to, as the filter sees him. */
export const M_PERMITTED = 13
/** To whom the mapping last spoke, as the outside calls him. */
const M_LAST = 14

/** In place of an endpoint or a row. */
export const NOBODY = -1

// In all of these, `rows` are the integers of the mappings' table.

/** A new mapping has spoken to nobody. */
export function begin(rows: Int32Array, row: Row): void {
  rows.fill(NOBODY, (row << 4) | M_NEAR, (row << 4) | (M_LAST + 1))
}

/** A mapping has spoken to `remote`: true if it did so the last time as well. */
export function speaksAgain(rows: Int32Array, row: Row, remote: EndpointId): boolean {
  if (rows[(row << 4) | M_LAST] === remote) return true
  rows[(row << 4) | M_LAST] = remote
  return false
}

/** A mapping that has just spoken to `far` takes him for its partner. */
export function meet(
  rows: Int32Array,
  row: Row,
  near: EndpointId,
  far: EndpointId,
  out: DirectionId,
  back: DirectionId,
) {
  rows.set([near, far, out, back], (row << 4) | M_NEAR)
}

/** True if the mapping has a partner. */
export function hasPartner(rows: Int32Array, row: Row): boolean {
  return rows[(row << 4) | M_NEAR] !== NOBODY
}

/** Forgets the partner of a mapping: its packets go the long way until they know better. */
export function part(rows: Int32Array, row: Row): void {
  rows[(row << 4) | M_NEAR] = NOBODY
  rows[(row << 4) | M_FAR] = NOBODY
}
