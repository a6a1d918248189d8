// Random streams from the machine's own entropy: on live nothing is repeated, and nothing may be guessed.

import { randomBytes } from 'node:crypto'
import type { RandomStream } from '../platform/random.ts'

const POOL_BYTES = 1024

/** A stream of cryptographic randomness under a name; it cannot be seeded, and its state is not told. */
export class EntropyStream implements RandomStream {
  readonly path: string
  #pool: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0))
  #at = 0

  constructor(path: string) {
    this.path = path
  }

  next(): number {
    return this.#word() / 0x1_0000_0000
  }

  double(): number {
    return ((this.#word() >>> 5) * 0x400_0000 + (this.#word() >>> 6)) / 0x20_0000_0000_0000
  }

  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  chance(ratio: number): boolean {
    return this.next() < ratio
  }

  state(): undefined {
    return undefined
  }

  #word(): number {
    if (this.#at >= this.#pool.byteLength) {
      const bytes = randomBytes(POOL_BYTES)
      this.#pool = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      this.#at = 0
    }
    const word = this.#pool.getUint32(this.#at)
    this.#at += 4
    return word
  }
}
