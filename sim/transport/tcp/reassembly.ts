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

/** Of so many arrivals is known which was later: more than an option has room for. */
const MOST_RECENT = 8

/** Pieces in order; none overlap. */
export class Reassembly {
  readonly #pieces: Piece[] = []
  /** The first numbers of what came last, the latest first: in this order blocks are reported. */
  #recent: Sequence[] = []

  get isEmpty(): boolean {
    return this.#pieces.length === 0
  }

  /** Keeps what of the piece is not here yet. */
  add(piece: Piece): void {
    this.#recent.unshift(piece.sequence)
    if (this.#recent.length > MOST_RECENT) this.#recent.pop()
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

  /**
   * At most so many blocks without a hole, as the first number of each and the one after its last, FIN counted: first the one in which is what came
   * last, then those that were reported before it (RFC 2018 §4).
   */
  blocks(most: number): readonly Sequence[] {
    const numbers: Sequence[] = []
    const recent: Sequence[] = []
    for (const sequence of this.#recent) {
      if (recent.length === most) break
      const [start, end] = this.#blockAround(sequence)
      if (start === end || numbers.some((number, n) => n % 2 === 0 && number === start)) continue
      numbers.push(start, end)
      recent.push(start)
    }
    this.#recent = recent
    return numbers
  }

  /** The block in which a number is; an empty one if it is in none. */
  #blockAround(sequence: Sequence): readonly [Sequence, Sequence] {
    let start = sequence
    let end = sequence
    let isKnown = false
    for (const piece of this.#pieces) {
      if (!isKnown || piece.sequence !== end) {
        if (isKnown && isBefore(sequence, end)) break
        start = piece.sequence
        isKnown = true
      }
      end = advance(piece.sequence, piece.length + (piece.fin ? 1 : 0))
    }
    return isUpTo(start, sequence) && isBefore(sequence, end) ? [start, end] : [sequence, sequence]
  }

  clear(): void {
    this.#recent = []
    this.#pieces.length = 0
  }
}
