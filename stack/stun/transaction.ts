// A STUN request over UDP until its answer comes or it is given up: RFC 8489 §6.2.1 and §6.3.

import type { Table } from '../machine/table.ts'

type State = 'waiting' | 'over'
type Event = 'request' | 'response' | 'transport error' | Timer
type Action = 'send' | 'pass response' | 'report timeout' | 'report transport error'
type Timer = 'RTO' | 'Rm'

/** RFC 8489 §6.2.1 has no drawing; these are its sentences. A response that is not authentic is none (§9.2.5). */
// biome-ignore format: a table
export const stunClient = {
  name: 'stunClient',
  initial: 'waiting',
  final: 'over',
  timers: {
    waiting: ['RTO', 'Rm'],
    over:    [],
  },
  rows: [
    ['waiting', 'request',         ['send'],                   'waiting'], // §6.2.1
    ['waiting', 'RTO',             ['send'],                   'waiting'], // §6.2.1
    ['waiting', 'Rm',              ['report timeout'],         'over'],    // §6.2.1
    ['waiting', 'response',        ['pass response'],          'over'],    // §6.3.3, §6.3.4
    ['waiting', 'transport error', ['report transport error'], 'over'],    // §6.2.1: a hard ICMP error
  ],
} as const satisfies Table<State, Event, Action, Timer>

/** How patient a client is. */
export interface StunTimers {
  /** From the first transmission to the second, ms; it doubles from there. Default 500. */
  readonly rtoMs: number
  /** How often a request is sent at most, 1–20. Default 7. */
  readonly rc: number
  /** How long the last transmission is waited for, in units of `rtoMs`. Default 16. */
  readonly rm: number
}

/** RFC 8489 §6.2.1: sent at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s, and given up at 39.5 s. */
export const STUN_TIMERS: StunTimers = { rtoMs: 500, rc: 7, rm: 16 }

/** How long the timers of {@link stunClient} run, ms: RTO doubles without a cap, and stops when the request was sent `rc` times. */
export function stunClientMs(timer: Timer, nth: number, { rtoMs, rc, rm }: StunTimers): number {
  if (timer === 'RTO') return nth + 1 < rc ? rtoMs * power(nth) : Number.POSITIVE_INFINITY
  return rtoMs * (power(rc - 1) - 1 + rm)
}

/** Of two, up to the 20th. */
function power(exponent: number): number {
  return 1 << exponent
}
