// One RTP stream as it came in at its receiver, counted as Wireshark counts: packets, loss, jitter (RFC 3550 §6.4.1, A.8) and gaps.

/** What one stream was, so far. Times in ms. */
export interface StreamStatistics {
  readonly stream: number
  readonly from: string
  readonly to: string
  /** The receiving node. */
  readonly node: string
  readonly payloadType: number
  readonly packets: number
  /** By sequence numbers, from the first packet received to the highest. */
  readonly expected: number
  /** Expected less received; negative where the network made copies. */
  readonly lost: number
  /** `lost` of `expected`; 0 for none. */
  readonly lossRatio: number
  /** Of the interarrival jitter after each packet that does not begin a talk spurt. */
  readonly meanJitterMs: number
  readonly maxJitterMs: number
  /** Between one packet and the next, talk spurts' beginnings left out. */
  readonly maxGapMs: number
  /** The one-way delay from the sender's clock to the receiver's, which here are one. */
  readonly minDelayMs: number
  readonly meanDelayMs: number
  readonly maxDelayMs: number
  /** Reception of the first and the last packet. */
  readonly firstMs: number
  readonly lastMs: number
}

/** Clock rates in Hz of static payload types (RFC 3551 §6); the rest are taken for 8000, as most telephony has. */
const CLOCK_RATES: Readonly<Record<number, number>> = {
  6: 16000,
  10: 44100,
  11: 44100,
  14: 90000,
  16: 11025,
  17: 22050,
}
const DEFAULT_CLOCK_RATE = 8000

/** A stream as it grows. */
export class ReceivedStream {
  readonly #who: { readonly stream: number; readonly from: string; readonly to: string; readonly node: string }
  readonly #firstSequence: number
  readonly #firstMs: number
  readonly #payloadType: number
  #packets = 0
  #highest: number
  #timestamp: number
  #lastMs: number
  #jitterMs = 0
  #jitterSumMs = 0
  #measured = 0
  #maxJitterMs = 0
  #maxGapMs = 0
  #delaySumMs = 0
  #minDelayMs = Number.POSITIVE_INFINITY
  #maxDelayMs = 0

  constructor(
    who: { readonly stream: number; readonly from: string; readonly to: string; readonly node: string },
    atMs: number,
    payload: Uint8Array,
  ) {
    this.#who = who
    this.#firstMs = atMs
    this.#lastMs = atMs
    this.#payloadType = (payload[1] ?? 0) & 0x7f
    this.#firstSequence = sequenceOf(payload)
    this.#highest = this.#firstSequence
    this.#timestamp = timestampOf(payload)
  }

  /** Takes a packet, the first included, that arrived at `atMs` after `delayMs` on its way. */
  receive(atMs: number, delayMs: number, payload: Uint8Array): void {
    const sequence = sequenceOf(payload)
    const timestamp = timestampOf(payload)
    const ahead = ((sequence - this.#highest + 0x8000) & 0xffff) - 0x8000
    if (ahead > 0) this.#highest += ahead
    if (this.#packets > 0) {
      const gapMs = atMs - this.#lastMs
      const clockRate = CLOCK_RATES[this.#payloadType] ?? DEFAULT_CLOCK_RATE
      const spacingMs = ((timestamp - this.#timestamp) | 0) * (1000 / clockRate)
      this.#jitterMs += (Math.abs(gapMs - spacingMs) - this.#jitterMs) / 16
      const marked = (payload[1] ?? 0) >= 0x80
      if (!marked) {
        this.#maxGapMs = Math.max(this.#maxGapMs, gapMs)
        this.#maxJitterMs = Math.max(this.#maxJitterMs, this.#jitterMs)
        this.#jitterSumMs += this.#jitterMs
        this.#measured += 1
      }
    }
    this.#packets += 1
    this.#lastMs = atMs
    this.#timestamp = timestamp
    this.#delaySumMs += delayMs
    this.#minDelayMs = Math.min(this.#minDelayMs, delayMs)
    this.#maxDelayMs = Math.max(this.#maxDelayMs, delayMs)
  }

  get statistics(): StreamStatistics {
    const expected = this.#highest - this.#firstSequence + 1
    const lost = expected - this.#packets
    return {
      ...this.#who,
      ...{ payloadType: this.#payloadType, packets: this.#packets, expected, lost, lossRatio: lost / expected },
      meanJitterMs: this.#measured === 0 ? 0 : this.#jitterSumMs / this.#measured,
      ...{ maxJitterMs: this.#maxJitterMs, maxGapMs: this.#maxGapMs, minDelayMs: this.#minDelayMs },
      ...{ meanDelayMs: this.#delaySumMs / this.#packets, maxDelayMs: this.#maxDelayMs },
      ...{ firstMs: this.#firstMs, lastMs: this.#lastMs },
    }
  }
}

function sequenceOf(payload: Uint8Array): number {
  return ((payload[2] ?? 0) << 8) | (payload[3] ?? 0)
}

function timestampOf(payload: Uint8Array): number {
  return ((payload[4] ?? 0) << 24) | ((payload[5] ?? 0) << 16) | ((payload[6] ?? 0) << 8) | (payload[7] ?? 0)
}
