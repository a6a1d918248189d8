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
  /** Whether it tries the contacts of a 3xx itself (RFC 3261 §16.7, 4). */
  recurse: z.boolean().default(false),
  /** Takes its users' registrations (RFC 3261 §10.3). Absent: they cannot register. */
  registrar: shape({
    /** For how long, where the phone does not say. */
    expires: quantity('duration').default(3_600_000_000_000),
    /** Shorter wishes are refused with 423. */
    minimum: quantity('duration').default(60_000_000_000),
    /** Longer wishes are cut to this. */
    maximum: quantity('duration').default(86_400_000_000_000),
  }).exactOptional(),
  /** The users' passwords: with any, registrations are challenged (401). */
  passwords: z.record(z.string(), z.string()).exactOptional(),
  /** What the challenges offer, the best first. */
  algorithms: z
    .array(z.enum(['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess']))
    .default(['SHA-256', 'MD5']),
  /** Whether calls are challenged (407) as well. */
  challengeCalls: z.boolean().default(false),
})

/** Starts it. */
export function startProxy(host: Host, options: z.output<typeof proxy>): RunningProgram {
  const { timers, timerC, registrar, passwords, challengeCalls, program: _name, ...others } = options
  return program.start(host, {
    ...others,
    timers: timersInMs(timers),
    timerCMs: timerC / 1e6,
    challengeRequests: challengeCalls,
    ...(passwords && { passwords }),
    ...(registrar && {
      registrar: {
        defaultSeconds: Math.round(registrar.expires / 1e9),
        minimumSeconds: Math.round(registrar.minimum / 1e9),
        maximumSeconds: Math.round(registrar.maximum / 1e9),
      },
    }),
  })
}
