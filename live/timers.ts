// Timers by number over Node's: none fires early by the clock that the host shows, and long ones are cut into what Node can wait.

import { performance } from 'node:perf_hooks'
import { type Callback, ring } from '../platform/bell.ts'
import { NO_TIMER, type Timer } from '../platform/host.ts'

/** Node waits at most 2³¹ − 1 ms; more it takes for 1. */
const LONGEST_MS = 0x7fff_ffff

export class LiveTimers {
  readonly #running = new Map<Timer, NodeJS.Timeout>()
  #last: Timer = NO_TIMER

  /** Calls `callback` once, `delayMs` from now. */
  after(delayMs: number, callback: Callback): Timer {
    this.#last++
    this.#wait(this.#last, performance.now() + delayMs, callback)
    return this.#last
  }

  cancel(timer: Timer): void {
    clearTimeout(this.#running.get(timer))
    this.#running.delete(timer)
  }

  cancelAll(): void {
    for (const timer of [...this.#running.keys()]) this.cancel(timer)
  }

  #wait(timer: Timer, dueMs: number, callback: Callback): void {
    const leftMs = Math.max(0, Math.ceil(dueMs - performance.now()))
    const fired = (): void => {
      // Node counts whole milliseconds, and may be one early by the finer clock.
      if (dueMs - performance.now() > 0.5) {
        this.#wait(timer, dueMs, callback)
        return
      }
      this.#running.delete(timer)
      ring(callback)
    }
    this.#running.set(timer, setTimeout(fired, Math.min(leftMs, LONGEST_MS)))
  }
}
