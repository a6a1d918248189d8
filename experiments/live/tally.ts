// Counts calls and how they ended, from what a host's programs put on record.

import type { Remark, TraceRecord, Transition } from '../../platform/trace.ts'

/** The calls of one host so far. */
export interface CallCounts {
  readonly calls: number
  /** Answered, acknowledged and ended. */
  readonly completed: number
  /** Ended without having been established, or without its 2xx's ACK. */
  readonly failed: number
  /** Not over yet. */
  readonly open: number
  /** Messages that timers sent again. */
  readonly repeats: number
  /** Why calls failed, as far as they said, the most frequent reason first: `486 Busy Here` 3. */
  readonly reasons: readonly (readonly [why: string, times: number])[]
}

/** What a failed call may say about itself. */
const LAST_WORDS: ReadonlySet<string> = new Set(['call failed', 'call refused', 'call lost'])
/** The transactions' timers that send again, and the 2xx core. */
const REPEATING: ReadonlySet<string> = new Set(['A', 'E', 'G', '2xx core'])

/** Feed it every record of one host. What it keeps grows with the calls that are open, not with those that are over. */
export class CallTally {
  /** By Call-ID: whether it is established. */
  readonly #open = new Map<string, boolean>()
  readonly #reasons = new Map<string, number>()
  #calls = 0
  #completed = 0
  #failed = 0
  #repeats = 0

  record(record: TraceRecord): void {
    if (record.kind === 'transition') this.#step(record)
    else if (record.kind === 'remark' && LAST_WORDS.has(record.what)) this.#hear(record)
  }

  counts(): CallCounts {
    const reasons = [...this.#reasons].sort(([a, times], [b, others]) => others - times || (a < b ? -1 : 1))
    return {
      ...{ calls: this.#calls, completed: this.#completed, failed: this.#failed },
      ...{ open: this.#open.size, repeats: this.#repeats, reasons },
    }
  }

  #step({ machine, instance, from, to, timer }: Transition): void {
    if (timer !== undefined && REPEATING.has(timer)) this.#repeats++
    if (machine !== 'call') return
    if (from === 'idle') this.#calls++
    if (to === 'ended') this.#end(instance)
    else if (from === 'idle' || to === 'established') this.#open.set(instance, to === 'established')
  }

  #end(instance: string): void {
    if (this.#open.get(instance) === true) this.#completed++
    else this.#failed++
    this.#open.delete(instance)
  }

  #hear({ details }: Remark): void {
    const { status, reason, cause } = details
    const why = String(cause ?? `${status} ${reason}`)
    this.#reasons.set(why, (this.#reasons.get(why) ?? 0) + 1)
  }
}
