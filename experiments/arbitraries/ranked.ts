// One of several values that are ordered from plain to strange.

import { type Arbitrary, integer, noBias } from 'fast-check'

/** Any of them, as likely; shrinking goes towards the first, by way of those between (`constantFrom` goes there directly, or not at all). */
export function ranked<T>(values: readonly T[]): Arbitrary<T> {
  return noBias(integer({ min: 0, max: values.length - 1 })).map((place) => values[place]!)
}
