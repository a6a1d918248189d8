// ACK: who must send it, when, and how it must look.

import { printUri } from '../../stack/sip/message/uri.ts'
import {
  type Exchange,
  excuseAfter,
  isForwarded,
  printPlace,
  type Sighting,
  statusOf,
  type Transaction,
} from './exchange.ts'
import { eachOf, type Oracle, type Trial } from './oracle.ts'

export const ACKNOWLEDGEMENT: readonly Oracle[] = [
  {
    name: 'ACK of a refusal',
    section: 'RFC 3261 §17.1.1.2',
    says: 'each 3xx–6xx to INVITE is acknowledged at once by the transaction that receives it, each repeat again (Timer D)',
    exchange: eachOf(invites, refused),
  },
  {
    name: 'ACK of an answer',
    section: 'RFC 3261 §13.2.2.4',
    says: 'the caller acknowledges each 2xx to INVITE, each repeat again (Timer M)',
    exchange: eachOf(invites, answered),
  },
  {
    name: 'ACK fits its INVITE',
    section: 'RFC 3261 §17.1.1.3',
    says: 'the ACK of a refusal has the INVITE’s Request-URI, Route and one Via, and the To of the response; that of a 2xx a branch of its own',
    exchange: eachOf(invites, fits),
  },
]

function invites({ transactions }: Exchange): readonly Transaction[] {
  return transactions.filter(
    ({ role, method, requests }) => role === 'client' && method === 'INVITE' && requests.length > 0,
  )
}

/** The final responses of these hundreds that came while the transaction was there to hear them. */
function heard(
  { branch, requests, responses }: Transaction,
  exchange: Exchange,
  { conditions }: Trial,
  least: number,
  most: number,
): readonly Sighting[] {
  const first = requests[0]!
  const { t1Ns } = conditions.timersOf(exchange.party)
  const final = responses.find((response) => statusOf(response) >= 200)
  if (final === undefined || excuseAfter(exchange, first.at, printPlace(first.to)) !== undefined) return []
  // Timer B had ended it before anything came.
  if (responses[0]!.at >= first.at + 64 * t1Ns) return []
  const cancel = cancelOf(branch, exchange)
  if (cancel !== undefined && final.at >= cancel.at + 64 * t1Ns) return []
  return responses.filter((one) => {
    return statusOf(one) >= least && statusOf(one) <= most && one.at < final.at + 64 * t1Ns
  })
}

/** The first CANCEL of a transaction: 64·T1 after it, one without a final response is destroyed (§9.1). */
function cancelOf(branch: string, { transactions }: Exchange): Sighting | undefined {
  return transactions.find((one) => one.role === 'client' && one.method === 'CANCEL' && one.branch === branch)
    ?.requests[0]
}

function refused(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const { exact, slackNs } = trial.conditions
  const finals = heard(transaction, exchange, trial, 300, 699)
  if (!exact) {
    captured(finals, transaction.acks, trial)
    return
  }
  if (transaction.responses.some((one) => statusOf(one) >= 200 && statusOf(one) < 300)) return
  for (const final of finals) {
    if (final.at + slackNs >= until) continue
    trial.exercised()
    if (transaction.acks.some(({ out, at }) => out && at >= final.at && at <= final.at + slackNs)) continue
    trial.violated(final.at, [final], `no ACK of this ${statusOf(final)} on the INVITE’s branch`)
  }
}

/** What a capture can prove: that a response was sent thrice and more, and that no ACK of it was ever seen. */
function captured(finals: readonly Sighting[], acks: readonly Sighting[], trial: Trial): void {
  if (finals.length === 0) return
  if (acks.length > 0) trial.exercised()
  else if (finals.length >= 3)
    trial.violated(finals[2]!.at, finals, `${statusOf(finals[0]!)} came ${finals.length} times, and no ACK was seen`)
}

function answered(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  if (isForwarded(transaction, exchange)) return
  const { exact } = trial.conditions
  const { t1Ns } = trial.conditions.timersOf(exchange.party)
  const finals = heard(transaction, exchange, trial, 200, 299)
  const acks = [...exchange.acks, ...transaction.acks].filter(({ out }) => out)
  if (!exact) {
    captured(finals, acks, trial)
    return
  }
  for (const final of finals) {
    if (final.at + t1Ns >= until) continue
    trial.exercised()
    const tag = final.message.toTag
    if (acks.some(({ at, message }) => at >= final.at && at < final.at + t1Ns && message.toTag === tag)) continue
    trial.violated(
      final.at,
      [final],
      `no ACK of this ${statusOf(final)} with CSeq ${exchange.number} and tag ${tag ?? ''}`,
    )
  }
}

function fits(transaction: Transaction, exchange: Exchange, trial: Trial): void {
  const invite = transaction.requests[0]!
  const final = transaction.responses.find((response) => statusOf(response) >= 200)
  if (final === undefined) return
  const refusal = statusOf(final) >= 300
  for (const ack of transaction.acks) {
    trial.exercised()
    const wrong = refusal ? misfit(invite, final, ack) : 'has the branch of its INVITE'
    if (wrong !== undefined) trial.violated(ack.at, [ack, invite, final], `the ACK of this ${statusOf(final)} ${wrong}`)
  }
  if (!refusal) for (const { out } of exchange.acks) if (out) trial.exercised()
}

function misfit(invite: Sighting, final: Sighting, ack: Sighting): string | undefined {
  const [asked, sent] = [invite.message, ack.message]
  if (asked.kind !== 'request' || sent.kind !== 'request') return undefined
  const [wanted, uri] = [printUri(asked.uri), printUri(sent.uri)]
  if (wanted !== uri) return `goes to ${uri}, not to ${wanted}`
  if (sent.toTag !== final.message.toTag)
    return `has the To tag ${sent.toTag ?? '(none)'}, not ${final.message.toTag ?? '(none)'}`
  if (sent.vias.length !== 1) return `has ${sent.vias.length} Vias, not one`
  const [routes, inviteRoutes] = [sent.all('Route').join(), asked.all('Route').join()]
  return routes === inviteRoutes ? undefined : `has the Route "${routes}", not "${inviteRoutes}"`
}
