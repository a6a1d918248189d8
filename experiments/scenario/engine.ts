// Carries out what is to happen (a scenario's entries, faults): what has a time is planned at the start, what has a condition when the trace has met it.

import { assert } from '../../platform/assert.ts'
import type { RecordId, TraceRecord } from '../../platform/trace.ts'
import type { Hindsight, Watch } from '../sentences/events.ts'
import type { Trigger } from './trigger.ts'

/** What can be planned. */
interface Plannable {
  /** As people would say it. */
  readonly words: string
  readonly trigger: Trigger
}

/** What the engine needs of the world. Times in ns. */
export interface Stage<Entry> {
  /** Plans `entry` at its place in the total order; `cause` is the record that met its condition. */
  plan(at: number, entry: Entry, cause?: RecordId): void
  /** The least time that can pass: one tick. */
  readonly tickNs: number
}

interface Waiting<Entry> {
  readonly entry: Entry
  readonly watch: Watch
  readonly after: number
}

/** Each entry happens at most once. What a condition triggers happens at least one tick after the event that met it. */
export class ScenarioEngine<Entry extends Plannable> {
  readonly #stage: Stage<Entry>
  #waiting: readonly Waiting<Entry>[]

  constructor(entries: readonly Entry[], stage: Stage<Entry>) {
    this.#stage = stage
    this.#waiting = entries.flatMap((entry) => {
      const { trigger } = entry
      if (!('at' in trigger)) return [{ entry, watch: trigger.watch(), after: trigger.after }]
      stage.plan(trigger.at, entry)
      return []
    })
  }

  /** The entries whose conditions were not met so far, in the scenario's order. */
  get waiting(): readonly Entry[] {
    return this.#waiting.map(({ entry }) => entry)
  }

  /** Takes each record of the run as it comes. */
  see(record: TraceRecord, hindsight: Hindsight): void {
    if (this.#waiting.length === 0) return
    const met = this.#waiting.filter(({ watch }) => watch(record, hindsight))
    if (met.length === 0) return
    this.#waiting = this.#waiting.filter((one) => !met.includes(one))
    for (const { entry, after } of met) {
      assert(after >= 0, `${entry.words}: ${after} ns after its condition`)
      this.#stage.plan(record.at + Math.max(after, this.#stage.tickNs), entry, record.id)
    }
  }
}
