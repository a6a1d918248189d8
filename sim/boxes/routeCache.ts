// A box's route cache: what it has found out about the way to each endpoint, by the endpoint's number. Two bytes each where they suffice: with a million
// endpoints, packets in no order find the more in the cache the smaller the table is.

import type { DirectionId } from '../network/direction.ts'
import type { EndpointId } from '../network/endpoint.ts'

/** In place of a way: it has not been asked for yet. */
export const UNKNOWN = -128
/** What stands in the table is a way less this: 0 is none. */
const LEAST = UNKNOWN

/** The routes that one box knows. */
export class RouteCache {
  declare private readonly isWide: boolean
  declare private table: Uint16Array | Int32Array

  /** `directions`: how many there are in the world. */
  constructor(directions: number) {
    this.isWide = directions - LEAST > 0xffff
    this.table = this.#make(16)
  }

  /** What {@link RouteCache.keep} was given for an endpoint, or {@link UNKNOWN}. */
  to(id: EndpointId): DirectionId {
    return id < this.table.length ? this.table[id]! + LEAST : UNKNOWN
  }

  /** Notes a direction, or a number from -127 on that stands for something else. */
  keep(id: EndpointId, way: DirectionId): void {
    if (id >= this.table.length) {
      const longer = this.#make(Math.max(id + 1, this.table.length * 2))
      longer.set(this.table)
      this.table = longer
    }
    this.table[id] = way - LEAST
  }

  #make(length: number): Uint16Array | Int32Array {
    return this.isWide ? new Int32Array(length) : new Uint16Array(length)
  }
}
