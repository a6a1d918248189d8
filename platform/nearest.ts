// "Did you mean": the known word that is closest to a mistyped one.

/**
 * The candidate closest to `word` by edit distance (insertions, deletions, replacements and swaps of neighbours; case counts half a step),
 * the earliest of equals; undefined where all differ in more than a third of the longer word's letters (rounded up).
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const distance = editDistance([...word], [...candidate])
    const allowed = Math.ceil(Math.max(word.length, candidate.length) / 3)
    if (distance <= allowed && distance < least) {
      best = candidate
      least = distance
    }
  }
  return best
}

/** The least number of insertions, deletions, replacements and swaps of neighbours that turn one list into another. `replacing` is what one replacement costs. Time is the product of lengths. */
export function editDistance(
  from: readonly string[],
  to: readonly string[],
  replacing: (a: string, b: string) => number = letter,
): number {
  let before: number[] = []
  let above = to.map((_, i) => i)
  above.push(to.length)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      let step = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + replacing(from[i - 1]!, to[j - 1]!))
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (swapped) step = Math.min(step, before[j - 2]! + 1)
      row.push(step)
    }
    before = above
    above = row
  }
  return above[to.length]!
}

function letter(a: string, b: string): number {
  if (a === b) return 0
  return a.toLowerCase() === b.toLowerCase() ? 0.5 : 1
}
