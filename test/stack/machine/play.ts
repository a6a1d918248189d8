// A machine alone on a real kernel, its life as lines: `500 A → calling: send request`.

import type { Host, Timer } from '../../../platform/host.ts'
import { Kernel } from '../../../sim/kernel/kernel.ts'

/** The clock and the record of one machine: each step one line, what was done in it after the colon. */
export class MachineHost implements Pick<Host, 'after' | 'cancel' | 'trace'> {
  readonly #kernel = new Kernel({ tickNs: 1_000_000 })
  readonly #lines: { head: string; said: string[] }[] = []

  /** The timers that were named as the cause of a step, in their order. */
  readonly timers: string[] = []
  readonly trace: Host['trace']

  /** `on`: false where nobody wants a record. */
  constructor(on = true) {
    this.#kernel.rank(['alice'])
    this.trace = { on, ...this.#trace }
  }

  /** How many timers run. */
  get pending(): number {
    return this.#kernel.pending
  }

  readonly #trace: Omit<Host['trace'], 'on'> = {
    transition: (_machine, _instance, _from, event, to, timer) => {
      if (timer !== undefined) this.timers.push(timer)
      this.#lines.push({ head: `${this.#kernel.now} ${event} → ${to}`, said: [] })
    },
    remark: (what) => this.say(what),
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#kernel.after(this.#kernel.rankOf('alice'), Math.round(delayMs), callback)
  }

  cancel(timer: Timer): void {
    this.#kernel.cancel(timer)
  }

  /** Puts what a step does on its line. */
  say(what: string): void {
    this.#lines.at(-1)?.said.push(what)
  }

  /** Lets `callback` happen at a time, before the timers of that time. */
  at(ms: number, callback: () => void): void {
    const alice = this.#kernel.rankOf('alice')
    const kind = this.#kernel.on(callback)
    this.#kernel.schedule(ms, 2, alice, alice, this.#kernel.nextSequence(alice), kind, 0, 0)
  }

  /** All lines, when nothing is left to happen. */
  run(): string[] {
    this.#kernel.run()
    if (this.#kernel.pending > 0) this.#lines.push({ head: `${this.#kernel.pending} events left`, said: [] })
    return this.#lines.map(({ head, said }) => (said.length === 0 ? head : `${head}: ${said.join(', ')}`))
  }
}
