// Draws that resemble the one before them, in netem's way: each is a part of a new one and a part of the last.

import type { RandomStream } from '../../../platform/random.ts'

/**
 * Draws in [0, 1), each `correlation` (0 to 1) of the last and the rest new. Their autocorrelation is `correlation`; as in netem, they are no
 * longer even: they gather around the middle, and their variance is (1 − c) / (1 + c) of what it was.
 */
export class Correlated {
  readonly #stream: RandomStream
  readonly #correlation: number
  #last = -1

  constructor(stream: RandomStream, correlation: number) {
    this.#stream = stream
    this.#correlation = correlation
  }

  /** 53 bits. */
  next(): number {
    const fresh = this.#stream.double()
    if (this.#correlation === 0) return fresh
    if (this.#last < 0) this.#last = fresh
    this.#last = fresh * (1 - this.#correlation) + this.#last * this.#correlation
    return this.#last
  }
}
