// What is to be sent and not yet acknowledged: the program's own arrays, in order, by reference.

import { bug } from '../../../platform/assert.ts'
import { advance, distance, isBefore, type Sequence } from './sequence.ts'

/** The longest array of which a packet can carry a part, bytes. */
const LONGEST_PIECE = 0x1000000
/** Acknowledged pieces that may stay in front before the rest is moved up. */
const MOST_BEHIND = 64

/** The stream from the first unacknowledged byte on. */
export class SendQueue {
  #pieces: Uint8Array[] = []
  /** The sequence number of each piece's first byte. */
  #starts: Sequence[] = []
  #first = 0
  /** The piece that was last looked at: the next look is mostly at the same. */
  #cursor = 0
  #start: Sequence
  #end: Sequence

  // What `look` found: `length` bytes of `body` from `at` on.
  body: Uint8Array
  at = 0
  length = 0

  /** `start`: the sequence number of the first byte. */
  constructor(start: Sequence) {
    this.#start = start
    this.#end = start
    this.body = new Uint8Array(0)
  }

  /** The sequence number after the last byte. */
  get end(): Sequence {
    return this.#end
  }

  /** Bytes in the queue. */
  get bytes(): number {
    return distance(this.#start, this.#end)
  }

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += LONGEST_PIECE) {
      const piece = bytes.length <= LONGEST_PIECE ? bytes : bytes.subarray(at, at + LONGEST_PIECE)
      this.#pieces.push(piece)
      this.#starts.push(this.#end)
      this.#end = advance(this.#end, piece.length)
    }
  }

  /** All before `una` has arrived: lets it go. */
  acknowledge(una: Sequence): void {
    this.#start = una
    while (this.#first < this.#pieces.length && !isBefore(una, this.#endOf(this.#first))) this.#first++
    if (this.#first === this.#pieces.length) {
      this.#pieces.length = 0
      this.#starts.length = 0
      this.#first = 0
    } else if (this.#first > MOST_BEHIND && this.#first * 2 > this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#first)
      this.#starts = this.#starts.slice(this.#first)
      this.#cursor -= this.#first
      this.#first = 0
    }
  }

  /** Finds up to `most` bytes from `sequence` on, which is in the queue; see {@link SendQueue.body}. Joins what stands in several pieces. */
  look(sequence: Sequence, most: number): void {
    let index = this.#pieceOf(sequence)
    const piece = this.#pieces[index]!
    const at = distance(this.#starts[index]!, sequence)
    const length = Math.min(most, distance(sequence, this.#end))
    if (at + length <= piece.length) {
      this.body = piece
      this.at = at
      this.length = length
      return
    }
    const joined = new Uint8Array(length)
    let filled = 0
    let from = at
    for (; filled < length; index++) {
      const part = this.#pieces[index]!.subarray(from, from + length - filled)
      joined.set(part, filled)
      filled += part.length
      from = 0
    }
    this.#cursor = index - 1
    this.body = joined
    this.at = 0
    this.length = length
  }

  #pieceOf(sequence: Sequence): number {
    let index = this.#cursor
    if (!(index >= this.#first && index < this.#pieces.length) || isBefore(sequence, this.#starts[index]!)) {
      index = this.#first
    }
    while (index < this.#pieces.length && !isBefore(sequence, this.#endOf(index))) index++
    if (index === this.#pieces.length) bug(`byte ${sequence >>> 0} is not in a queue of ${this.bytes}`)
    this.#cursor = index
    return index
  }

  #endOf(index: number): Sequence {
    return advance(this.#starts[index]!, this.#pieces[index]!.length)
  }
}
