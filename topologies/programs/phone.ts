// The phone's options as a topology writes them, and the verbs that a scenario can ask of it.

import { z } from 'zod'
import type { Host, RunningProgram } from '../../platform/host.ts'
import { phone as program } from '../../stack/programs/phone.ts'
import { codePoint, numbersOf } from '../links/dscp.ts'
import { expiration, runTime } from '../links/time.ts'
import { checked, onlyOnce, shape, whole } from '../yaml/shape.ts'
import { headers, headerTexts } from './headers.ts'
import { fitsTransport, keepAlive, keepAliveInMs } from './keepAlive.ts'
import { stunServerName } from './stun.ts'
import { sipTimers, timersInMs } from './timers.ts'
import { hostAndPort, sipUri } from './uri.ts'

/** The first and the last port, with at least one even port between them. */
const portRange = checked('a range of ports such as 10000-20000', (text) => {
  const [first, last] = /^\d{1,5}-\d{1,5}$/.test(text) ? text.split('-').map(Number) : []
  const isRange =
    first !== undefined && last !== undefined && first >= 1 && last <= 65_535 && first + (first % 2) < last
  return isRange
    ? undefined
    : `a range of ports such as 10000-20000, with an even one and the next in it, not "${text}"`
})

/** Only a 3xx names somebody else to call. */
function bearsContact(status: number | undefined, path: string[], issues: z.core.$ZodRawIssue[]): void {
  if (status === undefined || status < 400) return
  const message = `a status from 300 to 399, such as 302: no other names whom to call instead`
  issues.push({ code: 'custom', path, message, input: status })
}

/** A phone: makes and takes calls, and talks. */
export const phone = shape({
  program: z.literal('phone'),
  /** Its address of record: what others call, and what From says. */
  aor: sipUri,
  /** Where its requests go first: a host's name or an address, with a port if it is not 5060. Absent: straight to the URI's host. */
  proxy: hostAndPort.exactOptional(),
  port: whole(1, 65_535).default(5060),
  /** Over what its requests go. With `tcp` it takes both. Absent: udp. */
  transport: z.enum(['udp', 'tcp']).exactOptional(),
  /** The ports for RTP, even ones from the first on. */
  rtpPorts: portRange.default('10000-20000'),
  /** In the order of preference. */
  codecs: z
    .array(z.enum(['PCMU', 'PCMA']))
    .min(1, { error: () => 'at least one codec' })
    .check(onlyOnce('codec'))
    .default(['PCMU', 'PCMA']),
  timers: sipTimers,
  /** Answers by itself after this long. Absent: only when the scenario asks. */
  answerAfter: runTime.exactOptional(),
  /** Refuses every call with this status at once, also where `answerAfter` is given: a phone that answers is made busy by this one key. */
  reject: whole(300, 699).exactOptional(),
  /** Forwards every call at once: a 302, or what `reject` says, names these SIP URIs, which are tried one after the other. */
  forwardTo: z.union([sipUri, z.array(sipUri).min(1, { error: () => 'at least one URI' })]).exactOptional(),
  /** How many calls it can have at once; further ones find it busy. */
  lines: whole(1, 100_000).default(1),
  /** What it does after a 3xx to a call of its own: it calls whom that names, or its call has failed. */
  redirects: z.enum(['follow', 'report']).exactOptional(),
  /** How many 3xx it follows in one call; the next one ends it. Absent: 10. */
  redirectLimit: whole(0, 1000).exactOptional(),
  /** Whether it sends audio in a call. */
  talk: z.boolean().default(true),
  /** How its audio is marked: `BE` is not at all. Absent: EF. */
  dscp: codePoint.exactOptional(),
  /** What it says to its proxy so that NATs remember it. Absent or zero: nothing. */
  keepAlive: keepAlive.exactOptional(),
  /** The STUN server that it asks how it is seen from outside its NATs: that goes into Contact and SDP. Absent: it says what it is inside. */
  stun: stunServerName.exactOptional(),
  /** Whether it registers as soon as it starts. */
  register: z.boolean().default(false),
  /** Where it registers; absent: at the host of its address of record. */
  registrar: sipUri.exactOptional(),
  /** How long it asks to be registered. */
  expires: expiration.default(3_600_000_000_000),
  /** What its INVITEs say besides what they must: headers by their names, such as `{ User-Agent: Desk phone 7 }`. */
  inviteHeaders: headers.exactOptional(),
  /** Answers challenges with it. */
  password: z.string().exactOptional(),
}).check(({ value: { transport, keepAlive: pulse, reject, forwardTo }, issues }) => {
  if (forwardTo !== undefined) bearsContact(reject, ['reject'], issues)
  fitsTransport(transport, pulse, issues)
})

/** What a scenario can ask of a phone. */
export const phoneVerbs = {
  call: shape({ to: sipUri }),
  answer: shape({}),
  reject: shape({
    /** Absent: 486, or 302 beside `to`. */
    status: whole(300, 699).exactOptional(),
    /** Whom the caller is to call in its place. */
    to: sipUri.exactOptional(),
  }).check(({ value: { status, to }, issues }) => {
    if (to !== undefined) bearsContact(status, ['status'], issues)
  }),
  cancel: shape({}),
  'hang up': shape({}),
  options: shape({ to: sipUri }),
  register: shape({}),
  unregister: shape({}),
} as const

/** Starts it. */
export function startPhone(host: Host, options: z.output<typeof phone>): RunningProgram {
  const {
    program: _,
    timers,
    answerAfter,
    keepAlive: written,
    expires,
    dscp,
    forwardTo,
    inviteHeaders,
    ...rest
  } = options
  const pulse = keepAliveInMs(written)
  const answer = answerAfter === undefined ? {} : { answerAfterMs: answerAfter / 1e6 }
  return program.start(host, {
    ...rest,
    ...answer,
    ...(inviteHeaders && { inviteHeaders: headerTexts(inviteHeaders) }),
    ...(forwardTo !== undefined && { forwardTo: [forwardTo].flat() }),
    ...(dscp !== undefined && { dscp: numbersOf(dscp)[0]! }),
    ...(pulse && { keepAlive: pulse }),
    timers: timersInMs(timers),
    expiresSeconds: Math.round(expires / 1e9),
  })
}
