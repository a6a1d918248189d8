// Timers I and K: for T4 a transaction that is over takes what the network still carries to it, and says nothing.

import { type Exchange, excuseAfter, isForwarded, statusOf, type Transaction } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

export const ABSORBING: readonly Oracle[] = [
  {
    name: 'Timer I',
    section: 'RFC 3261 §17.2.1',
    says: 'for T4 after the ACK of its refusal a server says nothing to copies of the INVITE or the ACK',
    exchange: (exchange, trial, until) => {
      for (const transaction of exchange.transactions) absorbsAcks(transaction, exchange, trial, until)
    },
  },
  {
    name: 'Timer K',
    section: 'RFC 3261 §17.1.2.2',
    says: 'for T4 after the final response to anything but INVITE a client takes copies of it, and neither sends again nor passes them on',
    exchange: (exchange, trial) => {
      for (const transaction of exchange.transactions) absorbsFinals(transaction, exchange, trial)
    },
  },
]

function absorbsAcks(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const { role, method, reliable, requests, responses, acks } = transaction
  const { exact, timersOf, slackNs } = trial.conditions
  if (!exact || role !== 'server' || method !== 'INVITE' || reliable) return
  const final = responses.find((response) => statusOf(response) >= 300)
  const ack = acks.find(({ out, at }) => !out && final !== undefined && at >= final.at)
  if (final === undefined || ack === undefined || excuseAfter(exchange, final.at, '') !== undefined) return
  const end = Math.min(until, ack.at + timersOf(exchange.party).t4Ns)
  const copy = [...requests, ...acks].find(({ at, out }) => !out && at > ack.at && at < end)
  if (copy === undefined) return
  trial.exercised()
  const answer = responses.find(({ at }) => at > ack.at + slackNs && at < end)
  if (answer !== undefined)
    trial.violated(
      answer.at,
      [ack, copy, answer],
      `${statusOf(answer)} after the ACK, to a copy that it should have taken in silence`,
    )
}

function absorbsFinals(transaction: Transaction, exchange: Exchange, trial: Trial): void {
  const { role, method, reliable, requests, responses, branch } = transaction
  const { exact, timersOf, slackNs } = trial.conditions
  if (!exact || role !== 'client' || method === 'INVITE' || reliable) return
  const finals = responses.filter((response) => statusOf(response) >= 200)
  const [first] = finals
  if (first === undefined || excuseAfter(exchange, first.at, '') !== undefined) return
  const end = first.at + timersOf(exchange.party).t4Ns
  const copy = finals.find(({ at }, place) => place > 0 && at < end)
  if (copy === undefined) return
  trial.exercised()
  const again = requests.find(({ at }) => at > first.at + slackNs)
  if (again !== undefined) trial.violated(again.at, [first, again], `${method} is sent again after its final response`)
  if (!isForwarded(transaction, exchange)) return
  const above = exchange.transactions.find(
    (one) =>
      one.role === 'server' &&
      one.method === method &&
      requests[0]?.message.vias[1]?.parameters.get('branch') === one.branch,
  )
  const passed = (above?.responses ?? []).filter((response) => statusOf(response) >= 200)
  const asked = (above?.requests ?? []).filter(({ at }) => passed[0] !== undefined && at > passed[0].at).length
  const extra = passed[1 + asked]
  if (above !== undefined && extra !== undefined)
    trial.violated(extra.at, [first, copy, extra], `a copy of the ${statusOf(extra)} to ${branch} is passed on`)
}
