// netem's distribution tables, from their definitions: 4096 values, the inverse of a law at even steps, in 1/8192 of a standard deviation.

import { exp, ln } from '../../../platform/math/exponential.ts'
import { inverseNormal } from '../../../platform/math/normal.ts'
import type { NetemTable } from './options.ts'

const SIZE = 4096
/** What one standard deviation is in a table. */
export const TABLE_SCALE = 8192
const LARGEST = 32767

const made = new Map<string, readonly number[]>()

/** The table's values; one that is given is its own. */
export function valuesOf(table: NetemTable): readonly number[] {
  if (typeof table !== 'string') return table
  const known = made.get(table)
  if (known !== undefined) return known
  const value = { normal, pareto, paretonormal }[table]
  const values = Array.from({ length: SIZE }, (_, n) => within(Math.round(value(n))))
  made.set(table, values)
  return values
}

function normal(n: number): number {
  return inverseNormal((n + 0.5) / SIZE) * TABLE_SCALE
}

/** Of index 3 and mean 3/2, moved to mean 0 and scaled by 4/3. */
function pareto(n: number): number {
  return (exp(-ln((SIZE - n) / SIZE) / 3) - 1.5) * (4 / 3) * TABLE_SCALE
}

function paretonormal(n: number): number {
  return (within(normal(n)) + 3 * within(pareto(n))) / 4
}

function within(value: number): number {
  return Math.max(-LARGEST - 1, Math.min(LARGEST, value))
}
