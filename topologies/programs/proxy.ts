// The proxy's options as a topology writes them.

import { z } from 'zod'
import { canonicalAddress } from '../../platform/address.ts'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { printQuantity } from '../../platform/units.ts'
import { proxy as program } from '../../stack/programs/proxy.ts'
import { parseUri } from '../../stack/sip/message/uri.ts'
import { runTime } from '../links/time.ts'
import { checked, onlyOnce, quantity, shape, whole } from '../yaml/shape.ts'
import { sipTimers, timersInMs } from './timers.ts'
import { sipUri } from './uri.ts'

const MINIMUM_NS = 60e9

/** The user part of the URIs that it is for. */
const userName = checked('a user such as bob', (text) => {
  const read = parseUri(`sip:${text}@example.com`)
  return read.ok && read.value.user === text
    ? undefined
    : `a user such as bob, the part of a URI before its @, not "${text}"`
})

/** A stateful proxy for one domain, which knows where its users are. */
export const proxy = shape({
  program: z.literal('proxy'),
  /** The domain that it is responsible for. */
  domain: checked('a domain such as example.com', (text) => {
    const read = parseUri(`sip:${text}`)
    const isHost = read.ok && read.value.user === undefined && read.value.port === undefined && !/[;?]/.test(text)
    return isHost || canonicalAddress(text) !== undefined ? undefined : `a domain such as example.com, not "${text}"`
  }),
  /** Where each user is; an empty list is a user who is known but not registered. */
  users: z.record(userName, z.union([sipUri, z.array(sipUri)])).default({}),
  /** Whether it stays on the path of later requests (RFC 3261 §16.6, 4). */
  recordRoute: z.boolean().default(false),
  /** Whether it tries the Contacts of a 3xx itself. */
  recurse: z.boolean().default(false),
  /** Of how many 3xx to one request, where it does; the next one goes back to the caller. Absent: 10. */
  redirectLimit: whole(0, 1000).exactOptional(),
  /** Whether it answers requests for its users with a 302 that says where they are, and forwards none of them: a redirect server (RFC 3261 §8.3). Absent: no. */
  redirect: z.boolean().exactOptional(),
  /** Lets its users' phones register; absent: it does not. */
  registrar: shape({
    /** How long a binding lives whose phone does not say. */
    default: quantity('duration').default(3_600_000_000_000),
    /** Shorter expirations are refused with 423. */
    minimum: quantity('duration').default(MINIMUM_NS),
    /** Longer ones are cut to this. */
    maximum: quantity('duration').default(86_400_000_000_000),
    /** Whether a phone's binding is known by its Contact alone (RFC 3261 §10.3), or by its Contact and Call-ID: then two phones with the same private address behind different NATs are two. */
    match: z.enum(['contact', 'contact and call-id']).exactOptional(),
  })
    .check(({ value: { minimum, maximum }, issues }) => {
      if (minimum <= maximum) return
      const [least, most] = [printQuantity('duration', minimum), printQuantity('duration', maximum)]
      const isLong = minimum !== MINIMUM_NS // not the default, so it is written
      const message = isLong
        ? `at most the maximum, ${most}, not ${least}`
        : `at least the minimum, ${least}, not ${most}`
      issues.push({ code: 'custom', path: [isLong ? 'minimum' : 'maximum'], message, input: minimum })
    })
    .exactOptional(),
  /** Whether every name of the domain is a user's, who is nowhere until a phone registers it. */
  anyone: z.boolean().default(false),
  /** By user; with any, registrations are challenged. */
  passwords: z.record(userName, z.string()).exactOptional(),
  /** What challenges offer, the best first. */
  algorithms: z
    .array(z.enum(['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess']))
    .min(1, { error: () => 'at least one algorithm' })
    .check(onlyOnce('algorithm'))
    .default(['SHA-256', 'MD5']),
  /** Whether calls are challenged as well (407). */
  challengeRequests: z.boolean().default(false),
  /** Whether it sends requests where a phone's own requests came from, whatever its Contact says: then phones behind NATs can be called. */
  symmetric: z.boolean().default(false),
  port: whole(1, 65_535).default(5060),
  /** With `tcp` it takes both, and sends over TCP where a URI asks for it or a request is large. Absent: udp. */
  transport: z.enum(['udp', 'tcp']).exactOptional(),
  timers: sipTimers,
  /** How long a branch may ring without a final answer; more than 3 min by RFC 3261 §16.6, 11. */
  timerC: runTime.default(180_001_000_000),
}).check(({ value: { challengeRequests, passwords, recurse, redirect }, issues }) => {
  if (recurse && redirect) {
    const message = 'false, or no `redirect` beside it: a proxy that forwards nothing gets no 3xx to follow'
    issues.push({ code: 'custom', path: ['recurse'], message, input: recurse })
  }
  if (!challengeRequests || passwords !== undefined) return
  const message = 'false, or `passwords` beside it: without them nobody is challenged'
  issues.push({ code: 'custom', path: ['challengeRequests'], message, input: challengeRequests })
})

/** Starts it. */
export function startProxy(host: Host, options: z.output<typeof proxy>): RunningProgram {
  const { program: _, timers, timerC, registrar, ...rest } = options
  const bindings = registrar && {
    ...(registrar.match && { match: registrar.match }),
    defaultSeconds: seconds(registrar.default),
    minimumSeconds: seconds(registrar.minimum),
    maximumSeconds: seconds(registrar.maximum),
  }
  const more = { timers: timersInMs(timers), timerCMs: timerC / 1e6, ...(bindings && { registrar: bindings }) }
  return program.start(host, { ...rest, ...more })
}

/** ns as whole seconds. */
function seconds(ns: number): number {
  return Math.round(ns / 1e9)
}
