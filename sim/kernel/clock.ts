// A run's times stand side by side in one array of doubles: a number in a field, a parameter or a result would cost an object each time,
// and whoever has opened one array, and checked that it is one, has opened it for all of them.

/** The tick that {@link Kernel.scheduleDue} plans for. */
export const N_DUE = 0
/** Now. */
export const N_NOW = 1
/** The sequence of the event last handled. */
export const N_SEQUENCE = 2
/** Up to when events are looked for. */
export const N_UNTIL = 3
/** From here on the wheel has numbers of its own. */
export const N_OTHERS = 4
