// Glare: both ends of a dialog send INVITE at once. Who refuses, and how long each waits (RFC 3261 §14).

import { printDuration } from '../../platform/units.ts'
import type { Call } from './call.ts'
import { type Sighting, statusOf } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

const STEP_NS = 1e7
const OWNER_NS = [2.1e9, 4e9] as const
const OTHER_MOST_NS = 2e9

export const GLARE: readonly Oracle[] = [
  {
    name: 'glare',
    section: 'RFC 3261 §14.2',
    says: 'an INVITE that comes while the own one of the dialog is unanswered is refused 491',
    call: (call, trial) => refused(call, trial),
  },
  {
    name: '491 wait',
    section: 'RFC 3261 §14.1',
    says: 'after a 491 the owner of the Call-ID waits 2.1 to 4 s, the other end up to 2 s, in steps of 10 ms',
    call: (call, trial) => waits(call, trial),
  },
]

/** First copies of INVITEs within a dialog, of the party's own making. */
function ownInvites({ sightings }: Call): readonly Sighting[] {
  return firstCopies(sightings.filter((one) => one.out && isReinvite(one) && one.message.vias.length === 1))
}

function isReinvite({ message }: Sighting): boolean {
  return message.kind === 'request' && message.method === 'INVITE' && message.toTag !== undefined
}

function firstCopies(requests: readonly Sighting[]): readonly Sighting[] {
  const seen = new Set<number>()
  return requests.filter(({ message }) => !seen.has(message.cseq.number) && seen.add(message.cseq.number))
}

/** The final response to a request of that number: sent (`out`) or received. */
function finalTo({ sightings }: Call, number: number, out: boolean): Sighting | undefined {
  return sightings.find(
    (one) =>
      one.out === out &&
      statusOf(one) >= 200 &&
      one.message.cseq.method === 'INVITE' &&
      one.message.cseq.number === number,
  )
}

function refused(call: Call, trial: Trial): void {
  if (!trial.conditions.exact || call.isExcused) return
  const own = ownInvites(call)
  const theirs = firstCopies(call.sightings.filter((one) => !one.out && isReinvite(one)))
  for (const invite of theirs) {
    const pending = own.find(
      ({ at, message }) =>
        at < invite.at && (finalTo(call, message.cseq.number, false)?.at ?? Number.POSITIVE_INFINITY) > invite.at,
    )
    const final = pending && finalTo(call, invite.message.cseq.number, true)
    if (pending === undefined || final === undefined) continue
    trial.exercised()
    if (statusOf(final) < 300)
      trial.violated(
        final.at,
        [pending, invite, final],
        `${statusOf(final)} to an INVITE, while the own one is unanswered`,
      )
  }
}

function waits(call: Call, trial: Trial): void {
  const { exact, slackNs } = trial.conditions
  if (!exact || call.isExcused) return
  const owner = call.sightings.some(
    ({ out, message }) =>
      out &&
      message.kind === 'request' &&
      message.method === 'INVITE' &&
      message.toTag === undefined &&
      message.vias.length === 1,
  )
  const own = ownInvites(call)
  for (const [place, invite] of own.entries()) {
    const refusal = finalTo(call, invite.message.cseq.number, false)
    const next = own[place + 1]
    if (refusal === undefined || statusOf(refusal) !== 491 || next === undefined) continue
    const wait = next.at - refusal.at
    trial.exercised()
    const most = owner ? OWNER_NS[1] : OTHER_MOST_NS
    // Later ones are the user's own, not the timer's.
    if (wait > most + slackNs) continue
    const offStep = Math.abs(wait - Math.round(wait / STEP_NS) * STEP_NS)
    if (owner && wait < OWNER_NS[0] - slackNs)
      trial.violated(
        next.at,
        [refusal, next],
        `the owner of the Call-ID tries again ${printDuration(wait)} after the 491`,
      )
    else if (offStep > slackNs)
      trial.violated(
        next.at,
        [refusal, next],
        `tries again ${printDuration(wait, 6)} after the 491, which is no step of 10 ms`,
      )
  }
}
