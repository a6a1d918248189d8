// An event of which only its time and number matter.

import { classKey, D_AT, D_SEQUENCE, DELIVERY, I_CLASS, I_KIND, I_SOURCE, NO_SLOT } from '../../sim/kernel/event.ts'
import type { EventStore } from '../../sim/kernel/store.ts'
import type { TimingWheel } from '../../sim/kernel/wheel.ts'

/** Adds one at `at`, which can be taken back if its kind is 0; gives its slot. */
export function add(store: EventStore, at: number, sequence = 0, kind = 0): number {
  const slot = store.take()
  store.doubles[slot * 8 + D_AT] = at
  store.doubles[slot * 8 + D_SEQUENCE] = sequence
  store.integers[slot * 16 + I_CLASS] = classKey(DELIVERY, 0)
  store.integers[slot * 16 + I_SOURCE] = 0
  store.integers[slot * 16 + I_KIND] = kind
  return slot
}

/** Takes the event that is due first; {@link NO_SLOT} if none is. */
export function take(wheel: TimingWheel): number {
  let taken = NO_SLOT
  wheel.handOut(1, {
    take: (slot) => {
      taken = slot
    },
  })
  return taken
}
