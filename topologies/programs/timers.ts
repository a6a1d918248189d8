// T1, T2 and T4 (RFC 3261 table 4), which each SIP program may set for itself.

import type { z } from 'zod'
import type { SipTimers } from '../../stack/sip/transaction/timers.ts'
import { quantity, shape } from '../yaml/shape.ts'

/** The base timers of a SIP host; decoded to ns. */
export const sipTimers = shape({
  /** The estimate of the round trip. */
  t1: quantity('duration').default(500_000_000),
  /** The longest time between repeats of a request other than INVITE, and of a response to INVITE. */
  t2: quantity('duration').default(4_000_000_000),
  /** How long a message may stay in the network. */
  t4: quantity('duration').default(5_000_000_000),
}).prefault({})

/** The same for the stack, in ms. */
export function timersInMs({ t1, t2, t4 }: z.output<typeof sipTimers>): SipTimers {
  return { t1Ms: t1 / 1e6, t2Ms: t2 / 1e6, t4Ms: t4 / 1e6 }
}
