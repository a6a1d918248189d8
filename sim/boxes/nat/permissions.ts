// Who may send to an outside endpoint, where the filter tells more apart than the mapping: whoever was spoken to from there (RFC 4787 §5).

import type { Ticks } from '../../kernel/event.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { EndpointId, Endpoints } from '../../network/endpoint.ts'
import { NO_ROW, type Row, TimedTable } from '../table.ts'
import { hasPartner, M_PERMISSION, M_PERMITTED, NOBODY, part } from './mappingRow.ts'
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
  return dependence === ADDRESS ? endpoints.addressIdOf(remote) : ANYBODY
}

/** All permissions of one box. One is for a mapping's life, and ends by itself before that perhaps. */
export class Permissions {
  /** One row each, by outside endpoint and remote. Whoever has found one with {@link Permissions.held} may prolong it here at once. */
  readonly table: TimedTable = new TimedTable((permission) => this.#leave(permission))
  readonly #mappings: TimedTable
  readonly #dependence: number
  readonly #endpoints: Endpoints
  readonly #clock: Pick<Kernel, 'now'>

  /** `mappings`: the rows that permissions are for; `dependence`: how much of the remote side they tell apart. */
  constructor(mappings: TimedTable, dependence: number, endpoints: Endpoints, clock: Pick<Kernel, 'now'>) {
    this.#clock = clock
    this.#mappings = mappings
    this.#dependence = dependence
    this.#endpoints = endpoints
  }

  /** The mapping that `remote` may send to at `outside`, alive; NO_ROW: none. */
  find(protocol: number, outside: EndpointId, remote: EndpointId, now: Ticks): Row {
    const permission = this.table.find(outside * PROTOCOLS + protocol, this.#key(remote), now)
    if (permission === NO_ROW) return NO_ROW
    const row = this.table.value(permission)
    return this.#isFor(permission, row, now) ? row : NO_ROW
  }

  /** The permission of `remote` if he was the last one whom this mapping, alive, was found to let in, and still may: no search. Else NO_ROW, and `find` knows. */
  held(row: Row, remote: EndpointId): Row {
    const { integers } = this.#mappings
    if (integers[(row << 4) | M_PERMITTED] !== this.#key(remote)) return NO_ROW
    const permission = integers[(row << 4) | M_PERMISSION]!
    return permission !== NOBODY && this.table.isAlive(permission, this.#clock.now) ? permission : NO_ROW
  }

  /** The inside host has spoken to `remote`: it may answer until `diesAt`; if it might already, only where that `prolongs` it. */
  give(row: Row, protocol: number, remote: EndpointId, diesAt: Ticks, prolongs: boolean, now: Ticks): void {
    const a = this.#mappings.value(row) * PROTOCOLS + protocol
    const b = this.#key(remote)
    const permission = this.table.find(a, b, now)
    if (permission !== NO_ROW && this.#isFor(permission, row, now)) {
      if (prolongs) this.table.live(permission, diesAt)
      this.#keep(row, b, permission)
      return
    }
    const made = this.table.add(a, b, row, diesAt, now)
    this.table.setState(made, this.#mappings.life(row))
    this.#keep(row, b, made)
  }

  /** From now on the permission last found ends with its mapping, which has a partner: until {@link Permissions.part}. */
  lastsWith(row: Row): void {
    const permission = this.#mappings.integers[(row << 4) | M_PERMISSION]!
    if (permission !== NOBODY) this.table.live(permission, Number.POSITIVE_INFINITY)
  }

  /** The mapping has no partner from now on, and his permission an end of its own: what the mapping's is at this moment. */
  part(row: Row): void {
    const { integers } = this.#mappings
    if (!hasPartner(integers, row)) return
    part(integers, row)
    const permission = integers[(row << 4) | M_PERMISSION]!
    if (permission !== NOBODY) this.table.live(permission, this.#mappings.diesAt(row))
  }

  #keep(row: Row, key: number, permission: Row): void {
    this.part(row)
    const { integers } = this.#mappings
    const at = row << 4
    integers[at | M_PERMITTED] = key
    integers[at | M_PERMISSION] = permission
  }

  /** A permission is there no more: its mapping must not take it for one. */
  #leave(permission: Row): void {
    const { integers } = this.#mappings
    const row = this.table.value(permission)
    if (integers[(row << 4) | M_PERMISSION] !== permission) return
    integers[(row << 4) | M_PERMISSION] = NOBODY
    part(integers, row)
  }

  /** `remote` has spoken to the inside host, where that counts. */
  prolong(row: Row, protocol: number, remote: EndpointId, diesAt: Ticks, now: Ticks): void {
    const a = this.#mappings.value(row) * PROTOCOLS + protocol
    const permission = this.table.find(a, this.#key(remote), now)
    if (permission !== NO_ROW) this.table.live(permission, diesAt)
  }

  forget(): void {
    this.table.clear()
  }

  #key(remote: EndpointId): number {
    return seenBy(this.#dependence, remote, this.#endpoints)
  }

  /** True if the permission was given for this very mapping, which is alive. */
  #isFor(permission: Row, row: Row, now: Ticks): boolean {
    return (
      this.table.value(permission) === row &&
      this.table.state(permission) === this.#mappings.life(row) &&
      this.#mappings.isAlive(row, now)
    )
  }
}
