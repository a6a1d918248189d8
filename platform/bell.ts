// What a timer calls when its time has come.

/** An object that is told so. Whoever sets its timer again and again is one: a function bound to it would be one object more for each of them. */
export interface Bell {
  ring(): void
}

/** What is called once: a function, or a {@link Bell}. */
export type Callback = (() => void) | Bell

/** Calls it. */
export function ring(callback: Callback): void {
  if (typeof callback === 'function') callback()
  else callback.ring()
}
