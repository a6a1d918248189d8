// Whether any signalling is in flight: media that flows all the time hides no quiet moment.

import type { TraceRecord } from '../../platform/trace.ts'

/** A fold over a run's record. */
export class InFlight {
  #packets = 0
  /** A packet has gone on in pieces: only an empty network says that all have come. */
  #isTorn = false

  record(record: TraceRecord): void {
    switch (record.kind) {
      case 'sent':
      case 'duplicated':
        if (!record.packet.label.media) this.#packets += 1
        return
      case 'delivered':
      case 'lost':
        if (!record.packet.label.media) this.#packets -= 1
        return
      case 'fragmented':
      case 'reassembled':
        this.#isTorn = true
    }
  }

  /** `inFlight`: all packets of the network that are under way. */
  isOver(inFlight: () => number): boolean {
    if (!this.#isTorn) return this.#packets === 0
    if (inFlight() > 0) return false
    this.#packets = 0
    this.#isTorn = false
    return true
  }
}
