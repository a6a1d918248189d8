// How often a node sends ICMP errors: token buckets, exact in whole nanoseconds (RFC 1812 §4.3.2.8, RFC 4443 §2.4 (f)).

import type { Unreachable } from '../../platform/host.ts'
import { printDuration } from '../../platform/units.ts'
import type { Ticks } from '../kernel/event.ts'
import type { AddressId } from './endpoint.ts'

/** One limit: a bucket that is full at the start, and of which each error takes a token. */
export interface ErrorLimit {
  /** A token comes every so many ns: whole, 1 to 3.6·10¹² (an hour). */
  readonly everyNs: number
  /** How many tokens the bucket holds, 1 to 1000. */
  readonly burst: number
  /** `node`: one bucket for all errors. `destination`: one for each address that is told. */
  readonly per: 'node' | 'destination'
  /** Which errors it limits. Absent: all. */
  readonly of?: readonly Unreachable[]
  /** Of which version of IP. Absent: of both. */
  readonly version?: 4 | 6
}

/** One error that is to be sent. */
export interface PlannedError {
  readonly why: Unreachable
  /** Whom it tells. */
  readonly to: AddressId
  readonly isIpv6: boolean
}

/** The limits of one node. An error needs a token of each limit that concerns it; where one has none, none is taken. */
export class ErrorLimits {
  readonly #meters: readonly Meter[]

  constructor(limits: readonly ErrorLimit[], tickNs: number) {
    this.#meters = limits.map((limit) => new Meter(limit, tickNs))
  }

  /** Takes the tokens for an error; or says which limit forbids it, in words such as `1 every 500 ms`. */
  forbids(error: PlannedError, now: Ticks): string | undefined {
    const concerned = this.#meters.filter((meter) => meter.concerns(error))
    const empty = concerned.find((meter) => !meter.has(error.to, now))
    if (empty !== undefined) return empty.said
    for (const meter of concerned) meter.take(error.to, now)
    return undefined
  }

  /** For how many buckets there is memory in use: none for those that were full again when the last error was sent. */
  get kept(): number {
    return this.#meters.reduce((sum, meter) => sum + meter.kept, 0)
  }

  /** A crash or reboot: all buckets are full. */
  forget(): void {
    for (const meter of this.#meters) meter.forget()
  }
}

/** A limit and its buckets. */
class Meter {
  readonly said: string
  readonly #limit: ErrorLimit
  readonly #tickNs: number
  /** By address, in the order in which they were last taken from; all errors of a node have that of 0. */
  readonly #buckets = new Map<AddressId, Bucket>()

  constructor(limit: ErrorLimit, tickNs: number) {
    const { everyNs, burst, per } = limit
    this.#limit = limit
    this.#tickNs = tickNs
    const often = `1 every ${printDuration(everyNs)}`
    this.said = `${often}${burst === 1 ? '' : `, ${burst} at once`}${per === 'node' ? '' : ', to each destination'}`
  }

  get kept(): number {
    return this.#buckets.size
  }

  concerns({ why, isIpv6 }: PlannedError): boolean {
    const { of, version } = this.#limit
    return (of === undefined || of.includes(why)) && (version === undefined || isIpv6 === (version === 6))
  }

  has(to: AddressId, now: Ticks): boolean {
    return this.#buckets.get(this.#keyOf(to))?.has(now) ?? true
  }

  take(to: AddressId, now: Ticks): void {
    const key = this.#keyOf(to)
    const bucket = this.#buckets.get(key) ?? new Bucket(this.#limit, this.#tickNs)
    bucket.take(now)
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    this.#sweep(now)
  }

  forget(): void {
    this.#buckets.clear()
  }

  #keyOf(to: AddressId): AddressId {
    return this.#limit.per === 'node' ? 0 : to
  }

  /** A bucket that is full again is as good as none. One that is not keeps those after it, for as long as it takes to fill it at most. */
  #sweep(now: Ticks): void {
    for (const [key, bucket] of this.#buckets) {
      if (!bucket.isFull(now)) return
      this.#buckets.delete(key)
    }
  }
}

/** Knows how long it will be until it is full. */
class Bucket {
  readonly #everyNs: number
  readonly #mostNs: number
  readonly #tickNs: number
  #missingNs = 0
  /** When that was so. */
  #at: Ticks = 0

  constructor({ everyNs, burst }: ErrorLimit, tickNs: number) {
    this.#everyNs = everyNs
    this.#mostNs = burst * everyNs
    this.#tickNs = tickNs
  }

  isFull(now: Ticks): boolean {
    return this.#missing(now) === 0
  }

  has(now: Ticks): boolean {
    return this.#missing(now) + this.#everyNs <= this.#mostNs
  }

  take(now: Ticks): void {
    this.#missingNs = this.#missing(now) + this.#everyNs
    this.#at = now
  }

  #missing(now: Ticks): number {
    return Math.max(0, this.#missingNs - (now - this.#at) * this.#tickNs)
  }
}
