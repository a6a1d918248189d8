// Performs what a table's steps ask for: records each step, does its actions, keeps the timers that the new state lists.

import { type Host, NO_TIMER, type Timer as TimerHandle } from '../../platform/host.ts'
import { step, type Table } from './table.ts'

/** What a machine needs of its owner. */
export interface Wiring<State extends string, Event extends string, Action extends string, Timer extends string> {
  /** Whose clock its timers run on, and in whose name it is recorded. */
  readonly host: Pick<Host, 'after' | 'cancel' | 'trace'>
  /** What the trace calls this one: a branch, a Call-ID. */
  readonly instance: string
  /**
   * How long a timer runs, ms, when it starts in `state` for the `nth` time (0 at first) since it began to be listed.
   * Infinity: it does not run at all while the states list it.
   */
  timerMs(timer: Timer, nth: number, state: State): number
  /** Does one action. `input` is what came with the event: a message, a request of the user. */
  perform(action: Action, event: Event, input: unknown): void
  /** The machine has reached its final state, and all that the last step asked is done. */
  ended?(): void
}

/** A machine whose table its owner does not tell apart from another's. */
export interface AnyMachine {
  readonly state: string
  handle(event: string, input?: unknown): boolean
  restart(timer: string): void
  abandon(): void
}

/** A timer that the state lists: running if `handle` is a timer; else it has fired, or is never to run here. */
interface Running<Timer> {
  readonly timer: Timer
  handle: TimerHandle
  starts: number
  fired: boolean
}

const NONE: readonly never[] = []

/**
 * One running machine. An event that arrives in the middle of a step waits until the step is done; one that the last action of a step
 * brings about is taken at once, since nothing of the step is left to be done after it.
 */
export class Machine<State extends string, Event extends string, Action extends string, Timer extends string & Event> {
  readonly table: Table<State, Event, Action, Timer>
  readonly #wiring: Wiring<State, Event, Action, Timer>
  #state: State
  #stepping = false
  #told = false
  #waiting: { event: Event; input: unknown; timer: boolean }[] | undefined
  /** Those that the state lists. Never changed in place: most machines have one or two, and many machines wait. */
  #timers: readonly Running<Timer>[] = NONE

  constructor(table: Table<State, Event, Action, Timer>, wiring: Wiring<State, Event, Action, Timer>) {
    this.table = table
    this.#wiring = wiring
    this.#state = table.initial
    this.#keepTimers()
  }

  get state(): State {
    return this.#state
  }

  get ended(): boolean {
    return this.#state === this.table.final
  }

  /** Feeds one event; where the table has no arrow for it nothing happens and `false` comes back. In mid-step it waits, and is `true`. */
  handle(event: Event, input?: unknown): boolean {
    return this.#take(event, input, false)
  }

  /** Starts a running timer anew, as for the first time: for the few that an event prolongs, such as Timer C. One that is not running stays so. */
  restart(timer: Timer): void {
    const running = this.#running(timer)
    if (running === undefined) return
    this.#stop(running)
    running.starts = 0
    this.#start(running)
  }

  /** Ends the machine where it stands, without a step: its timers stop. For an owner that goes away. */
  abandon(): void {
    this.#state = this.table.final
    this.#keepTimers()
    this.#waiting = undefined
  }

  #take(event: Event, input: unknown, timer: boolean): boolean {
    if (this.#stepping) {
      this.#waiting ??= []
      this.#waiting.push({ event, input, timer })
      return true
    }
    if (!this.#step(event, input, timer)) return false
    while (this.#waiting !== undefined) {
      const waiting = this.#waiting
      this.#waiting = undefined
      for (const one of waiting) this.#take(one.event, one.input, one.timer)
    }
    if (this.ended && !this.#told) {
      this.#told = true
      this.#wiring.ended?.()
    }
    return true
  }

  #step(event: Event, input: unknown, timer: boolean): boolean {
    const from = this.#state
    const arrow = step(this.table, from, event)
    if (arrow === undefined) return false
    this.#stepping = true
    this.#state = arrow.next
    const { trace } = this.#wiring.host
    if (trace.on) {
      trace.transition(this.table.name, this.#wiring.instance, from, event, arrow.next, timer ? event : undefined)
    }
    this.#keepTimers()
    const { actions } = arrow
    for (let at = 0; at < actions.length; at++) {
      if (at === actions.length - 1 && this.#waiting === undefined) this.#stepping = false
      this.#wiring.perform(actions[at]!, event, input)
    }
    this.#stepping = false
    return true
  }

  /** The one rule: a timer belongs to the states that list it. */
  #keepTimers(): void {
    const listed = this.table.timers[this.#state]
    if (this.#timers.length > 0) this.#dropUnlisted(listed)
    for (let at = 0; at < listed.length; at++) {
      const timer = listed[at]!
      const running = this.#running(timer)
      if (running === undefined) this.#begin(timer)
      else if (running.fired) this.#start(running)
    }
  }

  #dropUnlisted(listed: readonly Timer[]): void {
    let dropped = 0
    for (const running of this.#timers) {
      if (listed.includes(running.timer)) continue
      this.#stop(running)
      dropped++
    }
    if (dropped === this.#timers.length) this.#timers = NONE
    else if (dropped > 0) this.#timers = this.#timers.filter(({ timer }) => listed.includes(timer))
  }

  #running(timer: Timer): Running<Timer> | undefined {
    for (const running of this.#timers) if (running.timer === timer) return running
    return undefined
  }

  #begin(timer: Timer): void {
    const running: Running<Timer> = { timer, handle: NO_TIMER, starts: 0, fired: false }
    this.#timers = this.#timers.length === 0 ? [running] : [...this.#timers, running]
    this.#start(running)
  }

  #start(running: Running<Timer>): void {
    const delayMs = this.#wiring.timerMs(running.timer, running.starts, this.#state)
    running.starts++
    running.fired = false
    if (delayMs === Number.POSITIVE_INFINITY) return
    running.handle = this.#wiring.host.after(delayMs, () => {
      running.handle = NO_TIMER
      running.fired = true
      this.#take(running.timer, undefined, true)
    })
  }

  #stop(running: Running<Timer>): void {
    if (running.handle !== NO_TIMER) this.#wiring.host.cancel(running.handle)
    running.handle = NO_TIMER
  }
}
