// The models of loss: each says of one packet after another whether it is lost.

import type { RandomStream } from '../../../platform/random.ts'
import { Correlated } from './correlated.ts'

/** Each packet by the same chance; with a correlation, each draw resembles the last. */
export class RandomLoss {
  declare private readonly ratio: number
  declare private readonly stream: RandomStream
  declare private readonly correlated: Correlated | undefined

  constructor(ratio: number, correlation: number, stream: RandomStream) {
    this.ratio = ratio
    this.stream = stream
    this.correlated = correlation === 0 ? undefined : new Correlated(stream, correlation)
  }

  lost(): boolean {
    return this.correlated === undefined ? this.stream.chance(this.ratio) : this.correlated.next() < this.ratio
  }
}

/** Starts in the good state. From the bad one a packet gets out by the chance 1/burst, so bursts last as long as said in the mean. */
export class GilbertElliott {
  readonly #toBad: number
  readonly #toGood: number
  declare private readonly stream: RandomStream
  #bad = false

  constructor(meanRatio: number, burstPackets: number, stream: RandomStream) {
    this.#toGood = 1 / burstPackets
    this.#toBad = meanRatio / (burstPackets * (1 - meanRatio))
    this.stream = stream
  }

  lost(): boolean {
    const draw = this.stream.next()
    this.#bad = this.#bad ? draw >= this.#toGood : draw < this.#toBad
    return this.#bad
  }
}

/** Two states that each lose some, as netem's `gemodel` has them: a packet is judged by the state in which it finds the medium. */
export class StateLoss {
  readonly #chances: Readonly<Record<'toBad' | 'toGood' | 'badRatio' | 'goodRatio', number>>
  declare private readonly stream: RandomStream
  #bad = false

  constructor(chances: Readonly<Record<'toBad' | 'toGood' | 'badRatio' | 'goodRatio', number>>, stream: RandomStream) {
    this.#chances = chances
    this.stream = stream
  }

  lost(): boolean {
    const { toBad, toGood, badRatio, goodRatio } = this.#chances
    const wasBad = this.#bad
    const turns = this.stream.next() < (wasBad ? toGood : toBad)
    if (turns) this.#bad = !wasBad
    return this.stream.next() < (wasBad ? badRatio : goodRatio)
  }
}

/**
 * Four states: received (1), received within a burst (2), lost within a burst (3), lost alone (4). A packet is lost that leads into 3 or 4;
 * one that leaves 3 for 1 is lost as well, and from 4 the way leads back to 1: all as netem has it.
 */
export class FourStates {
  readonly #chances: Readonly<Record<'p13' | 'p31' | 'p32' | 'p23' | 'p14', number>>
  declare private readonly stream: RandomStream
  #state: 1 | 2 | 3 | 4 = 1

  constructor(chances: Readonly<Record<'p13' | 'p31' | 'p32' | 'p23' | 'p14', number>>, stream: RandomStream) {
    this.#chances = chances
    this.stream = stream
  }

  lost(): boolean {
    const { p13, p31, p32, p23, p14 } = this.#chances
    const draw = this.stream.next()
    switch (this.#state) {
      case 1:
        if (draw < p14) this.#state = 4
        else if (draw < p14 + p13) this.#state = 3
        return this.#state !== 1
      case 2:
        if (draw < p23) this.#state = 3
        return this.#state === 3
      case 3:
        if (draw < p32) {
          this.#state = 2
          return false
        }
        if (draw < p32 + p31) this.#state = 1
        return true
      case 4:
        this.#state = 1
        return false
    }
  }
}
