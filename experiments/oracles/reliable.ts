// Reliable provisional responses (RFC 3262): who repeats them, who acknowledges them, and in which order they come.

import type { Call } from './call.ts'
import { type Sighting, statusOf } from './exchange.ts'
import type { Oracle, Trial } from './oracle.ts'
import { check } from './schedule.ts'

const MOST_FIRST = 2_147_483_647

export const RELIABLE: readonly Oracle[] = [
  {
    name: 'reliable 1xx',
    section: 'RFC 3262 §3',
    says: 'a reliable provisional response is sent again after T1, doubling without a cap, until its PRACK or the final response',
    call: (call, trial, until) => repeats(call, trial, until),
  },
  {
    name: 'PRACK',
    section: 'RFC 3262 §4',
    says: 'the caller acknowledges each reliable provisional response that comes in its turn, once, and names it in RAck',
    call: (call, trial, until) => acknowledged(call, trial, until),
  },
  {
    name: 'RSeq',
    section: 'RFC 3262 §3',
    says: 'reliable responses are numbered one after the other, the second waits for the PRACK of the first, and all were asked for by 100rel',
    call: (call, trial) => numbered(call, trial),
  },
]

/** The number of a reliable provisional response; undefined for any other message. */
function rseqOf({ message }: Sighting): number | undefined {
  if (message.kind !== 'response' || message.status >= 200 || message.cseq.method !== 'INVITE') return undefined
  const text = message.first('RSeq')
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text)
}

/** What a PRACK names it: RSeq, CSeq number and method. */
function rackOf({ message }: Sighting): string | undefined {
  if (message.kind !== 'request' || message.method !== 'PRACK') return undefined
  return message.first('RAck')?.trim().split(/\s+/).join(' ')
}

function nameOf(response: Sighting): string {
  return `${rseqOf(response)} ${response.message.cseq.number} INVITE`
}

/** By To tag, CSeq and RSeq; each list in the order of its times. */
function grouped(responses: readonly Sighting[]): readonly (readonly Sighting[])[] {
  const groups = new Map<string, Sighting[]>()
  for (const one of responses) {
    const key = `${one.message.toTag} ${nameOf(one)}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

/** True where the party passes on what others said. */
function isBetween({ sightings }: Call): boolean {
  return sightings.some(({ out, message }) => out && message.kind === 'request' && message.vias.length > 1)
}

function repeats(call: Call, trial: Trial, until: number): void {
  if (isBetween(call) || call.isExcused) return
  const { t1Ns } = trial.conditions.timersOf(call.party)
  const schedule = { timer: 'reliable 1xx', firstNs: t1Ns, capNs: Number.POSITIVE_INFINITY, limitNs: 64 * t1Ns }
  for (const sends of grouped(call.sightings.filter((one) => one.out && rseqOf(one) !== undefined))) {
    const [first] = sends as readonly [Sighting]
    const { number } = first.message.cseq
    const ends = call.sightings.filter((one) => one.at >= first.at && (isPrackOf(one, first) || isFinal(one, number)))
    const { due, complaint } = check(schedule, sends, ends[0]?.at, until, trial.conditions)
    if (due > 0) trial.exercised()
    if (complaint === undefined) continue
    const proofs = [sends[Math.max(0, complaint.index - 1)]!, sends[complaint.index] ?? first]
    trial.violated(complaint.at, proofs, complaint.sentence)
  }
}

function isPrackOf(one: Sighting, response: Sighting): boolean {
  return !one.out && rackOf(one) === nameOf(response) && one.message.toTag === response.message.toTag
}

function isFinal(one: Sighting, number: number): boolean {
  return one.out && statusOf(one) >= 200 && one.message.cseq.method === 'INVITE' && one.message.cseq.number === number
}

function acknowledged(call: Call, trial: Trial, until: number): void {
  const { sightings, party } = call
  const { exact, timersOf } = trial.conditions
  if (isBetween(call) || !exact || call.isExcused) return
  const pracks = withoutRepeats(sightings.filter((one) => one.out && rackOf(one) !== undefined))
  const came = grouped(sightings.filter((one) => !one.out && rseqOf(one) !== undefined))
  const last = new Map<string, number>()
  const owed = new Set<string>()
  for (const [first] of came) {
    if (first === undefined) continue
    const tag = first.message.toTag ?? ''
    const number = rseqOf(first)!
    const before = last.get(tag)
    if (before !== undefined && number !== before + 1) continue
    last.set(tag, number)
    owed.add(`${tag} ${nameOf(first)}`)
    const answers = pracks.filter((one) => one.message.toTag === tag && rackOf(one) === nameOf(first))
    if (answers.length > 0 || first.at + timersOf(party).t1Ns < until) trial.exercised()
    if (answers[1] !== undefined) trial.violated(answers[1].at, [first, answers[1]], `a second PRACK of RSeq ${number}`)
    else if (answers.length === 0 && first.at + timersOf(party).t1Ns < until && !isAnswered(sightings, first))
      trial.violated(first.at, [first], `RSeq ${number} is never acknowledged`)
  }
  for (const one of pracks)
    if (!owed.has(`${one.message.toTag ?? ''} ${rackOf(one)}`))
      trial.violated(one.at, [one], `a PRACK of ${rackOf(one)}, which never came, or not in its turn`)
}

/** The final response came with it, or just after: nobody waits for a PRACK any more. */
function isAnswered(sightings: readonly Sighting[], { at, message }: Sighting): boolean {
  return sightings.some(
    (one) => !one.out && one.at >= at && statusOf(one) >= 200 && one.message.cseq.number === message.cseq.number,
  )
}

function withoutRepeats(requests: readonly Sighting[]): readonly Sighting[] {
  const seen = new Set<string>()
  return requests.filter(({ message }) => {
    const branch = message.via.parameters.get('branch') ?? ''
    return !seen.has(branch) && seen.add(branch)
  })
}

function numbered(call: Call, trial: Trial): void {
  if (isBetween(call)) return
  const { sightings } = call
  const invites = sightings.filter(
    (one) => !one.out && one.message.kind === 'request' && one.message.cseq.method === 'INVITE',
  )
  const last = new Map<string, Sighting>()
  for (const [first] of grouped(sightings.filter((one) => one.out && rseqOf(one) !== undefined))) {
    if (first === undefined) continue
    trial.exercised()
    const number = rseqOf(first)!
    const invite = invites.find(({ message }) => message.cseq.number === first.message.cseq.number)
    const complain = (sentence: string, ...others: readonly Sighting[]): void =>
      trial.violated(first.at, [...others, first], sentence)
    if (statusOf(first) === 100) complain('a reliable 100')
    if (invite !== undefined && !asksFor100rel(invite))
      complain('reliable, though the INVITE speaks of no 100rel', invite)
    const key = `${first.message.toTag} ${first.message.cseq.number}`
    const before = last.get(key)
    last.set(key, first)
    if (before === undefined) {
      if (number < 1 || number > MOST_FIRST) complain(`RSeq begins with ${number}`)
    } else if (number !== rseqOf(before)! + 1) complain(`RSeq ${number} after ${rseqOf(before)}`, before)
    else if (trial.conditions.exact && !sightings.some((one) => one.at <= first.at && isPrackOf(one, before)))
      complain(`RSeq ${number} before the PRACK of ${rseqOf(before)}`, before)
  }
}

function asksFor100rel({ message }: Sighting): boolean {
  return [...message.all('Supported'), ...message.all('Require')].some((value) => /\b100rel\b/i.test(value))
}
