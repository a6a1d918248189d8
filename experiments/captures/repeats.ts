// What was sent again in a capture, each schedule by the name of its timer.

import {
  type Exchange,
  isForwarded,
  printPlace,
  type Sighting,
  statusOf,
  type Transaction,
} from '../oracles/exchange.ts'

/** One message and its repeats. */
export interface RepeatSchedule {
  /** `Timer A`, `Timer E`, `Timer G`, `2xx core`, `1xx again`, or `answers to repeats`. */
  readonly timer: string
  /** `CANCEL`, `200 INVITE`. */
  readonly what: string
  readonly callId: string
  readonly from: string
  readonly to: string
  /** What proves each sending. */
  readonly packets: readonly string[]
  /** From each sending to the next, ms. */
  readonly gapsMs: readonly number[]
  /** What ended it: `answered 408 (packet 40)`, or that nothing did. */
  readonly end: string
}

/** A repeat that follows a repeated request so closely answers it, ns. */
const ANSWER_NS = 100e6

/** The schedules of one request at the party that sent. */
export function repeatsIn(exchange: Exchange): readonly RepeatSchedule[] {
  return exchange.transactions.flatMap((transaction) =>
    transaction.role === 'client' ? requestRepeats(transaction) : responseRepeats(transaction, exchange),
  )
}

function requestRepeats({ method, requests, responses, reliable }: Transaction): readonly RepeatSchedule[] {
  const sends = requests.filter(({ out }) => out)
  if (sends.length < 2 || reliable) return []
  const final = responses.find((response) => statusOf(response) >= 200)
  const end = final ?? responses[0]
  const timer = method === 'INVITE' ? 'Timer A' : 'Timer E'
  return [
    schedule(timer, method, sends, end === undefined ? 'never answered' : `answered ${statusOf(end)} (${end.proof})`),
  ]
}

function responseRepeats(transaction: Transaction, exchange: Exchange): readonly RepeatSchedule[] {
  const groups = new Map<string, Sighting[]>()
  for (const response of transaction.responses) {
    if (!response.out) continue
    const key = `${statusOf(response)} ${response.message.toTag ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [response])
    else group.push(response)
  }
  return [...groups.values()].flatMap((sends) => {
    if (sends.length < 2) return []
    const ack = [...transaction.acks, ...exchange.acks].find(({ out, at }) => !out && at >= sends[0]!.at)
    const status = statusOf(sends[0]!)
    const end =
      transaction.method !== 'INVITE' || status < 200 || (status < 300 && isForwarded(transaction, exchange))
        ? ''
        : ack === undefined
          ? 'never acknowledged'
          : `acknowledged (${ack.proof})`
    return [schedule(timerOf(transaction, exchange, sends), `${status} ${transaction.method}`, sends, end)]
  })
}

function timerOf(transaction: Transaction, exchange: Exchange, sends: readonly Sighting[]): string {
  const repeats = transaction.requests.slice(1)
  const answers = sends.slice(1).every(({ at }) => repeats.some((one) => at >= one.at && at - one.at <= ANSWER_NS))
  const status = statusOf(sends[0]!)
  if (answers || transaction.method !== 'INVITE') return 'answers to repeats'
  if (status < 200) return '1xx again'
  if (status >= 300) return 'Timer G'
  return isForwarded(transaction, exchange) ? '2xx core, forwarded' : '2xx core'
}

function schedule(timer: string, what: string, sends: readonly Sighting[], end: string): RepeatSchedule {
  const first = sends[0]!
  return {
    ...{ timer, what, callId: first.message.callId, from: printPlace(first.from), to: printPlace(first.to) },
    packets: sends.map(({ proof }) => proof),
    gapsMs: sends.slice(1).map(({ at }, index) => Math.round((at - sends[index]!.at) / 1e3) / 1e3),
    end,
  }
}
