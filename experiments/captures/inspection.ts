// The inspection of a capture: what was in it, and what the oracles say to it.

import { CAPTURED, Jury } from '../oracles/jury.ts'
import type { Observation } from '../oracles/observation.ts'
import type { Conditions, OracleVerdict } from '../oracles/oracle.ts'
import type { StreamStatistics } from '../statistics/stream.ts'
import { type CallRow, CallTable } from './calls.ts'
import { Dissector, type Observer } from './dissector.ts'
import { FrameReader, type Unreadable } from './frames.ts'
import { ObservationPoints } from './observationPoints.ts'
import { type Remark, Remarks } from './remarks.ts'
import { type RepeatSchedule, repeatsIn } from './repeats.ts'
import { StreamTable } from './streams.ts'

/** What was found. */
export interface Inspected {
  readonly packets: number
  /** SIP messages, as often as they were captured. */
  readonly messages: number
  /** Those of them that were seen before, at another place of their way. */
  readonly seenAgain: number
  /** Call-IDs with an INVITE. */
  readonly calls: number
  /** All Call-IDs. */
  readonly dialogs: number
  readonly streams: number
  /** The first thousand of each. */
  readonly callRows: readonly CallRow[]
  readonly streamRows: readonly StreamStatistics[]
  readonly schedules: readonly RepeatSchedule[]
  readonly verdicts: readonly OracleVerdict[]
  /** What it all must be read with. */
  readonly remarks: readonly Remark[]
  /** Where reading ended before the file did. */
  readonly unreadable?: Unreadable
}

const LISTED = 1000

/** Feed it the file's pieces in order, then ask for the end. */
export class Inspection {
  readonly #reader: FrameReader
  readonly #dissector: Dissector
  readonly #calls = new CallTable()
  readonly #streams = new StreamTable()
  readonly #schedules: RepeatSchedule[] = []
  readonly #jury: Jury
  readonly #remarks = new Remarks()
  #messages = 0
  #seenAgain = 0

  /** `conditions`: default 60 ms and a tenth of each interval, with the base timers of RFC 3261. */
  constructor(conditions: Conditions = CAPTURED) {
    this.#jury = new Jury(conditions, undefined, (exchange) => {
      if (this.#schedules.length >= LISTED) return
      for (const schedule of repeatsIn(exchange)) this.#schedules.push(schedule)
    })
    const points = new ObservationPoints()
    const observer: Observer = {
      count: (kind, again) => {
        if (kind !== 'sip' && kind !== 'malformed') return
        this.#messages += 1
        if (again) this.#seenAgain += 1
      },
      observe: (seen) => this.#observe(seen),
    }
    this.#dissector = new Dissector(points, observer, this.#remarks)
    this.#reader = new FrameReader((frame) => this.#dissector.take(frame), points, this.#remarks)
  }

  push(piece: Uint8Array): void {
    this.#reader.push(piece)
  }

  /** Call it once, after the last piece. */
  end(): Inspected {
    const unreadable = this.#reader.end()
    this.#dissector.end()
    const verdicts = this.#jury.end()
    return {
      ...{ packets: this.#reader.frames, messages: this.#messages, seenAgain: this.#seenAgain },
      ...{ calls: this.#calls.calls, dialogs: this.#calls.dialogs, streams: this.#streams.count },
      ...{ callRows: this.#calls.rows, streamRows: this.#streams.rows, schedules: this.#schedules, verdicts },
      remarks: this.#remarks.list,
      ...(unreadable === undefined ? {} : { unreadable }),
    }
  }

  /** Messages are counted where they were sent, wherever they got to; media where it came. */
  #observe(seen: Observation): void {
    this.#jury.observe(seen)
    if (seen.kind === 'rtp') this.#streams.take(seen)
    if (seen.kind === 'power' || seen.side === 'received') return
    if (seen.kind === 'sip') this.#calls.take(seen)
    else if (seen.kind === 'malformed') this.#calls.takeMalformed(seen)
  }
}
