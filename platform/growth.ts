// Arrays of integers that grow with what is numbered in them.

const FIRST = 16

/** The same integers with room for `length` of them at least, and for twice as many as there were; what is new is 0. */
export function grown(numbers: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(Math.max(FIRST, length, numbers.length * 2))
  longer.set(numbers)
  return longer
}
