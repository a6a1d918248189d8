// What a row of the bench is, and how two things are measured beside each other on a noisy machine: interleaved, by CPU time, medians.

/** What the command line asked for. */
export interface BenchOptions {
  /** Calls in workload V, 1 and up; default 1000. */
  readonly calls: number
  /** Simulated seconds of V, above 0; default 10. */
  readonly seconds: number
  /** Random loss on V's bottleneck, 0 to 1; default 0.01. */
  readonly lossRatio: number
}

/** One line of the result. `baseline` is the same value for the thing it is compared to, `ratio` = value ÷ baseline; null where there is none. */
export interface BenchResult {
  readonly row: string
  readonly value: number
  readonly unit: string
  readonly baseline: number | null
  readonly ratio: number | null
  /** What else the row counts, such as `delivered`. */
  readonly [count: string]: number | string | null
}

/** One file's row: a name for the command line, and what it measures. */
export interface BenchRow {
  readonly name: string
  /** A name for several rows together. */
  readonly group?: string
  readonly what: string
  measure(options: BenchOptions): readonly BenchResult[]
}

/** CPU seconds (user and system) that `work` takes. */
export function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** The middle of `values`; of an even number the upper one. */
function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[values.length >> 1]!
}

/**
 * Measures two rates (operations per CPU second) in turn, `rounds` times after one round to warm up, and gives the medians
 * and the median of the rounds' ratios, for which both sides had the same noise.
 */
export function compare(
  row: string,
  unit: string,
  rate: () => number,
  baselineRate: () => number,
  rounds = 5,
): BenchResult {
  rate()
  baselineRate()
  const pairs = Array.from({ length: rounds }, () => [rate(), baselineRate()] as const)
  return {
    row,
    value: median(pairs.map(([value]) => value)),
    unit,
    baseline: median(pairs.map(([, baseline]) => baseline)),
    ratio: median(pairs.map(([value, baseline]) => value / baseline)),
  }
}

/**
 * As {@link compare}, but for short slices of work, many of them: gives the best rates of each and their ratio. What the machine's other
 * work takes, caches most of all, it takes more from whoever needs more memory: the best slices had the least of it.
 */
export function compareBest(
  row: string,
  unit: string,
  rate: () => number,
  baselineRate: () => number,
  rounds: number,
): BenchResult {
  rate()
  baselineRate()
  let [value, baseline] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    value = Math.max(value, rate())
    baseline = Math.max(baseline, baselineRate())
  }
  return { row, value, unit, baseline, ratio: value / baseline }
}
