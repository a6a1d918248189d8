// The jury: all oracles at their work over one run or capture. It files what was seen by request and party, and forgets what is over.

import type { TraceRecord } from '../../platform/trace.ts'
import { type Call, follow, isOver, newCall } from './call.ts'
import { type Exchange, file, isPending, printPlace, type Sighting, sightingsOf } from './exchange.ts'
import type { MalformedObservation, Observation, RtpObservation } from './observation.ts'
import { type Conditions, DEFAULT_TIMERS, type Oracle, type OracleVerdict, type Watch } from './oracle.ts'
import { Streams } from './stream.ts'
import { ORACLES } from './table.ts'
import { Tally } from './tally.ts'
import { Witness } from './witness.ts'

/** A run's eyes: to the microsecond, for roundings of clocks that may drift by so much is `slackRatio`. */
export const EXACT: Conditions = { exact: true, timersOf: () => DEFAULT_TIMERS, slackNs: 1000, slackRatio: 1e-9 }

/** A run's eyes on a network that is known: whose clocks go wrong, and which timers its programs were given. Default: none, and RFC 3261's. */
export function exactOn({ drifting = [], timersOf = EXACT.timersOf }: Partial<Conditions>): Conditions {
  return { ...EXACT, drifting, timersOf }
}

/** A capture's eyes: 60 ms and a tenth of the interval. */
export const CAPTURED: Conditions = { exact: false, timersOf: () => DEFAULT_TIMERS, slackNs: 6e7, slackRatio: 0.1 }

/** What is silent for so long is over: 64·T1 and T4, with room for the way. In units of T1. */
const SILENCE_IN_T1 = 80

/** An oracle at its work. */
interface Row {
  readonly oracle: Oracle
  readonly tally: Tally
  readonly watch: Watch | undefined
}

/** Takes observations in their order. Memory goes with what was going on in the last 40 s, and with calls that ring or last. */
export class Jury {
  readonly #conditions: Conditions
  readonly #rows: readonly Row[]
  readonly #closed: ((exchange: Exchange) => void) | undefined
  readonly #watches: readonly Watch[]
  readonly #listeners: readonly Watch[]
  readonly #callRows: readonly Row[]
  readonly #exchangeRows: readonly Row[]
  readonly #streams = new Streams()
  readonly #witness: Witness
  /** In the order of their last sightings. */
  readonly #open = new Map<string, Exchange>()
  readonly #ringing = new Map<string, Exchange>()
  readonly #calls = new Map<string, Call>()
  readonly #over = new Map<string, Call>()
  /** Who is excused from what it begins, too. */
  readonly #impaired: Set<string>
  #now = 0
  /** Before this time nothing has been silent for long, ns; the shortest T1 met so far. */
  #lookAt = 0
  #leastT1 = DEFAULT_TIMERS.t1Ns

  /** `oracles`: default all. `closed` gets each exchange when nothing more of it is to come. */
  constructor(conditions: Conditions, oracles: readonly Oracle[] = ORACLES, closed?: (exchange: Exchange) => void) {
    this.#conditions = conditions
    this.#witness = new Witness(conditions.drifting)
    this.#impaired = new Set(conditions.drifting)
    this.#closed = closed
    this.#rows = oracles.map((oracle) => {
      const tally = new Tally(conditions)
      return { oracle, tally, watch: oracle.watch?.(tally) }
    })
    this.#watches = this.#rows.flatMap(({ watch }) => watch ?? [])
    this.#listeners = this.#watches.filter(({ media }) => media !== undefined)
    this.#callRows = this.#rows.filter(({ oracle }) => oracle.call !== undefined)
    this.#exchangeRows = this.#rows.filter(({ oracle }) => oracle.exchange !== undefined)
  }

  /** Takes a run's record; a trace sink. */
  record(record: TraceRecord): void {
    if (record.kind === 'written' || record.kind === 'read') {
      for (const heard of this.#witness.hear(record)) this.observe(heard)
      return
    }
    if (record.kind === 'transition') {
      this.#now = record.at
      this.#forget()
    }
    const seen = this.#witness.observe(record)
    if (seen !== undefined) this.observe(seen)
  }

  /** Takes an observation. */
  observe(seen: Observation): void {
    this.#now = seen.at
    this.#forget()
    if (seen.kind === 'sip') for (const sighting of sightingsOf(seen)) this.#file(sighting)
    else if (seen.kind === 'rtp') this.#media(seen)
    else if (seen.kind === 'unreachable' && seen.side !== 'sent')
      this.#excuse(seen.where || seen.to.address, printPlace(seen.about))
    else if (seen.kind === 'malformed') this.#malformed(seen)
    else if (seen.kind === 'power') {
      this.#excuse(seen.where, '')
      if (seen.impaired) this.#impaired.add(seen.where)
      else this.#impaired.delete(seen.where)
      if (seen.gone) this.#close(seen.where)
    }
  }

  /** How many calls and exchanges of its parties it remembers: memory goes with them. */
  get remembered(): number {
    return this.#open.size + this.#ringing.size + this.#calls.size + this.#over.size
  }

  /** How all oracles stand, in their table's order; call it once, at the end. `until`: how far was seen, ns; default the last observation. */
  end(until = this.#now): readonly OracleVerdict[] {
    const left = [...this.#open.values(), ...this.#ringing.values()].sort((a, b) => a.firstAt - b.firstAt)
    for (const exchange of left) this.#judge(exchange, until)
    for (const call of [...this.#over.values(), ...this.#calls.values()]) this.#judgeCall(call, until)
    return this.#rows.map(({ oracle, tally, watch }) => {
      watch?.end?.(until)
      return tally.verdict(oracle)
    })
  }

  #file(sighting: Sighting): void {
    const { message, party } = sighting
    const { number } = message.cseq
    const fromTag = message.fromTag ?? ''
    const key = keyOf(sighting)
    let exchange = this.#open.get(key) ?? this.#ringing.get(key)
    if (exchange === undefined) {
      const { at } = sighting
      const excuses = this.#impaired.has(party) ? [{ at, to: '' }] : []
      const lists = { transactions: [], acks: [], byes: [], excuses }
      exchange = { party, callId: message.callId, fromTag, number, ...lists, firstAt: at, lastAt: at }
    }
    file(exchange, sighting)
    this.#heed(party)
    this.#open.delete(key)
    this.#ringing.delete(key)
    this.#open.set(key, exchange)
    this.#follow(sighting)
    if (message.kind === 'request' && message.method === 'BYE' && !sighting.out) this.#parted(sighting)
    for (const watch of this.#watches) watch.see(sighting)
  }

  /** A call is what has an INVITE; it is kept while it lasts. */
  #follow(sighting: Sighting): void {
    const { message, party, at } = sighting
    const key = `${party} ${message.callId}`
    let call = this.#calls.get(key) ?? this.#over.get(key)
    if (call === undefined) {
      if (message.cseq.method !== 'INVITE' || message.kind !== 'request') return
      call = newCall(party, message.callId, this.#impaired.has(party), at)
    }
    call.lastAt = at
    this.#heed(party)
    follow(call, sighting, keyOf(sighting))
    this.#calls.delete(key)
    this.#over.delete(key)
    const calls = isOver(call) ? this.#over : this.#calls
    calls.set(key, call)
  }

  /** A BYE that came says to all that is open of its call that its 2xx was heard. */
  #parted(bye: Sighting): void {
    const key = `${bye.party} ${bye.message.callId}`
    const call = this.#calls.get(key) ?? this.#over.get(key)
    for (const one of call?.exchanges ?? []) this.#open.get(one)?.byes.push(bye)
  }

  #media(seen: RtpObservation): void {
    for (const sighting of this.#streams.sightingsOf(seen)) for (const watch of this.#listeners) watch.media?.(sighting)
  }

  #malformed(seen: MalformedObservation): void {
    if (seen.side === 'received') return
    const proof = { party: seen.where || seen.from.address, proof: seen.proof }
    for (const { watch } of this.#rows) watch?.malformed?.(seen, proof)
  }

  /** Closes what has been silent for long; a ringing call is set aside, since it may go on for ever. */
  #forget(): void {
    if (this.#now < this.#lookAt) return
    this.#forgetOver()
    this.#forgetOpen()
    const [open] = this.#open.values()
    const [over] = this.#over.values()
    const oldest = Math.min(open?.lastAt ?? this.#now, over?.lastAt ?? this.#now)
    this.#lookAt = oldest + SILENCE_IN_T1 * this.#leastT1
  }

  /** A party's timers count from its first sighting. */
  #heed(party: string): void {
    const { t1Ns } = this.#conditions.timersOf(party)
    if (t1Ns >= this.#leastT1) return
    this.#leastT1 = t1Ns
    this.#lookAt = 0
  }

  #forgetOver(): void {
    for (const [key, call] of this.#over) {
      if (call.lastAt + SILENCE_IN_T1 * this.#conditions.timersOf(call.party).t1Ns >= this.#now) break
      this.#over.delete(key)
      this.#judgeCall(call, this.#now)
    }
  }

  #forgetOpen(): void {
    for (const [key, exchange] of this.#open) {
      const { t1Ns } = this.#conditions.timersOf(exchange.party)
      if (exchange.lastAt + SILENCE_IN_T1 * t1Ns >= this.#now) return
      this.#open.delete(key)
      if (isPending(exchange)) this.#ringing.set(key, exchange)
      else this.#judge(exchange, this.#now)
    }
  }

  #judgeCall(call: Call, until: number): void {
    for (const { oracle, tally } of this.#callRows) oracle.call?.(call, tally, until)
  }

  #judge(exchange: Exchange, until: number): void {
    this.#closed?.(exchange)
    for (const { oracle, tally } of this.#exchangeRows) oracle.exchange?.(exchange, tally, until)
  }

  /** Judges all that a party had under way, which it has forgotten now. */
  #close(party: string): void {
    for (const exchanges of [this.#open, this.#ringing])
      for (const [key, exchange] of exchanges)
        if (exchange.party === party) {
          exchanges.delete(key)
          this.#judge(exchange, this.#now)
        }
    for (const calls of [this.#over, this.#calls])
      for (const [key, call] of calls)
        if (call.party === party) {
          calls.delete(key)
          this.#judgeCall(call, this.#now)
        }
  }

  #excuse(party: string, to: string): void {
    for (const exchanges of [this.#open, this.#ringing])
      for (const exchange of exchanges.values())
        if (exchange.party === party) exchange.excuses.push({ at: this.#now, to })
    for (const calls of [this.#calls, this.#over])
      for (const call of calls.values()) if (call.party === party) call.isExcused = true
    for (const { watch } of this.#rows) watch?.excused?.(party)
  }
}

/** The exchange that a sighting belongs to. */
function keyOf({ message, party }: Sighting): string {
  return `${party} ${message.callId} ${message.fromTag ?? ''} ${message.cseq.number}`
}
