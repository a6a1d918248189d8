// What the auditor may hold each link direction to, from how the topology and the faults describe it.

import type { FaultRule } from '../../sim/faults/rule.ts'
import type { LinkDirection } from '../directions.ts'
import type { LinkFacts } from './law.ts'

/** The facts of all directions. A fault tape that delays, holds, copies or swaps breaks the promise of order, on every link to be safe. */
export function factsOf(directions: readonly LinkDirection[], faults: readonly FaultRule[]): readonly LinkFacts[] {
  const disturbed = faults.some(({ action }) => !('drop' in action || 'corruptBit' in action || 'jitterNs' in action))
  return directions.map(({ name, from, to, framingBytes, direction }) => ({
    ...{ name, from, to, framingBytes, delayNs: direction.delayNs, queueKeepsOrder: true },
    ...(direction.rateBps === undefined ? {} : { rateBps: direction.rateBps }),
    arriveInOrder: direction.jitter?.reorders !== true && !disturbed,
  }))
}
