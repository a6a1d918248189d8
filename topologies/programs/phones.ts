// The options of many phones as a topology writes them, and their verb.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { phones as program } from '../../stack/programs/phones.ts'
import { expiration, runTime } from '../links/time.ts'
import { checked, shape, whole } from '../yaml/shape.ts'
import { fitsTransport, keepAlive, keepAliveInMs } from './keepAlive.ts'
import { sipTimers, timersInMs } from './timers.ts'
import { hostAndPort, sipUri } from './uri.ts'

const manyUris = checked('a SIP URI with a *, such as sip:phone*@example.com', (text) => {
  const one = sipUri.safeParse(text.replace('*', '1'))
  return one.success && text.includes('*')
    ? undefined
    : `a SIP URI with a *, such as sip:phone*@example.com, not "${text}"`
})

/** Many phones on one host, which register, and ring when they are called; nobody answers them. */
export const phones = shape({
  program: z.literal('phones'),
  /** How many. */
  count: whole(1, 40_000),
  /** Their addresses of record, `*` being a phone's number from 1. */
  aor: manyUris,
  proxy: hostAndPort.exactOptional(),
  /** The first phone's port; the others' follow. */
  firstPort: whole(1, 20_000).default(10_000),
  /** After a start each phone registers at a moment of its own in this time. */
  registerWithin: runTime.default(0),
  registrar: sipUri.exactOptional(),
  /** Over what their requests go. With `tcp` they take both. Absent: udp. */
  transport: z.enum(['udp', 'tcp']).exactOptional(),
  /** What each says to its proxy so that NATs remember it, as a phone's. Absent or zero: nothing. */
  keepAlive: keepAlive.exactOptional(),
  expires: expiration.default(3_600_000_000_000),
  password: z.string().exactOptional(),
  timers: sipTimers,
}).check(({ value: { transport, keepAlive: pulse }, issues }) => fitsTransport(transport, pulse, issues))

/** What a scenario can ask of them. */
export const phonesVerbs = { register: shape({}) } as const

/** Starts them. */
export function startPhones(host: Host, options: z.output<typeof phones>): RunningProgram {
  const { program: _, timers, expires, registerWithin, keepAlive: written, ...rest } = options
  const pulse = keepAliveInMs(written)
  return program.start(host, {
    ...rest,
    talk: false,
    ...(pulse && { keepAlive: pulse }),
    timers: timersInMs(timers),
    expiresSeconds: Math.round(expires / 1e9),
    registerWithinMs: registerWithin / 1e6,
  })
}
