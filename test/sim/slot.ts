// An event of which only its time and number matter.

import { DELIVERY, type EventStore } from '../../sim/kernel/event.ts'

/** Adds one at `at`; gives its slot. */
export function add(store: EventStore, at: number, sequence = 0): number {
  return store.add(at, DELIVERY, 0, 0, sequence, 0, 0, 0)
}
