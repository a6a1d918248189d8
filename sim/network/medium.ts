// Chance on a link's medium: which packets it loses, and by how much their delay varies.

import type { RandomStream } from '../../platform/random.ts'

/** How a medium loses packets: each by the same chance, or in bursts (Gilbert–Elliott: all in the bad state, none in the good). */
export type Loss =
  | { readonly model: 'random' /** 0 to 1. */; readonly ratio: number }
  | {
      readonly model: 'gilbert-elliott'
      /** The part lost in the long run, 0 to less than 1. */
      readonly meanRatio: number
      /** The mean length of a burst, packets, 1 or more. */
      readonly burstPackets: number
    }

/** How much longer than a link's delay a packet may travel: evenly from 0 to `mostNs`. */
export interface Jitter {
  readonly mostNs: number
  /** True where a packet may overtake another; by default none does. */
  readonly reorders?: boolean
}

/** A link that makes second copies of packets, as some do when they think that the first was lost. */
export interface Duplication {
  /** The chance of each packet, 0 to 1. */
  readonly ratio: number
  /** How much later the copy arrives, ns, 0 or more. */
  readonly afterNs: number
}

/** Says of one packet after another whether the medium loses it. */
export interface LossModel {
  lost(): boolean
}

/** The model of a `loss`, drawing from `stream`: once for each packet. */
export function lossModel(loss: Loss, stream: RandomStream): LossModel {
  return loss.model === 'random' ? new RandomLoss(loss.ratio, stream) : new GilbertElliott(loss, stream)
}

class RandomLoss implements LossModel {
  readonly #ratio: number
  readonly #stream: RandomStream

  constructor(ratio: number, stream: RandomStream) {
    this.#ratio = ratio
    this.#stream = stream
  }

  lost(): boolean {
    return this.#stream.next() < this.#ratio
  }
}

/** Starts in the good state. From the bad one a packet gets out by the chance 1/burst, so bursts last as long as said in the mean. */
class GilbertElliott implements LossModel {
  readonly #toBad: number
  readonly #toGood: number
  readonly #stream: RandomStream
  #bad = false

  constructor({ meanRatio, burstPackets }: Extract<Loss, { model: 'gilbert-elliott' }>, stream: RandomStream) {
    this.#toGood = 1 / burstPackets
    this.#toBad = meanRatio / (burstPackets * (1 - meanRatio))
    this.#stream = stream
  }

  lost(): boolean {
    const draw = this.#stream.next()
    this.#bad = this.#bad ? draw >= this.#toGood : draw < this.#toBad
    return this.#bad
  }
}
