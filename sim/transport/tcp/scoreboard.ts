// What the other side has beyond the first hole, as its selective acknowledgments say, and what follows of it (RFC 6675 §3 and §4): which holes
// are lost, what is on its way, which one to fill next.

import { advance, distance, isBefore, isUpTo, type Sequence } from './sequence.ts'

/** Discontiguous blocks above a hole, or segments' bytes and more, from which on it is lost. */
const DUPLICATES = 3

/** Part of a hole: from `start` up to, but not including, `end`; empty if there is none. */
export interface Hole {
  readonly start: Sequence
  readonly end: Sequence
}

/** One connection's. A block is a range of numbers, all beyond `una`; none touch. */
export class Scoreboard {
  readonly #starts: Sequence[] = []
  readonly #ends: Sequence[] = []
  /** Up to here, but not including it, holes were filled again in this recovery: HighRxt and one. */
  #refilled: Sequence = 0
  /** Where `una` must be beyond before the last hole is filled once more: RescueRxt. */
  #rescued: Sequence = 0

  get isEmpty(): boolean {
    return this.#starts.length === 0
  }

  /** A cumulative acknowledgment. If it ends within a block, that block is there no more, and no other is believed either (RFC 2018 §8). */
  acknowledge(una: Sequence): void {
    if (this.isEmpty) return
    const ended = this.#ends.findIndex((end) => isBefore(una, end))
    const count = ended < 0 ? this.#ends.length : ended
    this.#starts.splice(0, count)
    this.#ends.splice(0, count)
    if (!this.isEmpty && isUpTo(this.#starts[0]!, una)) this.clear()
  }

  clear(): void {
    this.#starts.length = 0
    this.#ends.length = 0
  }

  /** A block, which must lie between `una` and `max`, else it is not believed; true if some of it is news. */
  take(start: Sequence, end: Sequence, una: Sequence, max: Sequence): boolean {
    if (!isBefore(una, start) || !isBefore(start, end) || isBefore(max, end)) return false
    const first = this.#ends.findIndex((one) => isUpTo(start, one))
    const from = first < 0 ? this.#ends.length : first
    let until = from
    while (until < this.#starts.length && isUpTo(this.#starts[until]!, end)) until++
    const [known, knownEnd] = [this.#starts[from], this.#ends[until - 1]]
    if (until === from || known === undefined || knownEnd === undefined) {
      this.#starts.splice(from, 0, start)
      this.#ends.splice(from, 0, end)
      return true
    }
    if (until - from === 1 && isUpTo(known, start) && isUpTo(end, knownEnd)) return false
    this.#starts.splice(from, until - from, isBefore(known, start) ? known : start)
    this.#ends.splice(from, until - from, isBefore(knownEnd, end) ? end : knownEnd)
    return true
  }

  /** Bytes in blocks before `sequence`. */
  bytesBefore(sequence: Sequence): number {
    let sum = 0
    this.#starts.forEach((start, n) => {
      if (isBefore(start, sequence)) sum += Math.min(distance(start, this.#ends[n]!), distance(start, sequence))
    })
    return sum
  }

  /** From `sequence` on, the next number that is in no block, and where its hole ends: `max` at the latest. */
  holeFrom(sequence: Sequence, max: Sequence): Hole {
    let start = sequence
    for (let n = 0; n < this.#starts.length; n++) {
      if (isBefore(start, this.#starts[n]!)) return { start, end: this.#starts[n]! }
      if (isBefore(start, this.#ends[n]!)) start = this.#ends[n]!
    }
    return { start, end: max }
  }

  /** True if the first hole is lost: IsLost of its first number. */
  isLost(mss: number): boolean {
    return this.#lostBlocks(mss) > 0
  }

  /** A recovery begins, with what fills the first hole up to `end`. */
  begin(end: Sequence): void {
    this.#refilled = end
    this.#rescued = end
  }

  /** What is on its way, bytes, of what was sent up to `max`: SetPipe. */
  pipe(una: Sequence, max: Sequence, mss: number): number {
    const lost = this.#lostBlocks(mss)
    let pipe = 0
    let start = una
    for (let n = 0; n <= this.#starts.length; n++) {
      const end = n < this.#starts.length ? this.#starts[n]! : max
      const length = distance(start, end)
      if (n >= lost) pipe += length
      if (isBefore(start, this.#refilled)) pipe += Math.min(length, distance(start, this.#refilled))
      if (n < this.#ends.length) start = this.#ends[n]!
    }
    return pipe
  }

  /** The next hole to fill: the first that was not, if it is lost; with `hopeful` if it is not, as long as there is a block after it (NextSeg, rules 1 and 3). */
  next(una: Sequence, mss: number, hopeful: boolean): Hole | undefined {
    const blocks = hopeful ? this.#starts.length : this.#lostBlocks(mss)
    if (blocks === 0) return undefined
    const from = isBefore(una, this.#refilled) ? this.#refilled : una
    const hole = this.holeFrom(from, from)
    return isBefore(hole.start, this.#starts[blocks - 1]!) ? hole : undefined
  }

  /**
   * The last segment of all, once in a window, if no block is behind it: nothing else would tell that it is lost (NextSeg, rule 4). The last of
   * the holes the RFC would fill once more as well, which mostly is in vain: what filled it is still on its way.
   */
  rescue(una: Sequence, max: Sequence, mss: number): Hole | undefined {
    const last = this.#ends[this.#ends.length - 1] ?? una
    if (isUpTo(una, this.#rescued) || last === max) return undefined
    this.#rescued = max
    return { start: distance(last, max) > mss ? advance(max, -mss) : last, end: max }
  }

  /** A hole was filled again up to `end`. */
  refilled(end: Sequence): void {
    this.#refilled = end
  }

  /** How many blocks are there before which all is lost. */
  #lostBlocks(mss: number): number {
    let bytes = 0
    for (let n = this.#starts.length - 1; n >= 0; n--) {
      bytes += distance(this.#starts[n]!, this.#ends[n]!)
      if (this.#starts.length - n >= DUPLICATES || bytes > (DUPLICATES - 1) * mss) return n + 1
    }
    return 0
  }
}
