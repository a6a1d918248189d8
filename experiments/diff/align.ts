// Two lists of a ladder's rows, aligned: which row of the one is which of the other.

import type { Row } from '../ladder/row.ts'

/** A pair of rows, or one that has no match. */
export interface Aligned {
  readonly left: Row | undefined
  readonly right: Row | undefined
}

/** By the longest common subsequence of what the rows say, whatever their times. Time and memory are the product of the two lengths. */
export function align(left: readonly Row[], right: readonly Row[]): readonly Aligned[] {
  const [a, b] = [left.map(gist), right.map(gist)]
  const wide = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * wide)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [down, aside] = [lengths[(i + 1) * wide + j]!, lengths[i * wide + j + 1]!]
      lengths[i * wide + j] = a[i] === b[j] ? lengths[(i + 1) * wide + j + 1]! + 1 : Math.max(down, aside)
    }
  }
  const aligned: Aligned[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      aligned.push({ left: left[i], right: right[j] })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && lengths[(i + 1) * wide + j]! >= lengths[i * wide + j + 1]!)) {
      aligned.push({ left: left[i], right: undefined })
      i += 1
    } else {
      aligned.push({ left: undefined, right: right[j] })
      j += 1
    }
  }
  return aligned
}

/** True if the two rows also agree in their times and in what became of them. */
export function isSame(left: Row, right: Row): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

function gist(row: Row): string {
  if (row.kind === 'across') return row.text
  if (row.kind === 'note') return `${row.node} ${row.text}`
  if (row.kind === 'media') return `${row.left} ${row.right}`
  return `${row.from} ${row.to} ${row.text} ${row.again ?? ''}`
}
