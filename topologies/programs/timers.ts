// T1, T2 and T4 (RFC 3261 table 4), which each SIP program may set for itself.

import type { z } from 'zod'
import { printQuantity } from '../../platform/units.ts'
import type { SipTimers } from '../../stack/sip/transaction/timers.ts'
import { bounded } from '../links/time.ts'
import { shape } from '../yaml/shape.ts'

/** 64·T1 and the doubled waits fit into any run; below a millisecond repeats would be all that a run does. */
const [LEAST_NS, MOST_NS] = [1e6, 3_600e9]
const time = bounded(MOST_NS, LEAST_NS)

/** The base timers of a SIP host; decoded to ns. */
export const sipTimers = shape({
  /** The estimate of the round trip. */
  t1: time.default(500_000_000),
  /** The longest time between repeats of a request other than INVITE, and of a response to INVITE. */
  t2: time.default(4_000_000_000),
  /** How long a message may stay in the network. */
  t4: time.default(5_000_000_000),
})
  .check(({ value: { t1, t2 }, issues }) => {
    if (t1 <= t2) return
    const [first, longest] = [printQuantity('duration', t1), printQuantity('duration', t2)]
    issues.push({ code: 'custom', message: `a T2 of at least T1: here T1 is ${first} and T2 ${longest}`, input: t2 })
  })
  .prefault({})

/** The same for the stack, in ms. */
export function timersInMs({ t1, t2, t4 }: z.output<typeof sipTimers>): SipTimers {
  return { t1Ms: t1 / 1e6, t2Ms: t2 / 1e6, t4Ms: t4 / 1e6 }
}
