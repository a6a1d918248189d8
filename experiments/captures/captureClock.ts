// The clock of a capture: when each frame was captured, after the first, on a clock that never runs back.

import type { Remarks } from './remarks.ts'

/** Frames of one interface stand less than this out of order, as several interfaces are written; what is further back was set back. */
const DISORDER_NS = 1e9

/** When frames were captured. An interface's clock that is set back (or to where no other frame is near) goes on from the latest frame. */
export class CaptureClock {
  readonly #remarks: Remarks | undefined
  /** By interface: a time of its clock, and the ns after the first frame that it stands for. */
  readonly #origins: { seconds: number; ns: number; at: number }[] = []
  #last = 0

  /** `remarks` hear of clocks that were set back. */
  constructor(remarks?: Remarks) {
    this.#remarks = remarks
  }

  /** The ns of the latest frame. */
  get last(): number {
    return this.#last
  }

  /** The ns after the first frame at which this one was captured: its interface, and its stamp. */
  at(place: number, seconds: number, ns: number, packet: number): number {
    this.#origins[place] ??= { ...(this.#first ?? { seconds, ns, at: 0 }) }
    const origin = this.#origins[place]!
    const at = origin.at + (seconds - origin.seconds) * 1e9 + ns - origin.ns
    if (Number.isSafeInteger(at) && at >= this.#last - DISORDER_NS) this.#last = Math.max(this.#last, at)
    else {
      if (at < this.#last) this.#remarks?.make('clock', packet, this.#last - at)
      this.#origins[place] = { seconds, ns, at: this.#last }
    }
    return this.#last
  }

  get #first(): { seconds: number; ns: number; at: number } | undefined {
    return this.#origins.find((one) => one !== undefined)
  }
}
