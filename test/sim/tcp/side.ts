// A program at one end of a connection that sends what it was given, and knows of each byte that comes what it must be.

import type { Connection } from '../../../platform/connection.ts'

/** The stream's byte at `at`: any slip shows. */
function byteAt(at: number, side: number): number {
  return (at * 7 + (at >> 8) * 13 + side) & 255
}

/** One side of a connection: sends its pieces, closes when it has sent them, and checks what comes. */
export class Side {
  received = 0
  wrong = 0
  ends: string[] = []
  #sent = 0
  readonly #number: number
  readonly #pieces: readonly number[]
  readonly #later: (perform: () => void) => void
  readonly #pauseEvery: number
  #next = 0
  #connection: Connection | undefined

  constructor(number: number, pieces: readonly number[], pauseEvery: number, later: (perform: () => void) => void) {
    this.#number = number
    this.#pieces = pieces
    this.#later = later
    this.#pauseEvery = pauseEvery
  }

  begin(connection: Connection): void {
    this.#connection = connection
    this.drained()
  }

  drained(): void {
    while (this.#next < this.#pieces.length) {
      const length = this.#pieces[this.#next++]!
      const from = this.#sent
      this.#sent += length
      if (!this.#connection!.send(Uint8Array.from({ length }, (_, i) => byteAt(from + i, this.#number)))) return
    }
    this.#connection!.close()
  }

  heard(bytes: Uint8Array, start: number, end: number): void {
    const before = this.received
    for (let at = start; at < end; at++) if (bytes[at] !== byteAt(this.received++, 1 - this.#number)) this.wrong++
    const every = this.#pauseEvery
    if (every === 0 || Math.floor(before / every) === Math.floor(this.received / every)) return
    this.#connection!.pause()
    this.#later(() => this.#connection!.resume())
  }

  receiver() {
    return {
      received: (bytes: Uint8Array, start: number, end: number) => this.heard(bytes, start, end),
      drained: () => this.drained(),
      ended: () => this.ends.push('ended'),
      closed: ({ how }: { how: string }) => this.ends.push(how),
    }
  }
}
