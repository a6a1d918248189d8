// Named random streams: each component draws from its own, so that adding one changes nobody else's draws.

import alea, { type Alea } from 'seedrandom/lib/alea.js'
import { bug } from './assert.ts'

/** A stream of reproducible numbers (seedrandom's Alea, 32 bits a draw; `double` has 53). */
export interface RandomStream {
  /** The path that seeds it, such as `7/link/a--b/up/loss`. */
  readonly path: string
  /** The next number in [0, 1), a multiple of 2⁻³². */
  next(): number
  /** The next number in [0, 1) with 53 random bits: where the tail matters. */
  double(): number
  /** The next integer in [0, below); `below` 1 to 2³². */
  below(below: number): number
  /** True with the given chance, 0 to 1. Draws once, whatever the chance. */
  chance(ratio: number): boolean
  /** Where the stream stands, as JSON; undefined before the first draw. */
  state(): unknown
}

/** All streams of one run. Each name is taken once; a stream is made at its first draw. */
export class RandomStreams {
  readonly seed: string
  readonly #taken = new Set<string>()

  constructor(seed: string) {
    this.seed = seed
  }

  /** The stream at `path` below the seed. Panics if the name was taken: two components would share their draws. */
  take(path: string): RandomStream {
    if (this.#taken.has(path)) bug(`the random stream "${path}" was taken twice`)
    this.#taken.add(path)
    return new AleaStream(`${this.seed}/${path}`)
  }
}

class AleaStream implements RandomStream {
  readonly path: string
  #prng: Alea | undefined

  constructor(path: string) {
    this.path = path
  }

  next(): number {
    return this.#open()()
  }

  double(): number {
    return this.#open().double()
  }

  below(below: number): number {
    return Math.floor(this.#open()() * below)
  }

  chance(ratio: number): boolean {
    return this.#open()() < ratio
  }

  state(): unknown {
    return this.#prng?.state()
  }

  #open(): Alea {
    this.#prng ??= alea(this.path, { state: true })
    return this.#prng
  }
}
