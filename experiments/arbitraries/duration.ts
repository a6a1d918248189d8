// Durations that a user or a network may take; shrinking makes them shorter and rounder.

import { type Arbitrary, constant, integer, oneof } from 'fast-check'

const SECOND_NS = 1e9

/** Whole seconds, tenths or milliseconds, as likely each, from zero to `mostSeconds` (a whole number), ns. */
export function duration(mostSeconds: number): Arbitrary<number> {
  const steps = (perSecond: number): Arbitrary<number> =>
    integer({ min: 0, max: mostSeconds * perSecond }).map((count) => count * (SECOND_NS / perSecond))
  return oneof({ withCrossShrink: true }, constant(0), steps(1), steps(10), steps(1000))
}
