// How phones keep NATs' memory of them alive, as a topology writes it.

import { z } from 'zod'
import type { KeepAliveOptions } from '../../stack/sip/user-agent/keepAlive.ts'
import { runTime } from '../links/time.ts'
import { shape } from '../yaml/shape.ts'

/** Zero is never; more often than each millisecond there would be nothing else. */
const pulse = runTime.refine((ns) => ns === 0 || ns >= 1e6, {
  error: () => 'a duration of at least 1 ms, or 0 s for never',
})

/**
 * How often a phone says something to its proxy, so that NATs remember it, by CRLF CRLF or by STUN; where the time is left out it is 24 to 29 s,
 * over TCP 95 to 120 s (RFC 5626 §4.4). Over TCP a pong must come within 10 s, or the phone connects and registers anew. Zero: never.
 */
export const keepAlive = z.union([
  pulse,
  shape({ by: z.enum(['crlf', 'stun']).default('crlf'), every: pulse.exactOptional() }),
])

type KeepAlive = z.output<typeof keepAlive>

/** Refuses what cannot be over the phone's transport. */
export function fitsTransport(
  transport: 'udp' | 'tcp' | undefined,
  written: KeepAlive | undefined,
  issues: z.core.$ZodRawIssue[],
): void {
  if (transport !== 'tcp' || typeof written !== 'object' || written.by !== 'stun') return
  const message = 'crlf: STUN keeps no TCP connection alive (RFC 5626 §4.4.2)'
  issues.push({ code: 'custom', path: ['keepAlive', 'by'], message, input: written.by })
}

/** The same for the stack, in ms; a time of zero is none. */
export function keepAliveInMs(written: KeepAlive | undefined): KeepAliveOptions | undefined {
  if (written === undefined || written === 0) return undefined
  if (typeof written === 'number') return { by: 'crlf', everyMs: written / 1e6 }
  const { by, every } = written
  if (every === 0) return undefined
  return { by, ...(every !== undefined && { everyMs: every / 1e6 }) }
}
