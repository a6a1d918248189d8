// The NAT probe's options as a topology writes them, and its verb.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { natProbe as program } from '../../stack/programs/natProbe.ts'
import { quantity, shape } from '../yaml/shape.ts'
import { atLeast, stunServerName, stunTimers } from './stun.ts'

/** Says what the NATs between it and a STUN server do (RFC 5780). */
export const natProbe = shape({
  program: z.literal('nat-probe'),
  /** Whom it asks. It must have two addresses, or only a part is found. */
  server: stunServerName,
  /** The longest silence that is tried to find how long mappings live; absent: that is not looked for. */
  lifetime: quantity('duration').check(atLeast(1_000_000_000, 'a second or more')).exactOptional(),
  username: z.string().max(128).exactOptional(),
  password: z.string().exactOptional(),
  timers: stunTimers,
}).check((context) => {
  const { username, password } = context.value
  if ((username === undefined) === (password === undefined)) return
  const [path, message] =
    username === undefined ? ['password', 'a `username` beside it'] : ['username', 'a `password` beside it']
  context.issues.push({ code: 'custom', path: [path!], message: message!, input: context.value })
})

/** What a scenario can ask of it. */
export const natProbeVerbs = {
  discover: shape({}),
} as const

/** Starts it. */
export function startNatProbe(host: Host, options: z.output<typeof natProbe>): RunningProgram {
  const { server, lifetime, username, password, timers } = options
  const { rto, rc, rm } = timers
  return program.start(host, {
    server,
    timers: { rtoMs: rto / 1e6, rc, rm },
    ...(lifetime !== undefined && { lifetimeMs: lifetime / 1e6 }),
    ...(username !== undefined && password !== undefined && { credentials: { username, password } }),
  })
}
