// Which arrows of the transactions' tables were taken: a state and an event each.

import type { TraceRecord } from '../../platform/trace.ts'
import { inviteClient } from '../../stack/sip/transaction/inviteClient.ts'
import { inviteServer } from '../../stack/sip/transaction/inviteServer.ts'
import { nonInviteClient } from '../../stack/sip/transaction/nonInviteClient.ts'
import { nonInviteServer } from '../../stack/sip/transaction/nonInviteServer.ts'

const TABLES = [inviteClient, inviteServer, nonInviteClient, nonInviteServer] as const

/** All arrows, as `inviteClient calling A`, in the order of the tables. */
export const ARROWS: readonly string[] = TABLES.flatMap(({ name, rows }) =>
  rows.map(([state, event]) => `${name} ${state} ${event}`),
)

const PLACES: ReadonlyMap<string, number> = new Map(ARROWS.map((arrow, place) => [arrow, place]))

/** A fold over runs' records. */
export class Arrows {
  readonly #taken = new Uint32Array(ARROWS.length)

  record(record: TraceRecord): void {
    if (record.kind !== 'transition') return
    const place = PLACES.get(`${record.machine} ${record.from} ${record.event}`)
    if (place !== undefined) this.#taken[place]! += 1
  }

  /** Adds arrows that were taken elsewhere, by name. */
  add(names: readonly string[]): void {
    for (const name of names) {
      const place = PLACES.get(name)
      if (place !== undefined) this.#taken[place]! += 1
    }
  }

  /** Those that were taken, in the tables' order. */
  get taken(): readonly string[] {
    return ARROWS.filter((_, place) => this.#taken[place]! > 0)
  }
}
