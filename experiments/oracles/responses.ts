// Responses: how many, which, to whom they belong, and what servers do with a request that comes again.

import { printUri } from '../../stack/sip/message/uri.ts'
import { type Exchange, isForwarded, type Sighting, statusOf, struckAt, type Transaction } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'

export const RESPONSES: readonly Oracle[] = [
  {
    name: 'one final response',
    section: 'RFC 3261 §17.2',
    says: 'a request gets one final response; only 2xx to INVITE may be several, where it forked',
    exchange: (exchange, trial) => {
      for (const transaction of servers(exchange)) oneFinal(transaction, exchange, trial)
    },
  },
  {
    name: 'nothing provisional after the final',
    section: 'RFC 3261 §17.2',
    says: 'after a final response no provisional one is sent',
    exchange: (exchange, trial) => {
      for (const transaction of servers(exchange)) nothingProvisional(transaction, trial)
    },
  },
  {
    name: 'response matching',
    section: 'RFC 3261 §8.2.6.2',
    says: 'a response has the From, Call-ID, CSeq, Via and To of its request',
    exchange: (exchange, trial) => {
      for (const transaction of servers(exchange)) matches(transaction, trial)
    },
  },
  {
    name: 'Timer J',
    section: 'RFC 3261 §17.2.2',
    says: 'a request other than INVITE that comes again within 64·T1 of its final response gets that response again',
    exchange: (exchange, trial, until) => {
      for (const transaction of servers(exchange))
        if (transaction.method !== 'INVITE') again(transaction, exchange, trial, until)
    },
  },
  {
    name: 'repeated INVITE',
    section: 'RFC 3261 §17.2.1',
    says: 'an INVITE that comes again gets the last provisional response or refusal again',
    exchange: (exchange, trial, until) => {
      for (const transaction of servers(exchange))
        if (transaction.method === 'INVITE') again(transaction, exchange, trial, until)
    },
  },
  {
    name: 'Timer L',
    section: 'RFC 6026 §7.1',
    says: 'an INVITE that comes again after its 2xx is absorbed, for 64·T1',
    exchange: (exchange, trial) => {
      for (const transaction of servers(exchange)) absorbed(transaction, exchange, trial)
    },
  },
]

/** The server transactions whose request was seen. */
function servers({ transactions }: Exchange): readonly Transaction[] {
  return transactions.filter(({ role, requests }) => role === 'server' && requests.length > 0)
}

function oneFinal(transaction: Transaction, exchange: Exchange, trial: Trial): void {
  const finals = remembered(transaction, exchange, trial).filter((response) => statusOf(response) >= 200)
  const [first] = finals
  if (first === undefined) return
  trial.exercised()
  const forks = transaction.method === 'INVITE' && (!trial.conditions.exact || isForwarded(transaction, exchange))
  let refusal: Sighting | undefined
  let before = first
  for (const final of finals) {
    const success = statusOf(final) < 300
    const other = success && forks ? undefined : success || refusal === undefined ? before : refusal
    if (!success) refusal ??= final
    if (other === undefined || isSame(other, final)) {
      before = final
      continue
    }
    trial.violated(
      final.at,
      [other, final],
      `${statusOf(final)} after ${statusOf(other)}, to one ${transaction.method}`,
    )
    return
  }
}

/**
 * The responses that a server gives while it can know what it gave before: up to 64·T1 after its first final one (Timers H, J and L). A
 * request that comes later, though it was sent in time, is a new one to it.
 */
export function remembered(transaction: Transaction, exchange: Exchange, trial: Trial): readonly Sighting[] {
  const { responses: all, requests } = transaction
  const struck = struckAt(exchange)
  const responses = all.filter(({ at }) => at < struck)
  const final = responses.find((response) => statusOf(response) >= 200)
  if (final === undefined || requests[0] === undefined) return responses
  const { t1Ns } = trial.conditions.timersOf(requests[0].party)
  return responses.filter(({ at }) => at < final.at + 64 * t1Ns)
}

function isSame(one: Sighting, other: Sighting): boolean {
  return statusOf(one) === statusOf(other) && one.message.toTag === other.message.toTag
}

function nothingProvisional({ responses, method }: Transaction, trial: Trial): void {
  const final = responses.find((response) => statusOf(response) >= 200)
  if (final === undefined) return
  trial.exercised()
  const slack = trial.conditions.exact ? 0 : trial.conditions.slackNs
  const late = responses.find((one) => statusOf(one) < 200 && one.at > final.at + slack)
  if (late !== undefined)
    trial.violated(late.at, [final, late], `${statusOf(late)} after ${statusOf(final)} to ${method}`)
}

function matches({ requests, responses }: Transaction, trial: Trial): void {
  const request = requests[0]!
  for (const response of responses) {
    trial.exercised()
    const wrong = mismatch(request, response)
    if (wrong !== undefined) trial.violated(response.at, [request, response], `this ${statusOf(response)} ${wrong}`)
  }
}

function mismatch({ message: request }: Sighting, { message: response }: Sighting): string | undefined {
  const [from, wantedFrom] = [whoIs(response), whoIs(request)]
  if (from !== wantedFrom) return `has the From ${from}, not ${wantedFrom}`
  if (response.cseq.method !== request.cseq.method) return `has the CSeq method ${response.cseq.method}`
  if (request.toTag !== undefined && request.toTag !== response.toTag)
    return `has the To tag ${response.toTag ?? '(none)'}, not ${request.toTag}`
  const [vias, wanted] = [response.vias.map(branchOf), request.vias.map(branchOf)]
  return vias.join() === wanted.join() ? undefined : `has the Via branches ${vias.join(', ')}, not ${wanted.join(', ')}`
}

/** From as far as it counts: a display name may be written in two ways. */
function whoIs({ from }: Sighting['message']): string {
  return `<${printUri(from.uri)}>${from.parameters}`
}

function branchOf({ parameters }: Sighting['message']['via']): string {
  return parameters.get('branch') ?? '(none)'
}

/** What was sent last is sent again when the request comes again; over UDP, and where all is seen. */
function again(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const { requests, responses, reliable, method } = transaction
  const { exact, slackNs } = trial.conditions
  if (!exact || reliable) return
  const { t1Ns } = trial.conditions.timersOf(requests[0]!.party)
  const final = responses.find((response) => statusOf(response) >= 200)
  const struck = struckAt(exchange)
  for (const repeat of requests.slice(1)) {
    if (repeat.at + slackNs >= struck) break
    const last = responses.filter(({ at }) => at < repeat.at).at(-1)
    if (last === undefined || repeat.at + slackNs >= until) continue
    if (method === 'INVITE' && statusOf(last) >= 200 && (statusOf(last) < 300 || isAcknowledged(transaction, repeat)))
      continue
    // A proxy that heard nothing says nothing, and forgets the request when its own has timed out (RFC 4320 §4.2).
    const kept = final ?? (method === 'INVITE' ? undefined : requests[0])
    if (kept !== undefined && repeat.at >= kept.at + 64 * t1Ns) continue
    trial.exercised()
    const answer = responses.find(({ at }) => at >= repeat.at && at <= repeat.at + slackNs)
    if (answer === undefined)
      trial.violated(repeat.at, [repeat, last], `this ${method} came again, and ${statusOf(last)} was not sent again`)
  }
}

function isAcknowledged({ acks }: Transaction, repeat: Sighting): boolean {
  return acks.some(({ at }) => at <= repeat.at)
}

function absorbed(transaction: Transaction, exchange: Exchange, trial: Trial): void {
  const { method, requests, responses } = transaction
  const { exact, slackNs } = trial.conditions
  const final = responses.find((response) => statusOf(response) >= 200)
  if (method !== 'INVITE' || !exact || final === undefined || statusOf(final) >= 300) return
  const { t1Ns } = trial.conditions.timersOf(exchange.party)
  for (const repeat of requests) {
    if (repeat.at <= final.at || repeat.at >= final.at + 64 * t1Ns) continue
    trial.exercised()
    const answer = responses.find((one) => one.at >= repeat.at && one.at <= repeat.at + slackNs && statusOf(one) >= 300)
    if (answer !== undefined)
      trial.violated(answer.at, [final, repeat, answer], `${statusOf(answer)} to an INVITE that was answered`)
  }
}
