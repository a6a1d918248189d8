// The proxy's options as a topology writes them.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { proxy as program } from '../../stack/programs/proxy.ts'
import { quantity, shape, whole } from '../yaml/shape.ts'
import { sipTimers, timersInMs } from './timers.ts'
import { sipUri } from './uri.ts'

/** A stateful proxy for one domain, which knows where its users are. */
export const proxy = shape({
  program: z.literal('proxy'),
  /** The domain that it is responsible for. */
  domain: z.string(),
  /** Where each user is; an empty list is a user who is known but not registered. */
  users: z.record(z.string(), z.union([sipUri, z.array(sipUri)])).default({}),
  /** Whether it stays on the path of later requests (RFC 3261 §16.6, 4). */
  recordRoute: z.boolean().default(false),
  port: whole(1, 65_535).default(5060),
  timers: sipTimers,
  /** How long a branch may ring without a final answer; more than 3 min by RFC 3261 §16.6, 11. */
  timerC: quantity('duration').default(180_001_000_000),
})

/** Starts it. */
export function startProxy(host: Host, options: z.output<typeof proxy>): RunningProgram {
  const { domain, users, recordRoute, port, timers, timerC } = options
  return program.start(host, { domain, users, recordRoute, port, timers: timersInMs(timers), timerCMs: timerC / 1e6 })
}
