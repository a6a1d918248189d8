// What topologies say of STUN: where a server is, and how patient its clients are.

import type { z } from 'zod'
import { readServerName } from '../../stack/stun/whereabouts.ts'
import { checked, quantity, shape, whole } from '../yaml/shape.ts'

const EXAMPLE = 'a STUN server such as 192.0.2.1, stun.example.com:3478 or [2001:db8::1]'

/** A name or an address, with a port if it is not 3478. */
export const stunServerName = checked(EXAMPLE, (text) =>
  readServerName(text) === undefined ? `${EXAMPLE}, not "${text}"` : undefined,
)

/** The timers of RFC 8489 §6.2.1; decoded to ns. */
export const stunTimers = shape({
  /** From the first transmission to the second; it doubles from there. */
  rto: quantity('duration').default(500_000_000),
  /** How often a request is sent at most. */
  rc: whole(1, 20).default(7),
  /** How many `rto` the last one is waited for. */
  rm: whole(1, 1000).default(16),
}).prefault({})

/** Refuses less than `least`; `words` say what would do. */
export function atLeast(least: number, words: string): (context: z.core.ParsePayload<number>) => void {
  return (context) => {
    if (context.value < least) context.issues.push({ code: 'custom', message: words, input: context.value })
  }
}
