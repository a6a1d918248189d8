// The RTP streams of a capture, in Wireshark's columns: as they were received, where the capture shows where.

import { printPlace } from '../oracles/exchange.ts'
import type { RtpObservation } from '../oracles/observation.ts'
import { ReceivedStream, type StreamStatistics } from '../statistics/stream.ts'

const LISTED = 1000
/** A stream that is silent for so long has ended, ns. */
const SILENCE_NS = 300e9

interface Open {
  /** As it was sent, and as it was received; a packet that passed by is taken for received. */
  sent: ReceivedStream | undefined
  received: ReceivedStream | undefined
  lastAt: number
}

/** A fold over RTP packets. Keeps the streams that go on, and the first thousand. */
export class StreamTable {
  readonly #open = new Map<string, Open>()
  readonly #listed: Open[] = []
  #count = 0

  /** All streams. */
  get count(): number {
    return this.#count
  }

  /** In the order of their first packets: as they were received, between the places at which they were sent. */
  get rows(): readonly StreamStatistics[] {
    return this.#listed.map(({ sent, received }) => received?.statistics ?? unheard(sent!.statistics))
  }

  take(seen: RtpObservation): void {
    const { at, ssrc, side } = seen
    for (const [key, { lastAt }] of this.#open) {
      if (lastAt + SILENCE_NS >= at) break
      this.#open.delete(key)
    }
    const { from: source, to: destination } = seen.sentAs ?? seen
    const [from, to] = [printPlace(source), printPlace(destination)]
    const key = `${ssrc} ${from} ${to}`
    let open = this.#open.get(key)
    if (open === undefined) {
      this.#count += 1
      open = { sent: undefined, received: undefined, lastAt: at }
      if (this.#listed.length < LISTED) this.#listed.push(open)
    }
    open.lastAt = at
    this.#open.delete(key)
    this.#open.set(key, open)
    const end = side === 'sent' ? 'sent' : 'received'
    open[end] ??= new ReceivedStream({ stream: ssrc, from, to, node: '' }, at / 1e6, seen.payload)
    open[end].receive(at / 1e6, 0, seen.payload)
  }
}

/** A stream of which nothing was received. */
function unheard(sent: StreamStatistics): StreamStatistics {
  return { ...sent, packets: 0, lost: sent.expected, lossRatio: 1, meanJitterMs: 0, maxJitterMs: 0, maxGapMs: 0 }
}
