// How much a Contact, or a type of body, is preferred to others (RFC 3261 §20.1, §20.10).

import type { Parameters } from './parameters.ts'

/** Its `q`, 0 to 1; 1 where nothing sensible is said. */
export function qualityOf(parameters: Parameters): number {
  const q = Number(parameters.get('q') ?? 1)
  return q >= 0 && q <= 1 ? q : 1
}
