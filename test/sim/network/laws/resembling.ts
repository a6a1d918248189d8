// Draws that resemble the last, xₙ₊₁ = (1 − c) uₙ + c xₙ with even uₙ, computed apart from any chance: the distribution that the chain keeps,
// by applying its transition operator to a distribution function on a grid until it no longer moves.

/** Steps of the grid over [0, 1]. */
const STEPS = 4000
/** The operator draws distributions together by c each time. */
const ROUNDS = 60

/** What the chain of correlation `c` (above 0, below 1) does in the long run. */
export interface ResemblingDraws {
  /** The chance that a draw is below `ratio`. */
  below(ratio: number): number
  /** The chance that a draw is below `ratio` if the one before it was. */
  belowAgain(ratio: number): number
}

/** F(y) = P((1 − c) u + c x ≤ y) = ∫ over u of F((y − (1 − c) u) / c): a mean of F between two points, taken from F's own integral. */
export function resemblingDraws(c: number): ResemblingDraws {
  let f = Array.from({ length: STEPS + 1 }, (_, i) => i / STEPS)
  for (let round = 0; round < ROUNDS; round++) {
    const area = integral(f)
    f = f.map((_, i) => (c / (1 - c)) * (area(i / STEPS / c) - area((i / STEPS - (1 - c)) / c)))
  }
  const at = (y: number): number => within(f, y)
  return {
    below: at,
    belowAgain: (ratio) => {
      // Over the cells of x below `ratio`: how likely the cell is, times the chance that an even u takes the chain below `ratio` again.
      let both = 0
      const cells = 4000
      for (let i = 0; i < cells; i++) {
        const [from, to] = [(i / cells) * ratio, ((i + 1) / cells) * ratio]
        const again = (ratio - (c * (from + to)) / 2) / (1 - c)
        both += (at(to) - at(from)) * Math.max(0, Math.min(1, again))
      }
      return both / at(ratio)
    },
  }
}

/** The integral from 0 to y of a distribution function that is 0 below 0 and 1 above 1. */
function integral(f: readonly number[]): (y: number) => number {
  const sums = [0]
  for (let i = 0; i < STEPS; i++) sums.push(sums[i]! + (f[i]! + f[i + 1]!) / 2 / STEPS)
  return (y) => {
    if (y <= 0) return 0
    if (y >= 1) return sums[STEPS]! + y - 1
    const i = Math.floor(y * STEPS)
    const rest = y - i / STEPS
    return sums[i]! + rest * (f[i]! + ((f[i + 1]! - f[i]!) * rest * STEPS) / 2)
  }
}

function within(f: readonly number[], y: number): number {
  if (y <= 0) return 0
  if (y >= 1) return 1
  const i = Math.floor(y * STEPS)
  return f[i]! + (f[i + 1]! - f[i]!) * (y * STEPS - i)
}
