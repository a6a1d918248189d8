// How long a call may ring: who must say that it still does, and who may give up.

import { printDuration } from '../../platform/units.ts'
import {
  type Exchange,
  excuseAfter,
  isForwarded,
  printPlace,
  statusOf,
  struckAt,
  type Transaction,
} from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

const MINUTE_NS = 60e9

export const RINGING: readonly Oracle[] = [
  {
    name: 'Timer C',
    section: 'RFC 3261 §16.6',
    says: 'a proxy that nobody asked to cancel rings on for more than three minutes after the last provisional response',
    exchange: (exchange, trial) => {
      for (const transaction of exchange.transactions) if (trial.conditions.exact) gaveUp(transaction, exchange, trial)
    },
  },
  {
    name: '1xx refresh',
    section: 'RFC 3261 §13.3.1.1',
    says: 'a phone that rings says so again every minute, with a response other than 100',
    exchange: (exchange, trial, until) => {
      for (const transaction of exchange.transactions)
        if (trial.conditions.exact) refreshed(transaction, exchange, trial, until)
    },
  },
]

function gaveUp(transaction: Transaction, exchange: Exchange, trial: Trial): void {
  const { role, method, branch, responses } = transaction
  if (role !== 'client' || method !== 'INVITE' || !isForwarded(transaction, exchange)) return
  const cancel = exchange.transactions.find(
    (one) => one.role === 'client' && one.method === 'CANCEL' && one.branch === branch,
  )
  const sent = cancel?.requests[0]
  const last = responses.filter((one) => statusOf(one) > 100 && statusOf(one) < 200 && one.at <= (sent?.at ?? 0)).at(-1)
  if (sent === undefined || last === undefined || struckAt(exchange) <= sent.at) return
  const asked = exchange.transactions.some(
    (one) =>
      (one.role === 'server' && one.method === 'CANCEL' && one.requests.some(({ at }) => at <= sent.at)) ||
      (one.role === 'client' && one.responses.some((response) => statusOf(response) >= 200 && response.at <= sent.at)),
  )
  if (asked) return
  trial.exercised()
  if (sent.at - last.at < 3 * MINUTE_NS)
    trial.violated(sent.at, [last, sent], `given up ${printDuration(sent.at - last.at)} after ${statusOf(last)}`)
}

function refreshed(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const { role, method, requests, responses } = transaction
  if (role !== 'server' || method !== 'INVITE' || requests.length === 0 || isForwarded(transaction, exchange)) return
  const said = responses.filter((response) => statusOf(response) > 100)
  const [first] = said
  if (first === undefined || said.some(({ message }) => message.first('RSeq') !== undefined)) return
  const excuse = excuseAfter(exchange, requests[0]!.at, printPlace(first.to))
  if (excuse !== undefined) return
  const { slackNs, slackRatio } = trial.conditions
  const longest = MINUTE_NS * (1 + slackRatio) + slackNs
  for (const [index, one] of said.entries()) {
    if (statusOf(one) >= 200) return
    const next = said[index + 1]
    const end = next?.at ?? until
    if (end - one.at >= MINUTE_NS) trial.exercised()
    if (end - one.at <= longest) continue
    trial.violated(
      one.at + MINUTE_NS,
      next === undefined ? [one] : [one, next],
      `no response for a minute after ${statusOf(one)}`,
    )
  }
}
