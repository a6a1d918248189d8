// What topologies say of STUN: where a server is, and how patient its clients are.

import type { z } from 'zod'
import { canonicalAddress } from '../../platform/address.ts'
import { printQuantity } from '../../platform/units.ts'
import { readServerName } from '../../stack/stun/whereabouts.ts'
import { bounded } from '../links/time.ts'
import { checked, shape, whole } from '../yaml/shape.ts'

/** Two of them fit into a run's clock. */
const LONGEST_WAIT_NS = 50 * 86_400e9

const MOST_REQUESTS = 20

/** An address, or a name whose last label has a letter (RFC 1123 §2.1). */
function isServer(host: string | undefined): boolean {
  return host !== undefined && (canonicalAddress(host) !== undefined || !/(^|\.)\d+\.?$/.test(host))
}

const EXAMPLE = 'a STUN server such as 192.0.2.1, stun.example.com:3478 or [2001:db8::1]'

/** A name or an address, with a port if it is not 3478. */
export const stunServerName = checked(EXAMPLE, (text) =>
  isServer(readServerName(text)?.host) ? undefined : `${EXAMPLE}, not "${text}"`,
)

/** The timers of RFC 8489 §6.2.1; decoded to ns. */
export const stunTimers = shape({
  /** From the first transmission to the second; it doubles from there. */
  rto: bounded(60e9, 1e6).default(500_000_000),
  /** How often a request is sent at most. */
  rc: whole(1, MOST_REQUESTS).default(7),
  /** How many `rto` the last one is waited for. */
  rm: whole(1, 1000).default(16),
})
  .check(({ value: { rto, rc }, issues }) => {
    if (rc > MOST_REQUESTS) return // that is said already
    let wait = rto
    for (let n = 1; n < rc; n++) wait *= 2
    if (wait <= LONGEST_WAIT_NS) return
    const message = `fewer requests or a shorter rto: the wait after the last would be ${printQuantity('duration', wait)}, and 50 d is the longest`
    issues.push({ code: 'custom', message, input: rc })
  })
  .prefault({})

/** Refuses less than `least`; `words` say what would do. */
export function atLeast(least: number, words: string): (context: z.core.ParsePayload<number>) => void {
  return (context) => {
    if (context.value < least) context.issues.push({ code: 'custom', message: words, input: context.value })
  }
}
