// Numbers of many small things, side by side. A number in a field of an object is often an object of its own, and twenty thousand objects are
// all over the memory; the numbers of things that were made one after another stand next to each other here.

/** Where one thing's numbers are: its doubles from `start` on, or in the same bytes its integers from `2 × start` on. All are 0 at first. */
export interface Row {
  readonly doubles: Float64Array
  readonly integers: Int32Array
  readonly start: number
}

const FIRST_ROWS = 64
const MOST_ROWS = 8192

/**
 * Rows of `width` doubles. They stand in blocks, which begin at a line of the cache: each has twice as many as the one before, from 64 to 8,192,
 * so that very many rows have few arrays, which the cache holds. A block is let go with the last thing that has a row in it.
 */
export class Rows {
  readonly #width: number
  /** In the next block. */
  #rows = FIRST_ROWS
  #doubles = new Float64Array(0)
  #integers = new Int32Array(0)
  #next = 0

  constructor(width: number) {
    this.#width = width
  }

  take(): Row {
    if (this.#next === this.#doubles.length) {
      this.#doubles = onLines(this.#width * this.#rows)
      this.#rows = Math.min(this.#rows * 2, MOST_ROWS)
      this.#integers = integersOf(this.#doubles)
      this.#next = 0
    }
    const start = this.#next
    this.#next += this.#width
    return { doubles: this.#doubles, integers: this.#integers, start }
  }
}

const LINE_REST_BYTES = 48

/** So many doubles, all 0, that begin where a line of the cache does: allocators put the first byte of what is large 16 bytes after one. */
export function onLines(doubles: number): Float64Array<ArrayBuffer> {
  return new Float64Array(new ArrayBuffer(doubles * 8 + LINE_REST_BYTES), LINE_REST_BYTES, doubles)
}

/** The same bytes as integers, two for each double. */
export function integersOf({ buffer, byteOffset, length }: Float64Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return new Int32Array(buffer, byteOffset, length * 2)
}
