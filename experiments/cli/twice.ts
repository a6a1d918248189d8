// Two runs of one experiment, which must be the same to the bit.

import type { RunDigests } from '../../sim/trace/digest.ts'

/** What differs between two runs' digests, of those that both have; empty if nothing does. */
export function differences(one: RunDigests, other: RunDigests): readonly string[] {
  const names = ['packets', 'transitions', 'contents'] as const
  return names.flatMap((name) => {
    const [a, b] = [one[name], other[name]]
    return a === undefined || b === undefined || a === b ? [] : [`${name}: ${a} and ${b}`]
  })
}
