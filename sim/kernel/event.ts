// What stands where in the record of a pending event: 64 bytes in a single typed buffer, see `store.ts`, so that an event is one cache line and no
// object. Slots are used again; events that can be taken back are known by other names, see `timers.ts`.

/** Simulated time in ticks since the run's start: an integer, 0 to 2⁵³ − 1. A tick is 1 ns unless the kernel was told otherwise. */
export type Ticks = number
/** A node's place among all names in code unit order, 0 and up. */
export type Rank = number
/** A registered sort of event, from `kernel.on`. */
export type EventKind = number

/** The kind of those events, the timers, that can be taken back. */
export const REMOVABLE_KIND: EventKind = 0

/** Which events of one instant come first: faults, then the scenario, then deliveries, then timers. */
export type OrderClass = 0 | 1 | 2 | 3
export const FAULT = 0
export const SCENARIO = 1
export const DELIVERY = 2
export const TIMER = 3

// The record: 8 doubles (D) or, in the same bytes, 16 integers (I) from the slot's start. Who plans, queues and handles events reads and
// writes it directly. What is waited for when an event's turn comes stands in the first 16 bytes, which are never parted by lines of the cache.
export const D_AT = 0
/** Its neighbour in its queue's list. */
export const I_NEXT = 2
export const I_KIND = 3
export const I_A = 4
export const I_B = 5
/** Order class, {@link CLASS_SHIFT} bits up, and destination: the second and third key in one comparison. */
export const I_CLASS = 6
export const CLASS_SHIFT = 28
export const I_SOURCE = 7
export const D_SEQUENCE = 4
/** Where its queue keeps it: its unsorted list, if it can be taken back; or its position in a heap. */
export const I_PLACE = 10
/** Its other neighbour, if it can be taken back or is in a sorted list. */
export const I_PREVIOUS = 11
/** Four integers of who holds the record, for whatever is itself an event as long as it is under way: see {@link Kernel.carry}. 0 in a new record. */
export const I_CARGO = 12

/**
 * Set in a slot as lists of unsorted events have it, their heads and each event's next, where that event can be taken back: only such a one
 * has to know its other neighbour, so that putting an event before one that cannot touches nothing of it.
 */
export const REMOVABLE_MARK = 0x40000000
/** What is left of such a slot without its mark. */
export const SLOT_BITS = REMOVABLE_MARK - 1

/** No slot: record 0 belongs to no event, so that what a list writes to a neighbour that is not there does no harm. */
export const NO_SLOT = 0

// The engine folds a module's own constants into the code.
const SHIFT = CLASS_SHIFT

/** Class and destination as one number that orders by both, as a record has it. */
export function classKey(order: OrderClass, destination: Rank): number {
  return (order << SHIFT) | destination
}
