// Who may send to an outside endpoint, where the filter tells more apart than the mapping: whoever was spoken to from there (RFC 4787 §5).

import type { Ticks } from '../../kernel/event.ts'
import type { EndpointId, Endpoints } from '../../network/endpoint.ts'
import { NO_ROW, type Row, TimedTable } from '../table.ts'
import { DEPENDENCES } from './options.ts'

/** How many protocols have ports of their own: UDP, ICMP (query ids) and TCP, as packets number them. */
export const PROTOCOLS = 4

/** In place of the remote side where something is for all of it. */
export const ANYBODY = -1

export const ADDRESS: number = DEPENDENCES.indexOf('address-dependent')
export const PORT: number = DEPENDENCES.indexOf('address-and-port-dependent')

/** What a rule of this dependence, by its place in {@link DEPENDENCES}, knows of a remote endpoint. */
export function seenBy(dependence: number, remote: EndpointId, endpoints: Endpoints): number {
  if (dependence === PORT) return remote
  return dependence === ADDRESS ? endpoints.byId(remote).addressId : ANYBODY
}

/** All permissions of one box. One is for a mapping's life, and ends by itself before that perhaps. */
export class Permissions {
  readonly #table = new TimedTable()
  readonly #mappings: TimedTable
  readonly #dependence: number
  readonly #endpoints: Endpoints

  /** `mappings`: the rows that permissions are for; `dependence`: how much of the remote side they tell apart. */
  constructor(mappings: TimedTable, dependence: number, endpoints: Endpoints) {
    this.#mappings = mappings
    this.#dependence = dependence
    this.#endpoints = endpoints
  }

  /** The mapping that `remote` may send to at `outside`, alive; NO_ROW: none. */
  find(protocol: number, outside: EndpointId, remote: EndpointId, now: Ticks): Row {
    const permission = this.#table.find(outside * PROTOCOLS + protocol, this.#key(remote), now)
    if (permission === NO_ROW) return NO_ROW
    const row = this.#table.value(permission)
    return this.#isFor(permission, row, now) ? row : NO_ROW
  }

  /** The inside host has spoken to `remote`: it may answer until `diesAt`; if it might already, only where that `prolongs` it. */
  give(row: Row, protocol: number, remote: EndpointId, diesAt: Ticks, prolongs: boolean, now: Ticks): void {
    const a = this.#mappings.value(row) * PROTOCOLS + protocol
    const b = this.#key(remote)
    const permission = this.#table.find(a, b, now)
    if (permission !== NO_ROW && this.#isFor(permission, row, now)) {
      if (prolongs) this.#table.live(permission, diesAt)
      return
    }
    const made = this.#table.add(a, b, row, diesAt, now)
    this.#table.setState(made, this.#mappings.life(row))
  }

  /** `remote` has spoken to the inside host, where that counts. */
  prolong(row: Row, protocol: number, remote: EndpointId, diesAt: Ticks, now: Ticks): void {
    const a = this.#mappings.value(row) * PROTOCOLS + protocol
    const permission = this.#table.find(a, this.#key(remote), now)
    if (permission !== NO_ROW) this.#table.live(permission, diesAt)
  }

  forget(): void {
    this.#table.clear()
  }

  #key(remote: EndpointId): number {
    return seenBy(this.#dependence, remote, this.#endpoints)
  }

  /** True if the permission was given for this very mapping, which is alive. */
  #isFor(permission: Row, row: Row, now: Ticks): boolean {
    return (
      this.#table.value(permission) === row &&
      this.#table.state(permission) === this.#mappings.life(row) &&
      this.#mappings.isAlive(row, now)
    )
  }
}
