// The three times from which all timers of RFC 3261 Table 4 are made.

/** T1, T2 and T4 of one host (RFC 3261 §17.1.1.1, §17.1.2.2). */
export interface SipTimers {
  /** Estimate of the round trip, ms, above 0; default 500. */
  readonly t1Ms: number
  /** Longest interval between copies of a non-INVITE request or an INVITE response, ms, at least T1; default 4000. */
  readonly t2Ms: number
  /** How long a message may stay in the network, ms; default 5000. */
  readonly t4Ms: number
}

/** The RFC's own values: 500 ms, 4 s, 5 s. */
export const RFC_TIMERS: SipTimers = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000 }

/** `firstMs`, doubled `nth` times, but never more than `capMs` (default: no cap). */
export function doubled(firstMs: number, nth: number, capMs = Number.POSITIVE_INFINITY): number {
  let delayMs = Math.min(firstMs, capMs)
  for (let count = 0; count < nth; count++) delayMs = Math.min(delayMs * 2, capMs)
  return delayMs
}

/**
 * How long after a non-INVITE request its client's Timer E is first reset to T2, ms: 3500 by default.
 * Only then may a server answer 100 over UDP, and must if it has nothing else to say (RFC 4320 §4.1).
 */
export function firstTryingMs({ t1Ms, t2Ms }: SipTimers): number {
  let atMs = 0
  for (let intervalMs = t1Ms; intervalMs < t2Ms; intervalMs *= 2) atMs += intervalMs
  return atMs
}
