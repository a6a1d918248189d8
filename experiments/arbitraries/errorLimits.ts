// How often a drawn node sends ICMP errors: as often as it likes, as real boxes do, or by limits of any kind.

import { type Arbitrary, array, integer, oneof, option, record } from 'fast-check'
import { ERROR_PRESETS } from '../../topologies/icmp.ts'
import { ranked } from './ranked.ts'

/** What follows `icmp:` in a topology file. */
export type WrittenLimits = string | readonly Readonly<Record<string, unknown>>[]

/** As many without any limit as with presets or limits of their own; shrinking goes towards none. */
export function errorLimits(): Arbitrary<WrittenLimits | undefined> {
  return option(oneof(ranked(Object.keys(ERROR_PRESETS)), array(limit, { minLength: 1, maxLength: 2 })), {
    nil: undefined,
    freq: 2,
  })
}

/** The key of a node that has them. */
export function limited(icmp: WrittenLimits | undefined): { readonly icmp?: WrittenLimits } {
  return icmp === undefined ? {} : { icmp }
}

const limit = record({
  every: integer({ min: 1, max: 60_000 }).map((ms) => `${ms} ms`),
  burst: integer({ min: 1, max: 50 }),
  per: ranked(['node', 'destination']),
})
