// An oracle: one rule of an RFC, judged from what was seen. It holds, is violated where records prove it, or was not exercised.

import type { Call } from './call.ts'
import type { Exchange, Sighting } from './exchange.ts'
import type { MalformedObservation } from './observation.ts'
import type { RtpSighting } from './stream.ts'

/** The base timers of a party (RFC 3261 table 4), ns. */
export interface BaseTimers {
  readonly t1Ns: number
  readonly t2Ns: number
  readonly t4Ns: number
}

/** 500 ms, 4 s, 5 s. */
export const DEFAULT_TIMERS: BaseTimers = { t1Ns: 5e8, t2Ns: 4e9, t4Ns: 5e9 }

/** How well the eyes saw. */
export interface Conditions {
  /** True for a run's record: all that was sent and received is there, at its time. False for a capture: packets may lack or be lost after. */
  readonly exact: boolean
  /** Of a node (in a run) or an address (in a capture). */
  timersOf(party: string): BaseTimers
  /** By how much times may differ, ns: so much, and this share of the interval. */
  readonly slackNs: number
  readonly slackRatio: number
  /** The nodes whose clocks run too fast or too slow from the start: what they time proves nothing. Default none. */
  readonly drifting?: readonly string[]
}

/** One broken rule, and what proves it. */
export interface Violation {
  /** ns. */
  readonly at: number
  /** Records, or packet numbers: at least one. */
  readonly proofs: readonly string[]
  /** With the names and numbers in it. */
  readonly sentence: string
}

/** What can prove: a sighting, or something that is no message. */
export type Proof = Pick<Sighting, 'party' | 'proof'> & Partial<Pick<Sighting, 'message'>>

/** What an oracle is given to judge with. */
export interface Trial {
  readonly conditions: Conditions
  /** The rule had something to say: counted for the coverage. */
  exercised(): void
  violated(at: number, proofs: readonly Proof[], sentence: string): void
}

/** A fold that keeps what it must remember, and no more. */
export interface Watch {
  see(sighting: Sighting): void
  media?(sighting: RtpSighting): void
  /** Something began as SIP and is no message; `proof` is what points at it. */
  malformed?(seen: MalformedObservation, proof: Proof): void
  /** A party owes nothing of what it owed: a fault struck it, or what it sends does not arrive. */
  excused?(party: string): void
  /** At the end; `until` is how far was seen, ns. */
  end?(until: number): void
}

/** One rule. What it does not look at, it leaves out. */
export interface Oracle {
  /** Such as `Timer A`. */
  readonly name: string
  /** Such as `RFC 3261 §17.1.1.2`. */
  readonly section: string
  /** What holds, as a sentence. */
  readonly says: string
  /** Makes a fold over all sightings, in their order. */
  watch?(trial: Trial): Watch
  /** Judges all that belongs to one request at one party, when nothing more is to come; `until` is how far was seen, ns. */
  exchange?(exchange: Exchange, trial: Trial, until: number): void
  /** Judges all of one call at one party, when nothing more is to come. */
  call?(call: Call, trial: Trial, until: number): void
}

/** How an oracle stands at the end. */
export interface OracleVerdict {
  readonly name: string
  readonly section: string
  readonly says: string
  readonly state: 'holds' | 'violated' | 'not exercised'
  /** How often it had something to judge. */
  readonly exercised: number
  /** All of them. */
  readonly count: number
  /** The first hundred. */
  readonly violations: readonly Violation[]
}

/** Judges each of those that `select` finds in an exchange. */
export function eachOf<One>(
  select: (exchange: Exchange) => readonly One[],
  judge: (one: One, exchange: Exchange, trial: Trial, until: number) => void,
): NonNullable<Oracle['exchange']> {
  return (exchange, trial, until) => {
    for (const one of select(exchange)) judge(one, exchange, trial, until)
  }
}
