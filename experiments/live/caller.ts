// Makes a phone call again and again, and hang up after a while: so many calls, so many a second.

import type { Host, RunningProgram } from '../../platform/host.ts'
import type { TraceRecord } from '../../platform/trace.ts'

/** What a caller is to do. */
export interface CallPlan {
  /** A SIP URI. */
  readonly to: string
  /** 1 or more. */
  readonly calls: number
  /** Calls begun per second, above 0. */
  readonly ratePerSecond: number
  /** How long each is talked, ms, 0 or more. */
  readonly holdMs: number
}

/** A robot at a phone. Feed it the phone's records. */
export class Caller {
  readonly #host: Host
  readonly #phone: RunningProgram
  readonly #plan: CallPlan
  readonly #over: () => void
  #startMs = 0
  #begun = 0
  #ended = 0
  #stopped = false
  #told = false

  /** `over` is called once, when the last call has ended. */
  constructor(host: Host, phone: RunningProgram, plan: CallPlan, over: () => void) {
    this.#host = host
    this.#phone = phone
    this.#plan = plan
    this.#over = over
  }

  /** The first call goes out now. */
  begin(): void {
    this.#startMs = this.#host.now()
    this.#next()
  }

  /** Begins no more calls; those that are going on are hung up when their time has come. */
  stop(): void {
    this.#stopped = true
    this.#settle()
  }

  record(record: TraceRecord): void {
    if (record.kind !== 'transition' || record.machine !== 'call') return
    if (record.to === 'established' && record.from !== 'established') {
      this.#host.after(this.#plan.holdMs, () => this.#phone.do('hang up', { call: record.instance }))
    }
    if (record.to !== 'ended') return
    this.#ended++
    this.#settle()
  }

  #next(): void {
    const { to, calls, ratePerSecond } = this.#plan
    if (this.#stopped || this.#begun === calls) return
    // Counted from the start: late timers do not add up.
    const dueMs = this.#startMs + ((this.#begun + 1) * 1000) / ratePerSecond
    this.#begun++
    this.#phone.do('call', { to })
    this.#host.after(Math.max(0, dueMs - this.#host.now()), () => this.#next())
  }

  /** Told later, so that the step that ended the last call can end. */
  #settle(): void {
    const begunAll = this.#stopped || this.#begun === this.#plan.calls
    if (!begunAll || this.#ended < this.#begun || this.#told) return
    this.#told = true
    this.#host.after(0, this.#over)
  }
}
