// RFC 4320: what may not be said to requests other than INVITE, since it would come too late to help or make a storm.

import { printDuration } from '../../platform/units.ts'
import { type Exchange, statusOf, struckAt, type Transaction } from './exchange.ts'
import type { BaseTimers, Oracle, Trial } from './oracle.ts'

export const NON_INVITE: readonly Oracle[] = [
  {
    name: 'no 408 to non-INVITE',
    section: 'RFC 4320 §4.2',
    says: 'a request other than INVITE is never answered 408',
    exchange: (exchange, trial) => {
      for (const { responses, requests, method } of servers(exchange)) {
        const final = responses.find((response) => statusOf(response) >= 200)
        if (final !== undefined) trial.exercised()
        if (final !== undefined && statusOf(final) === 408)
          trial.violated(final.at, [...requests.slice(0, 1), final], `${method} is answered 408`)
      }
    },
  },
  {
    name: '100 to non-INVITE',
    section: 'RFC 4320 §4.1',
    says: 'over UDP a request other than INVITE gets no 100 before Timer E would reach T2, and gets one then if it got nothing else',
    exchange: (exchange, trial, until) => {
      for (const transaction of servers(exchange))
        if (!transaction.reliable) trying(transaction, exchange, trial, until)
    },
  },
]

function servers({ transactions }: Exchange): readonly Transaction[] {
  return transactions.filter(({ role, method }) => role === 'server' && method !== 'INVITE')
}

function trying({ requests, responses, method }: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const [request] = requests
  if (request === undefined) return
  const struck = struckAt(exchange)
  const { exact, slackNs } = trial.conditions
  const { timersOf } = trial.conditions
  const wait = untilT2(timersOf(request.party))
  const early = responses.find((response) => statusOf(response) === 100 && response.at < request.at + wait - slackNs)
  if (early !== undefined && early.at < struck) {
    trial.violated(early.at, [request, early], `100 to ${method} after ${printDuration(early.at - request.at)}`)
    return
  }
  if (responses.some((response) => statusOf(response) === 100)) trial.exercised()
  const due = request.at + wait + timersOf(request.party).t1Ns
  if (!exact || until <= due || struck <= due) return
  const [first] = responses
  if (first !== undefined && first.at <= request.at + wait) return
  trial.exercised()
  const repeat = requests.find(({ at }) => at >= request.at + wait)
  if (repeat !== undefined && (first === undefined || first.at > due))
    trial.violated(repeat.at, [request, repeat], `no 100 to ${method}, ${printDuration(wait)} after it came`)
}

/** How long Timer E takes to reach T2, ns: 3.5 s by default. */
function untilT2({ t1Ns, t2Ns }: BaseTimers): number {
  let sum = 0
  for (let interval = t1Ns; interval < t2Ns; interval *= 2) sum += interval
  return sum
}
