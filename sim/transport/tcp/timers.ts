// A connection's timers: deadlines, and one event of the kernel for the earliest. Putting one off costs nothing: the event comes, finds
// that it is too early, and is planned anew.

import type { Ticks } from '../../kernel/event.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { TimerId } from '../../kernel/timers.ts'
import { type Cause, NO_CAUSE } from '../../trace/cause.ts'
import type { Recorder } from '../../trace/recorder.ts'

/** In the order in which those of one instant fire. */
export const TIMER_NAMES = ['give up', '2MSL', 'RTO', 'persist', 'delayed ACK', 'keep-alive'] as const

export const GIVE_UP = 0
export const TIME_WAIT = 1
export const RTO = 2
export const PERSIST = 3
export const DELAYED_ACK = 4
export const KEEP_ALIVE = 5
const COUNT = TIMER_NAMES.length
const NEVER = Number.POSITIVE_INFINITY
/** Where the array has the time of the kernel's event, after the deadlines. */
const PLANNED = COUNT

/** The host's own clock. */
export interface TcpClock {
  /** Ms by a clock that is never set. */
  monotonic(): number
  /** Its pace, which may change. */
  readonly ticksPerMs: number
}

/** What the timers need of their host. */
export interface Clockwork {
  readonly kernel: Kernel
  readonly recorder: Recorder
  readonly alarm: Alarm
  readonly clock: TcpClock
}

/** The host's timers, which its processor may delay. */
export interface Alarm {
  /** Calls `ring` so many ticks from now, 0 or more. */
  after(ticks: Ticks, ring: () => void): TimerId
  cancel(id: TimerId): void
}

/** All deadlines of one connection. */
export class Timers {
  readonly #clockwork: Clockwork
  readonly #fired: (timer: number) => void
  readonly #fire = (): void => this.#look()
  /** In ticks; then the time for which the kernel's event is planned. In an array, since a number in a field costs an object each time. */
  readonly #at = new Float64Array(COUNT + 1).fill(NEVER)
  readonly #causes = new Float64Array(COUNT).fill(NO_CAUSE)
  #event = -1
  #looking = false

  /** `fired` is called with the timer's number, its deadline forgotten. */
  constructor(clockwork: Clockwork, fired: (timer: number) => void) {
    this.#clockwork = clockwork
    this.#fired = fired
  }

  /** Whether an event of the kernel's stands for them. */
  get isPlanned(): boolean {
    return this.#event >= 0
  }

  isSet(timer: number): boolean {
    return this.#at[timer]! !== NEVER
  }

  /** Sets a timer, or sets it anew, `ms` of the host's clock from now. */
  set(timer: number, ms: number): void {
    const { kernel, recorder, clock } = this.#clockwork
    const at = kernel.now + Math.round(ms * clock.ticksPerMs)
    this.#at[timer] = at
    this.#causes[timer] = recorder.cause
    if (!this.#looking && at < this.#at[PLANNED]!) this.#plan(at)
  }

  /** Stops a timer. */
  clear(timer: number): void {
    this.#at[timer] = NEVER
  }

  /** The host's clock runs so much slower than before, and all its timers at the kernel have been moved: deadlines move as they did. */
  stretch(slower: number): void {
    const { now } = this.#clockwork.kernel
    for (let timer = 0; timer <= PLANNED; timer++) {
      if (this.#at[timer] !== NEVER) this.#at[timer] = now + Math.round((this.#at[timer]! - now) * slower)
    }
  }

  /** Stops all, and leaves nothing with the kernel. */
  end(): void {
    this.#at.fill(NEVER)
    if (this.#event >= 0) this.#clockwork.alarm.cancel(this.#event)
    this.#event = -1
  }

  #plan(at: Ticks): void {
    const { kernel, alarm } = this.#clockwork
    if (this.#event >= 0) alarm.cancel(this.#event)
    this.#at[PLANNED] = at
    this.#event = alarm.after(at - kernel.now, this.#fire)
  }

  #look(): void {
    const { kernel, recorder } = this.#clockwork
    const now = kernel.now
    this.#event = -1
    this.#at[PLANNED] = NEVER
    this.#looking = true
    for (let timer = 0; timer < COUNT; timer++) {
      if (this.#at[timer]! > now) continue
      this.#at[timer] = NEVER
      recorder.cause = this.#causes[timer]! as Cause
      this.#fired(timer)
    }
    this.#looking = false
    let earliest = NEVER
    for (let timer = 0; timer < COUNT; timer++) if (this.#at[timer]! < earliest) earliest = this.#at[timer]!
    if (earliest !== NEVER) this.#plan(earliest)
  }
}
