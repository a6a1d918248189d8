// Who is told when an event's turn has come: a handler of numbers, or the holder of the record that the event is.

import { bug } from '../../platform/assert.ts'
import type { EventKind, Rank } from './event.ts'

/** Handles one kind of event; `a` and `b` are those of `schedule`. */
export type EventHandler = (a: number, b: number) => void

/** Who knows what the events to come will need. */
export interface Foresight {
  /** True if they need so much memory in all that what one of them needs is hardly ever in the cache. */
  isForesightNeeded(): boolean
  /** Looks at what `record`'s event will need when its turn comes, and changes nothing. True if there was something to look at. */
  foresee(record: number): boolean
}

/** Who holds the records of events. One object for all of them: the engine folds its method into the kernel's loop. */
export interface Carrier extends Foresight {
  /** `record`'s event has come, at the node `destination`; `kind` is the one that it was planned as. */
  carried(record: number, destination: Rank, kind: EventKind): void
}

/** Carries nothing. */
export const NOBODY: Pick<Carrier, 'carried'> = { carried: () => bug('an event is carried, and nobody carries any') }
