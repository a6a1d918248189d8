// Session timers (RFC 4028): how short a session may be, and that it is refreshed or ended before it runs out.

import { printDuration } from '../../platform/units.ts'
import type { Call } from './call.ts'
import { type Exchange, type Sighting, statusOf } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

/** RFC 4028 §4, s. */
const LEAST = 90

export const SESSION_TIMERS: readonly Oracle[] = [
  {
    name: 'session interval',
    section: 'RFC 4028 §4, §5, §9',
    says: 'no session interval is below 90 s or Min-SE, no 2xx makes it longer than the request, and 422 names a Min-SE',
    exchange: (exchange, trial) => intervals(exchange, trial),
  },
  {
    name: 'session refresh',
    section: 'RFC 4028 §10',
    says: 'a session that has an interval is refreshed, or ended by BYE, before it runs out',
    call: (call, trial, until) => refreshed(call, trial, until),
  },
]

/** Seconds in Session-Expires, or in Min-SE. */
function secondsIn({ message }: Sighting, name: 'Session-Expires' | 'Min-SE'): number | undefined {
  const text = message.first(name) ?? (name === 'Session-Expires' ? message.first('x') : undefined)
  const digits = /^\s*(\d+)/.exec(text ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}

function intervals({ transactions }: Exchange, trial: Trial): void {
  for (const { role, method, requests, responses } of transactions) {
    if (method !== 'INVITE' && method !== 'UPDATE') continue
    const [request] = requests
    if (request === undefined) continue
    const asked = secondsIn(request, 'Session-Expires')
    const least = Math.max(LEAST, secondsIn(request, 'Min-SE') ?? 0)
    if (role === 'client') {
      if (asked === undefined) continue
      trial.exercised()
      if (asked < least)
        trial.violated(request.at, [request], `${method} asks for ${asked} s, and the least is ${least} s`)
      continue
    }
    for (const response of responses) {
      const granted = secondsIn(response, 'Session-Expires')
      const status = statusOf(response)
      if (status === 422) {
        trial.exercised()
        if (secondsIn(response, 'Min-SE') === undefined) trial.violated(response.at, [response], '422 without Min-SE')
      }
      if (status < 200 || status >= 300 || granted === undefined) continue
      trial.exercised()
      if (granted < least)
        trial.violated(response.at, [request, response], `grants ${granted} s, and the least is ${least} s`)
      else if (asked !== undefined && granted > asked)
        trial.violated(response.at, [request, response], `grants ${granted} s, though ${asked} s were asked for`)
    }
  }
}

function refreshed(call: Call, trial: Trial, until: number): void {
  const { sightings, isExcused } = call
  const { exact, slackNs } = trial.conditions
  const between = sightings.some(({ out, message }) => out && message.kind === 'request' && message.vias.length > 1)
  if (!exact || isExcused || between) return
  const agreed = sightings.filter(isAgreed)
  for (const [place, answer] of agreed.entries()) {
    const seconds = secondsIn(answer, 'Session-Expires')
    if (seconds === undefined) continue
    const due = answer.at + seconds * 1e9
    const next = agreed[place + 1]
    const bye = sightings.find(
      ({ message, at }) => message.kind === 'request' && message.method === 'BYE' && at >= answer.at,
    )
    const ended = Math.min(next?.at ?? Number.POSITIVE_INFINITY, bye?.at ?? Number.POSITIVE_INFINITY)
    if (ended <= due + slackNs) trial.exercised()
    else if (until > due)
      trial.violated(
        due,
        [answer],
        `the session of ${printDuration(seconds * 1e9)} ran out, and nobody refreshed or ended it`,
      )
  }
}

/** A 2xx to what refreshes a session; each repeat refreshes nothing. */
function isAgreed(one: Sighting, index: number, all: readonly Sighting[]): boolean {
  const { method, number } = one.message.cseq
  const status = statusOf(one)
  if (status < 200 || status >= 300 || (method !== 'INVITE' && method !== 'UPDATE')) return false
  return !all
    .slice(0, index)
    .some(
      (other) =>
        other.out === one.out &&
        statusOf(other) === status &&
        other.message.cseq.number === number &&
        other.message.cseq.method === method,
    )
}
