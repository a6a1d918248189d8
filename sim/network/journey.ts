// What becomes of a packet whose time on its way has come: the kinds of the events that packets are (see `Carrier`).

import type { EventKind } from '../kernel/event.ts'

/** It has crossed its link. */
export const ARRIVED: EventKind = -1
/** It has come back to its own host. */
export const LOOPED: EventKind = -2
/** The link has lost it. */
export const LOST: EventKind = -3
/** It has crossed its link with a wrong IP header, and is thrown away. */
export const SPOILT: EventKind = -4
