// The pending timers: what each will call, and by which id it can be taken back. A timer's number is used again, the last one first, so
// that one which is set anew each time it fires keeps its place; an id has a generation as well, so a stale one never reaches a stranger.

/** A timer's handle: 1 or more, never given out twice in a run. */
export type TimerId = number
/** A pending timer's place in the table, 1 and up. */
export type TimerNumber = number

const NOBODY: TimerNumber = 0
const NUMBERS_MAX = 0x4000000
const LAST_GENERATION = 0x7ffffff

/** What happens when a timer's time has come. */
export type TimerCallback = () => void

/** All pending timers of a run. */
export class Timers {
  /** By number: what to call; undefined where no timer is. */
  readonly #callbacks: (TimerCallback | undefined)[] = [undefined]
  /** By number: the pending event's slot; where no timer is, the next free number. */
  #slots: Int32Array = new Int32Array(64)
  #generations: Int32Array = new Int32Array(64)
  #free = NOBODY
  readonly #lastGeneration: number

  /** `lastGeneration`: how often a number is used again, 0 to 2²⁷ − 1 (the default). */
  constructor(lastGeneration = LAST_GENERATION) {
    this.#lastGeneration = lastGeneration
  }

  /** A number for a timer, whose event is told with {@link Timers.plan}. */
  take(callback: TimerCallback): TimerNumber {
    const timer = this.#free
    if (timer === NOBODY) return this.#takeNew(callback)
    this.#free = this.#slots[timer]!
    this.#callbacks[timer] = callback
    return timer
  }

  /** Notes the slot of a timer's event. */
  plan(timer: TimerNumber, slot: number): void {
    this.#slots[timer] = slot
  }

  /** The id of a pending timer. */
  idOf(timer: TimerNumber): TimerId {
    return this.#generations[timer]! * NUMBERS_MAX + timer
  }

  /** The number of a pending timer; 0 for an id that is dead or never was. */
  numberOf(id: TimerId): TimerNumber {
    const timer = id & (NUMBERS_MAX - 1)
    if (this.#callbacks[timer] === undefined) return NOBODY
    return this.#generations[timer]! === (id - timer) / NUMBERS_MAX ? timer : NOBODY
  }

  /** The slot of a pending timer's event. */
  slotOf(timer: TimerNumber): number {
    return this.#slots[timer]!
  }

  /** Gives a pending timer another callback, made of the one that it has. */
  change(timer: TimerNumber, made: (callback: TimerCallback) => TimerCallback): void {
    this.#callbacks[timer] = made(this.#callbacks[timer]!)
  }

  /** Ends a timer, whose id is dead from now on, and gives what it was to call. */
  end(timer: TimerNumber): TimerCallback {
    const callback = this.#callbacks[timer]!
    this.#callbacks[timer] = undefined
    const generation = this.#generations[timer]!
    this.#generations[timer] = generation + 1
    // A number whose generations are used up is not given out again.
    if (generation < this.#lastGeneration) {
      this.#slots[timer] = this.#free
      this.#free = timer
    }
    return callback
  }

  /** The ids of all pending timers. For rare events: it looks at the whole table. */
  pending(): TimerId[] {
    return this.#callbacks.flatMap((callback, timer) => (callback === undefined ? [] : [this.idOf(timer)]))
  }

  #takeNew(callback: TimerCallback): TimerNumber {
    const timer = this.#callbacks.push(callback) - 1
    if (timer === this.#slots.length) {
      this.#slots = doubled(this.#slots)
      this.#generations = doubled(this.#generations)
    }
    return timer
  }
}

function doubled(numbers: Int32Array): Int32Array {
  const more = new Int32Array(numbers.length * 2)
  more.set(numbers)
  return more
}
