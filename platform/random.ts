// Named random streams: each component draws from its own, so that adding one changes nobody else's draws.

import alea from 'seedrandom/lib/alea.js'
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
  #seed: string
  readonly #taken = new Map<string, AleaStream>()

  constructor(seed: string) {
    this.#seed = seed
  }

  /** The stream at `path` below the seed. Panics if the name was taken: two components would share their draws. */
  take(path: string): RandomStream {
    if (this.#taken.has(path)) bug(`the random stream "${path}" was taken twice`)
    const stream = new AleaStream(`${this.#seed}/${path}`)
    this.#taken.set(path, stream)
    return stream
  }

  /** From now on every stream, taken or yet to be taken, is the one that it would be from the start under another seed. */
  renew(seed: string): void {
    this.#seed = seed
    for (const [path, stream] of this.#taken) stream.renew(`${seed}/${path}`)
  }
}

/** Alea's four numbers. */
interface AleaState {
  readonly s0: number
  readonly s1: number
  readonly s2: number
  readonly c: number
}

const UNIT_32 = 2.3283064365386963e-10 // 2⁻³²
const UNIT_53 = 1.1102230246251565e-16 // 2⁻⁵³

/** seedrandom seeds it; the draws are made here, so that a stream is one small object and a draw is no call through closures. */
class AleaStream implements RandomStream {
  path: string
  #s0 = 0.5
  #s1 = 0.5
  #s2 = 0.5
  /** An integer; negative: not seeded yet. */
  #carry = -1

  constructor(path: string) {
    this.path = path
  }

  /** Begins anew, at another path. */
  renew(path: string): void {
    this.path = path
    this.#carry = -1
  }

  next(): number {
    this.#draw()
    return this.#s2
  }

  double(): number {
    return this.next() + Math.trunc(this.next() * 0x200000) * UNIT_53
  }

  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  chance(ratio: number): boolean {
    this.#draw()
    return this.#s2 < ratio
  }

  state(): unknown {
    if (this.#carry < 0) return undefined
    return { c: this.#carry, s0: this.#s0, s1: this.#s1, s2: this.#s2 }
  }

  /** Makes the next number; it stays in its field, since one that a call gives back costs an object. */
  #draw(): void {
    if (this.#carry < 0) this.#seed()
    const sum = 2091639 * this.#s0 + this.#carry * UNIT_32
    const carry = Math.trunc(sum)
    this.#s0 = this.#s1
    this.#s1 = this.#s2
    this.#s2 = sum - carry
    this.#carry = carry
  }

  #seed(): void {
    const { s0, s1, s2, c } = alea(this.path, { state: true }).state() as AleaState
    this.#s0 = s0
    this.#s1 = s1
    this.#s2 = s2
    this.#carry = c
  }
}
