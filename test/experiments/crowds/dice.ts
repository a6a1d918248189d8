// How a world's number becomes its choices: one stream of chance a world.

import { type RandomStream, RandomStreams } from '../../../platform/random.ts'

/** What is drawn in a world, in the order of asking. */
export class Dice {
  readonly #stream: RandomStream

  constructor(world: number, what: string) {
    this.#stream = new RandomStreams(`crowd ${world}`).take(what)
  }

  /** One of several, each as likely as another. */
  one<T>(some: readonly T[]): T {
    return some[this.#stream.below(some.length)]!
  }

  /** True with this chance. */
  chance(ratio: number): boolean {
    return this.#stream.chance(ratio)
  }

  /** An integer from `least` to `most`. */
  from(least: number, most: number): number {
    return least + this.#stream.below(most - least + 1)
  }

  /** What `make` gives, or nothing, as part of an object. */
  maybe<T extends object>(ratio: number, make: () => T): T | Record<string, never> {
    return this.chance(ratio) ? make() : {}
  }
}
