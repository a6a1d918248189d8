// Performs what a table's steps ask for: records each step, does its actions, keeps the timers that the new state lists.

import { type Host, NO_TIMER, type Timer as TimerHandle } from '../../platform/host.ts'
import { step, type Table } from './table.ts'

/** What a machine needs of its owner. */
export interface Wiring<Event extends string, Action extends string, Timer extends string> {
  readonly host: Host
  /** What the trace calls this one: a branch, a Call-ID. */
  readonly instance: string
  /** How long a timer runs, ms, when it starts for the `nth` time in a row (0 at first) in this machine's life. */
  timerMs(timer: Timer, nth: number): number
  /** Does one action. `input` is what came with the event: a message, a request of the user. */
  perform(action: Action, event: Event, input: unknown): void
}

/** One running machine. Events that arrive while it takes a step wait until the step is done. */
export class Machine<State extends string, Event extends string, Action extends string, Timer extends string & Event> {
  readonly table: Table<State, Event, Action, Timer>
  readonly #wiring: Wiring<Event, Action, Timer>
  #state: State
  #stepping = false
  readonly #waiting: { event: Event; input: unknown; timer: boolean }[] = []
  readonly #timers = new Map<Timer, TimerHandle>()
  readonly #starts = new Map<Timer, number>()

  constructor(table: Table<State, Event, Action, Timer>, wiring: Wiring<Event, Action, Timer>) {
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

  /** Feeds one event; where the table has no arrow for it nothing happens and `false` comes back. */
  handle(event: Event, input?: unknown): boolean {
    return this.#take(event, input, false)
  }

  /** Ends the machine where it stands, without a step: its timers stop. For an owner that goes away. */
  abandon(): void {
    for (const handle of this.#timers.values()) this.#wiring.host.cancel(handle)
    this.#timers.clear()
    this.#state = this.table.final
  }

  #take(event: Event, input: unknown, timer: boolean): boolean {
    if (this.#stepping) {
      this.#waiting.push({ event, input, timer })
      return true
    }
    const taken = this.#step(event, input, timer)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#step(next.event, next.input, next.timer)
    }
    return taken
  }

  #step(event: Event, input: unknown, timer: boolean): boolean {
    const arrow = step(this.table, this.#state, event)
    if (arrow === undefined) return false
    const from = this.#state
    this.#stepping = true
    this.#state = arrow.next
    this.#wiring.host.trace.transition(
      this.table.name,
      this.#wiring.instance,
      from,
      event,
      arrow.next,
      timer ? event : undefined,
    )
    this.#keepTimers()
    for (const action of arrow.actions) this.#wiring.perform(action, event, input)
    this.#stepping = false
    return true
  }

  #keepTimers(): void {
    const listed = this.table.timers[this.#state]
    const { host } = this.#wiring
    for (const [timer, handle] of this.#timers) {
      if (listed.includes(timer)) continue
      host.cancel(handle)
      this.#timers.delete(timer)
    }
    for (const timer of listed) if (!this.#timers.has(timer)) this.#start(timer)
  }

  #start(timer: Timer): void {
    const nth = this.#starts.get(timer) ?? 0
    this.#starts.set(timer, nth + 1)
    const delayMs = this.#wiring.timerMs(timer, nth)
    if (delayMs === Number.POSITIVE_INFINITY) {
      this.#timers.set(timer, NO_TIMER)
      return
    }
    const fired = (): void => {
      this.#timers.delete(timer)
      this.#take(timer, undefined, true)
    }
    this.#timers.set(timer, this.#wiring.host.after(delayMs, fired))
  }
}
