// `ping`, as every host has it: asks an address or a name so many times, and puts each round trip on record.

import { canonicalAddress } from '../../platform/address.ts'
import { lookUp } from '../../platform/lookup.ts'
import { printDuration } from '../../platform/units.ts'
import type { PingOutcome } from './echo.ts'
import type { KnownEndpoint } from './endpoint.ts'
import type { SimulatedHost } from './host.ts'

/** Whom to ask, and how. */
export interface PingOptions {
  /** A name, or an IPv4 or IPv6 address. */
  readonly to: string
  /** How often, an integer of 1 or more. */
  readonly count: number
  /** From one question to the next, ms, above 0. */
  readonly everyMs: number
  /** Data, 0 to 65,507 bytes. */
  readonly bytes: number
  /** How long an answer is waited for, ms, above 0. */
  readonly timeoutMs: number
  /** How many routers may pass it on, and the far end: 1 to 255. Default 64. */
  readonly ttl?: number
}

/** Begins; what comes of it is on record: `ping answered` with the round trip, `ping unanswered` with a why and who said so, and `ping ended`. */
export function ping(host: SimulatedHost, options: PingOptions): void {
  const { to } = options
  const refuse = (why: string): void => host.trace.remark('ping unanswered', { to, why })
  const begin = (address: string): void => {
    const place = host.endpoint(address, 0)
    if (!series(host, options, place)) refuse('no address of that version here')
  }
  const literal = canonicalAddress(to)
  if (literal !== undefined) {
    begin(literal)
    return
  }
  lookUp(host, to, ([first], why) => (first === undefined ? refuse(why) : begin(first)))
}

/** False if the host has no address for it. */
function series(host: SimulatedHost, options: PingOptions, to: KnownEndpoint): boolean {
  const { count, everyMs, bytes, timeoutMs, ttl } = options
  const { trace, pings } = host
  const id = pings.takeId()
  const roundTrips: number[] = []
  let left = count
  const over = (sequence: number, outcome: PingOutcome): void => {
    const which = { to: to.address, sequence }
    if (outcome === 'silence') {
      trace.remark('ping unanswered', { ...which, why: `no answer for ${printDuration(timeoutMs * 1e6)}` })
    } else if ('why' in outcome) {
      trace.remark('ping unanswered', { ...which, why: outcome.why, by: outcome.by })
    } else {
      roundTrips.push(outcome.roundTripMs)
      trace.remark('ping answered', { ...which, ms: rounded(outcome.roundTripMs) })
    }
    left--
    if (left > 0 || count === 1) return
    const sum = roundTrips.reduce((total, one) => total + one, 0)
    const mean = roundTrips.length === 0 ? {} : { meanMs: rounded(sum / roundTrips.length) }
    trace.remark('ping ended', { to: to.address, asked: count, answered: roundTrips.length, ...mean })
  }
  const ask = (sequence: number): boolean => {
    const asked = pings.ask(id, sequence, { to, bytes, timeoutMs, over, ...(ttl !== undefined && { ttl }) })
    if (asked && sequence < count) pings.pause(everyMs, () => ask(sequence + 1))
    return asked
  }
  return ask(1)
}

/** To the nanosecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1e6) / 1e6
}
