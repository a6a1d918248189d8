// Sequence numbers: integers modulo 2³² (RFC 9293 §3.4), kept as signed 32-bit integers, so that comparing is a subtraction.

/** A sequence or acknowledgment number modulo 2³², as a signed integer. Printed with `>>> 0`. */
export type Sequence = number

/** True if `a` comes before `b`: less than 2³¹ before it. */
export function isBefore(a: Sequence, b: Sequence): boolean {
  return ((a - b) | 0) < 0
}

/** True if `a` is `b` or comes before it. */
export function isUpTo(a: Sequence, b: Sequence): boolean {
  return ((a - b) | 0) <= 0
}

/** `from` moved on by `by`, which may be negative. */
export function advance(from: Sequence, by: number): Sequence {
  return (from + by) | 0
}

/** How far `to` is after `from`: −2³¹ to 2³¹ − 1. */
export function distance(from: Sequence, to: Sequence): number {
  return (to - from) | 0
}

/**
 * RFC 9293 §3.4, table 6: is some of a segment's sequence space in the receive window? `length` counts SYN and FIN, `window` is 0 to
 * 2³⁰.
 */
export function isAcceptable(sequence: Sequence, length: number, next: Sequence, window: number): boolean {
  const first = distance(next, sequence)
  if (length === 0) return window === 0 ? first === 0 : first >= 0 && first < window
  if (window === 0) return false
  const last = (first + length - 1) | 0
  return (first >= 0 && first < window) || (last >= 0 && last < window)
}
