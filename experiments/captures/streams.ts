// The RTP streams of a capture, in Wireshark's columns.

import { printPlace } from '../oracles/exchange.ts'
import type { RtpObservation } from '../oracles/observation.ts'
import { ReceivedStream, type StreamStatistics } from '../statistics/stream.ts'

const LISTED = 1000
/** A stream that is silent for so long has ended, ns. */
const SILENCE_NS = 300e9

interface Open {
  readonly stream: ReceivedStream
  lastAt: number
}

/** A fold over RTP packets. Keeps the streams that go on, and the first thousand. */
export class StreamTable {
  readonly #open = new Map<string, Open>()
  readonly #listed: ReceivedStream[] = []
  #count = 0

  /** All streams. */
  get count(): number {
    return this.#count
  }

  /** In the order of their first packets. */
  get rows(): readonly StreamStatistics[] {
    return this.#listed.map(({ statistics }) => statistics)
  }

  take(seen: RtpObservation): void {
    const { at, ssrc, payload } = seen
    for (const [key, { lastAt }] of this.#open) {
      if (lastAt + SILENCE_NS >= at) break
      this.#open.delete(key)
    }
    const [from, to] = [printPlace(seen.from), printPlace(seen.to)]
    const key = `${ssrc} ${from} ${to}`
    let open = this.#open.get(key)
    if (open === undefined) {
      this.#count += 1
      open = { stream: new ReceivedStream({ stream: ssrc, from, to, node: '' }, at / 1e6, payload), lastAt: at }
      if (this.#listed.length < LISTED) this.#listed.push(open.stream)
    }
    open.lastAt = at
    this.#open.delete(key)
    this.#open.set(key, open)
    open.stream.receive(at / 1e6, 0, payload)
  }
}
