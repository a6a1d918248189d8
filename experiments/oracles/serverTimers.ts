// The timers of servers, as they show on the wire: who repeats a response until it is acknowledged, how often and how long.

import {
  type Exchange,
  excuseAfter,
  isForwarded,
  isOneStream,
  printPlace,
  type Sighting,
  statusOf,
  struckAt,
  type Transaction,
} from './exchange.ts'
import { eachOf, type Oracle, type Trial } from './oracle.ts'
import { check, type Schedule } from './schedule.ts'

export const SERVER_TIMERS: readonly Oracle[] = [
  {
    name: 'Timer G',
    section: 'RFC 3261 §17.2.1',
    says: 'over UDP a 3xx–6xx to INVITE is sent again after T1, doubling to T2, until its ACK comes',
    exchange: eachOf(servers, refusals),
  },
  {
    name: 'Timer H',
    section: 'RFC 3261 §17.2.1',
    says: 'no 3xx–6xx to INVITE is sent again 64·T1 after the first or later',
    exchange: eachOf(servers, limit),
  },
  {
    name: '2xx core',
    section: 'RFC 3261 §13.3.1.4',
    says: 'whoever answers an INVITE sends the 2xx again after T1, doubling to T2, until its ACK (or a BYE) comes, over any transport',
    exchange: eachOf(servers, answers),
  },
]

function servers(exchange: Exchange): readonly Transaction[] {
  return exchange.transactions.filter(
    ({ role, method, requests, responses }) =>
      role === 'server' && method === 'INVITE' && requests.length > 0 && responses.length > 0,
  )
}

/** The responses that the timer sends: those that answer no repeat of the INVITE at the same time, each repeat one (§17.2.1). */
function ownAccord({ requests }: Transaction, responses: readonly Sighting[]): readonly Sighting[] {
  const repeats = requests.slice(1).map(({ at }) => at)
  return responses.filter(({ at }, index) => {
    const answered = index === 0 ? -1 : repeats.indexOf(at)
    if (answered >= 0) repeats.splice(answered, 1)
    return answered < 0
  })
}

function scheduleOf(timer: string, exchange: Exchange, { conditions }: Trial): Schedule {
  const { t1Ns, t2Ns } = conditions.timersOf(exchange.party)
  return { timer, firstNs: t1Ns, capNs: t2Ns, limitNs: 64 * t1Ns }
}

function refusals(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const all = transaction.responses.filter((response) => statusOf(response) >= 300)
  if (all.length === 0) return
  if (transaction.reliable) {
    saidOnce(ownAccord(transaction, all), trial)
    return
  }
  const limitAt = all[0]!.at + 64 * trial.conditions.timersOf(exchange.party).t1Ns
  const sends = ownAccord(transaction, all).filter(({ at }) => at <= limitAt)
  const stopAt = transaction.acks[0]?.at
  judge('Timer G', sends, stopAt, exchange, trial, until)
}

/** Over a reliable transport Timer G never runs: a refusal goes out once. */
function saidOnce(sends: readonly Sighting[], trial: Trial): void {
  const [first, second] = sends
  trial.exercised()
  if (first === undefined || second === undefined || !isOneStream(first, second, trial.conditions)) return
  trial.violated(second.at, [first, second], `${statusOf(second)} is sent again over a reliable transport`)
}

function answers(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  if (isForwarded(transaction, exchange)) return
  const sends = transaction.responses.filter((response) => statusOf(response) >= 200 && statusOf(response) < 300)
  if (sends.length === 0) return
  const proofs = [...exchange.acks, ...transaction.acks, ...exchange.byes].filter(({ out }) => !out)
  const heardAt = proofs.reduce(
    (first, { at }) => (at >= sends[0]!.at ? Math.min(first, at) : first),
    Number.POSITIVE_INFINITY,
  )
  judge('2xx core', sends, heardAt === Number.POSITIVE_INFINITY ? undefined : heardAt, exchange, trial, until)
}

function judge(
  timer: string,
  sends: readonly Sighting[],
  stopAt: number | undefined,
  exchange: Exchange,
  trial: Trial,
  until: number,
): void {
  const first = sends[0]!
  const struck = struckAt(exchange)
  const excuse = excuseAfter(exchange, first.at, printPlace(first.to))
  const end = Math.min(until, excuse ?? until)
  const timely = sends.filter(({ at }) => at < struck)
  if (timely.length === 0) return
  const { due, complaint } = check(scheduleOf(timer, exchange, trial), timely, stopAt, end, trial.conditions)
  if (due > 0) trial.exercised()
  if (complaint === undefined) return
  trial.violated(
    complaint.at,
    [timely[Math.max(0, complaint.index - 1)]!, timely[complaint.index]!],
    complaint.sentence,
  )
}

function limit(transaction: Transaction, exchange: Exchange, trial: Trial, until: number): void {
  const { conditions } = trial
  const sends = transaction.responses.filter((response) => statusOf(response) >= 300)
  const [first] = sends
  if (first === undefined) return
  const limitNs = 64 * conditions.timersOf(exchange.party).t1Ns
  const ack = transaction.acks[0]
  if (
    until < first.at + limitNs ||
    struckAt(exchange) < first.at + limitNs ||
    (ack !== undefined && ack.at < first.at + limitNs)
  )
    return
  trial.exercised()
  const late = ownAccord(transaction, sends).find(
    ({ at }) => at >= first.at + limitNs + (conditions.exact ? 0 : limitNs * conditions.slackRatio),
  )
  if (late !== undefined) trial.violated(late.at, [first, late], `${statusOf(first)} is sent again after 64·T1`)
}
