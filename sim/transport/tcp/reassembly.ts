// What has come before its turn: pieces ahead of a hole, by reference, each byte kept once (RFC 9293 §3.10.7.4).

import { advance, distance, isBefore, isUpTo, type Sequence } from './sequence.ts'

/** A piece of the stream: `length` bytes of `body` from `at` on, the first of them being number `sequence`. */
export interface Piece {
  readonly sequence: Sequence
  readonly body: Uint8Array
  readonly at: number
  readonly length: number
  /** FIN follows it. */
  readonly fin: boolean
}

/** Pieces in order; none overlap. */
export class Reassembly {
  readonly #pieces: Piece[] = []

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  /** Keeps what of the piece is not here yet. */
  add(piece: Piece): void {
    let rest: Piece | undefined = piece
    const pieces = this.#pieces
    let index = 0
    while (rest !== undefined && index < pieces.length) {
      const known = pieces[index]!
      const knownEnd = advance(known.sequence, known.length)
      if (isUpTo(knownEnd, rest.sequence) && known.length > 0) {
        index++
        continue
      }
      const restEnd = advance(rest.sequence, rest.length)
      if (isBefore(rest.sequence, known.sequence)) {
        const before = Math.min(rest.length, distance(rest.sequence, known.sequence))
        pieces.splice(index, 0, { ...rest, length: before, fin: rest.fin && before === rest.length })
        index++
        if (before === rest.length) return
      }
      const skipped = distance(rest.sequence, knownEnd)
      if (!isBefore(knownEnd, restEnd)) {
        if (rest.fin && restEnd === knownEnd && !known.fin) pieces[index] = { ...known, fin: true }
        return
      }
      rest = { ...rest, sequence: knownEnd, at: rest.at + skipped, length: rest.length - skipped }
      index++
    }
    if (rest !== undefined) pieces.push(rest)
  }

  /** Takes the first piece if its turn has come: it goes on from `next`. What stands before that is dropped. */
  take(next: Sequence): Piece | undefined {
    for (;;) {
      const first = this.#pieces[0]
      if (first === undefined || isBefore(next, first.sequence)) return undefined
      this.#pieces.shift()
      const late = distance(first.sequence, next)
      if (late === 0) return first
      if (late < first.length || (late === first.length && first.fin)) {
        return { ...first, sequence: next, at: first.at + late, length: first.length - late }
      }
    }
  }

  clear(): void {
    this.#pieces.length = 0
  }
}
