// CANCEL: what it may cancel, when, and what comes of it.

import { printUri } from '../../stack/sip/message/uri.ts'
import { type Exchange, excuseAfter, isForwarded, type Sighting, statusOf, type Transaction } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

export const CANCELLING: readonly Oracle[] = [
  {
    name: 'CANCEL',
    section: 'RFC 3261 §9.1',
    says: 'a CANCEL has the Request-URI, To, Via and Route of an INVITE that got a provisional response and no final one',
    exchange: (exchange, trial) => {
      for (const cancel of exchange.transactions)
        if (cancel.role === 'client' && cancel.method === 'CANCEL' && cancel.requests.length > 0)
          sent(cancel, exchange, trial)
    },
  },
  {
    name: 'CANCEL is answered',
    section: 'RFC 3261 §9.2',
    says: 'a CANCEL is answered 200, or 481 where there is nothing to cancel; a ringing INVITE then gets its 487',
    exchange: (exchange, trial, until) => {
      for (const cancel of exchange.transactions)
        if (cancel.role === 'server' && cancel.method === 'CANCEL' && cancel.requests.length > 0)
          received(cancel, exchange, trial, until)
    },
  },
]

function sent(cancel: Transaction, exchange: Exchange, trial: Trial): void {
  const first = cancel.requests[0]!
  const { exact } = trial.conditions
  const invite = exchange.transactions.find(
    ({ role, method, branch, requests }) =>
      role === 'client' && method === 'INVITE' && branch === cancel.branch && requests.length > 0,
  )
  if (invite === undefined) {
    if (exact) trial.violated(first.at, [first], 'a CANCEL with the branch of no INVITE')
    return
  }
  trial.exercised()
  const wrong = misfit(invite.requests[0]!, first)
  if (wrong !== undefined) trial.violated(first.at, [invite.requests[0]!, first], `a CANCEL ${wrong}`)
  if (!exact) return
  const provisional = invite.responses[0]
  if (provisional === undefined || provisional.at > first.at)
    trial.violated(first.at, [invite.requests[0]!, first], 'a CANCEL before any provisional response')
  const final = invite.responses.find((response) => statusOf(response) >= 200 && response.at < first.at)
  if (final !== undefined) trial.violated(first.at, [final, first], `a CANCEL after ${statusOf(final)}`)
}

function misfit({ message: invite }: Sighting, { message: cancel }: Sighting): string | undefined {
  if (invite.kind !== 'request' || cancel.kind !== 'request') return undefined
  const [wanted, uri] = [printUri(invite.uri), printUri(cancel.uri)]
  if (wanted !== uri) return `of ${uri}, not ${wanted}`
  if (cancel.toTag !== invite.toTag)
    return `with the To tag ${cancel.toTag ?? '(none)'}, not ${invite.toTag ?? '(none)'}`
  if (cancel.vias.length !== 1) return `with ${cancel.vias.length} Vias`
  const [routes, inviteRoutes] = [cancel.all('Route').join(), invite.all('Route').join()]
  return routes === inviteRoutes ? undefined : `with the Route "${routes}", not "${inviteRoutes}"`
}

function received(cancel: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const { exact } = trial.conditions
  const first = cancel.requests[0]!
  const { t1Ns } = trial.conditions.timersOf(exchange.party)
  const answer = cancel.responses.find((response) => statusOf(response) >= 200)
  if (answer !== undefined) {
    trial.exercised()
    if (exact && statusOf(answer) !== 200 && statusOf(answer) !== 481)
      trial.violated(answer.at, [first, answer], `CANCEL is answered ${statusOf(answer)}`)
  } else if (exact && first.at + t1Ns < until && excuseAfter(exchange, first.at, '') === undefined)
    trial.violated(first.at, [first], 'CANCEL is not answered')
  const invite = exchange.transactions.find(
    ({ role, method, branch, requests }) =>
      role === 'server' && method === 'INVITE' && branch === cancel.branch && requests.length > 0,
  )
  if (invite === undefined || !exact || isForwarded(invite, exchange) || first.at + t1Ns >= until) return
  // Who lost its power since has forgotten what was to be cancelled.
  if (excuseAfter(exchange, invite.requests[0]!.at, '') !== undefined) return
  const before = invite.responses.find((response) => statusOf(response) >= 200)
  if (before === undefined)
    trial.violated(first.at, [invite.requests[0]!, first], 'the INVITE that was cancelled gets no final response')
  else if (
    before.at >= first.at &&
    answer !== undefined &&
    statusOf(answer) === 200 &&
    statusOf(before) < 300 &&
    before.at > first.at
  )
    trial.violated(before.at, [first, before], `${statusOf(before)} to an INVITE that was cancelled before`)
}
