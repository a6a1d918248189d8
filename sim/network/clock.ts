// What a host's own clock shows: true time, unless it was set wrong or runs at a pace of its own.

import type { Ticks } from '../kernel/event.ts'

/** How a host's clock goes wrong. */
export interface Clock {
  /** By how much it runs faster than true time; above −1, default 0. 0.0001 is 100 ppm fast. */
  readonly driftRatio?: number
  /** What it shows at the run's start, ms; default 0. */
  readonly offsetMs?: number
}

/** A clock that is not right. A host whose clock is right has none, so that reading it touches nothing of the host's own. */
export class WrongClock {
  readonly #trueTicksPerMs: number
  #ticksPerMs: number
  /** What it would have shown at the run's start, at the pace that it has now, ms. */
  #offsetMs: number
  /** The same of what it runs, ms. */
  #ranMs = 0

  /** `tickNs`: the kernel's. */
  constructor(tickNs: number, { driftRatio = 0, offsetMs = 0 }: Clock) {
    this.#trueTicksPerMs = 1e6 / tickNs
    this.#ticksPerMs = this.#trueTicksPerMs / (1 + driftRatio)
    this.#offsetMs = offsetMs
  }

  /** Ticks of true time in a millisecond of its own. */
  get ticksPerMs(): number {
    return this.#ticksPerMs
  }

  /** What it shows at a tick of true time, ms. */
  shows(now: Ticks): number {
    return this.#offsetMs + now / this.#ticksPerMs
  }

  /** How long the run lasts by its pace, as if it had never been set, ms. */
  runs(now: Ticks): number {
    return this.#ranMs + now / this.#ticksPerMs
  }

  /** Steps by `stepMs` at tick `now`, and from then on runs so much faster than true time (absent: as before). By how much slower it runs than before. */
  set(now: Ticks, stepMs: number, driftRatio?: number): number {
    const nowMs = this.shows(now)
    const ranMs = this.runs(now)
    const pace = driftRatio === undefined ? this.#ticksPerMs : this.#trueTicksPerMs / (1 + driftRatio)
    const slower = pace / this.#ticksPerMs
    this.#ticksPerMs = pace
    this.#offsetMs = nowMs + stepMs - now / pace
    this.#ranMs = ranMs - now / pace
    return slower
  }
}
