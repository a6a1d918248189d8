// The timers of client transactions, as they show on the wire: who repeats a request, how often and how long.

import {
  type Exchange,
  excuseAfter,
  isOneStream,
  printPlace,
  statusOf,
  struckAt,
  type Transaction,
} from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'
import { check, type Schedule } from './schedule.ts'

export const CLIENT_TIMERS: readonly Oracle[] = [
  {
    name: 'Timer A',
    section: 'RFC 3261 §17.1.1.2',
    says: 'over UDP an INVITE is sent again after T1, 2·T1, 4·T1, … until a response comes, without a cap',
    exchange: (exchange, trial, until) => repeats('INVITE', exchange, trial, until),
  },
  {
    name: 'Timer B',
    section: 'RFC 3261 §17.1.1.2',
    says: 'no INVITE is sent again 64·T1 after the first or later',
    exchange: (exchange, trial, until) => limit('INVITE', exchange, trial, until),
  },
  {
    name: 'Timer E',
    section: 'RFC 3261 §17.1.2.2',
    says: 'over UDP any other request is sent again after T1, doubling to T2, and every T2 after a provisional response',
    exchange: (exchange, trial, until) => repeats('', exchange, trial, until),
  },
  {
    name: 'Timer F',
    section: 'RFC 3261 §17.1.2.2',
    says: 'no other request is sent again 64·T1 after the first or later, provisional responses or not',
    exchange: (exchange, trial, until) => limit('', exchange, trial, until),
  },
]

/** The client transactions over UDP of INVITE, or of everything else; ACK has none. */
function clients(exchange: Exchange, method: string): readonly Transaction[] {
  return exchange.transactions.filter(
    (one) => one.role === 'client' && one.requests.length > 0 && (one.method === 'INVITE') === (method === 'INVITE'),
  )
}

function repeats(method: string, exchange: Exchange, trial: Trial, until: number): void {
  const { conditions } = trial
  for (const transaction of clients(exchange, method)) {
    const { requests, responses, reliable } = transaction
    const { stopAt, schedule } = scheduleOf(transaction, exchange, trial)
    if (reliable) {
      const [, second] = requests
      trial.exercised()
      if (second !== undefined && isOneStream(requests[0]!, second, conditions)) {
        trial.violated(
          second.at,
          [requests[0]!, second],
          `${transaction.method} is sent again over a reliable transport`,
        )
      }
      continue
    }
    const first = requests[0]!
    const excuse = excuseAfter(exchange, first.at, printPlace(first.to))
    const struck = struckAt(exchange)
    const sends = requests.filter(({ at }) => at - first.at <= schedule.limitNs && at < struck)
    if (sends.length === 0) continue
    const { due, complaint } = check(schedule, sends, stopAt, Math.min(until, excuse ?? until), conditions)
    if (due > 0) trial.exercised()
    if (complaint === undefined) continue
    const proofs = [requests[Math.max(0, complaint.index - 1)]!, requests[complaint.index]!, ...responses.slice(0, 1)]
    trial.violated(complaint.at, proofs, complaint.sentence)
  }
}

/** The request's schedule, and what ends it: a response to an INVITE, a final one to anything else. */
function scheduleOf(
  { method, responses }: Transaction,
  exchange: Exchange,
  { conditions }: Trial,
): { readonly schedule: Schedule; readonly stopAt: number | undefined } {
  const { t1Ns, t2Ns } = conditions.timersOf(exchange.party)
  const invite = method === 'INVITE'
  const provisional = invite ? undefined : responses[0]?.at
  const stop = responses.find((response) => invite || statusOf(response) >= 200)
  return {
    stopAt: stop?.at,
    schedule: {
      timer: invite ? 'Timer A' : 'Timer E',
      firstNs: t1Ns,
      capNs: invite ? Number.POSITIVE_INFINITY : t2Ns,
      limitNs: 64 * t1Ns,
      steadyFrom: provisional,
    },
  }
}

function limit(method: string, exchange: Exchange, trial: Trial, until: number): void {
  const { conditions } = trial
  for (const { requests, responses, method: name } of clients(exchange, method)) {
    const limitNs = 64 * conditions.timersOf(exchange.party).t1Ns
    const first = requests[0]!
    const stop = responses.find((response) => method === 'INVITE' || statusOf(response) >= 200)
    const excuse = excuseAfter(exchange, first.at, printPlace(first.to))
    if (struckAt(exchange) < first.at + limitNs) continue
    if (until < first.at + limitNs || excuse !== undefined || (stop !== undefined && stop.at < first.at + limitNs))
      continue
    trial.exercised()
    const slack = conditions.slackNs + limitNs * conditions.slackRatio
    const late = requests.find(({ at }) => at > first.at + limitNs - (conditions.exact ? 1 : -slack))
    if (late !== undefined) trial.violated(late.at, [first, late], `${name} is sent again after 64·T1`)
  }
}
