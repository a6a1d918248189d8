// Faults of DNS servers: for a while they say nothing, or that they cannot, or that there is no such name, or they are slow.

import { type Arbitrary, constant, constantFrom, integer, oneof, record } from 'fast-check'
import type { WrittenFault } from '../faults.ts'

const TENTH_NS = 1e8
/** A resolver that waits 5 s for a server waits less for most of these. */
const MOST_LATE_TENTHS = 60

/** Where, and until when. */
export interface DnsFaultOptions {
  /** Hosts that run a DNS server, at least one; shrinking goes towards the first. */
  readonly servers: readonly string[]
  /** It begins before half of this many tenths of a second and lasts at most as long again; 4 or more. */
  readonly overByTenths: number
}

/** One that lasts; shrinking goes towards silence at once. */
export function dnsFault({ servers, overByTenths }: DnsFaultOptions): Arbitrary<WrittenFault> {
  const half = Math.floor(overByTenths / 2)
  return record({
    node: constantFrom(...servers),
    at: integer({ min: 0, max: half }),
    lasting: integer({ min: 1, max: half - 1 }),
    how: oneof(
      { withCrossShrink: true },
      constantFrom('timeout' as const, 'SERVFAIL' as const, 'REFUSED' as const, 'NXDOMAIN' as const).map((one) => {
        return { with: one, delay: 0 }
      }),
      integer({ min: 1, max: MOST_LATE_TENTHS }).map((tenths) => ({ delay: tenths * TENTH_NS })),
    ),
    type: oneof(
      constant({}),
      constantFrom('A' as const, 'SRV' as const, 'NAPTR' as const).map((type) => ({ type })),
    ),
  }).map(({ node, at, lasting, how, type }): WrittenFault => {
    return { at: at * TENTH_NS, dns: { node, ...how, ...type, for: lasting * TENTH_NS } }
  })
}
