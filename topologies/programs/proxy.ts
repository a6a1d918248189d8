// The proxy's options as a topology writes them.

import { z } from 'zod'
import { quantity, shape, whole } from '../yaml/shape.ts'
import { sipTimers } from './timers.ts'
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
