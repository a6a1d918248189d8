// Makes a failing case as small as it can be on its frozen run: what chance decided becomes faults, and those that are not needed go.

import { ChanceLog } from '../../sim/faults/freeze.ts'
import type { Case } from '../campaigns/campaign.ts'
import { writtenOf } from '../faults.ts'
import type { Court } from './court.ts'
import { fails } from './failing.ts'
import { PROMISE } from './properties.ts'

/**
 * The same failure with fewer faults, of which each one is needed. Where links took decisions by chance, these stand among the faults, and
 * the links are calm: so leaving one out changes no other.
 */
export function reduced(court: Court, some: Case, property: string): Case {
  const log = new ChanceLog()
  court.try(some, [], { chance: log })
  const tape = log.tape()
  const calm: Case =
    tape.length === 0 ? some : { ...some, faults: [...some.faults, ...tape.map(writtenOf)], calm: true }
  const frozen = fails(court, calm, property) ? calm : some
  const faults = minimal(frozen.faults, (faults) => fails(court, { ...frozen, faults }, property))
  const fewer = { ...frozen, faults }
  // Without the step that is to bring it about, no promise is kept.
  if (property === PROMISE.name) return fewer
  const scenario = minimal(fewer.scenario, (scenario) => fails(court, { ...fewer, scenario }, property))
  return { ...fewer, scenario }
}

/** What the reduced case says of its faults. */
export function printNeeds(faults: number): string {
  if (faults === 0) return 'it fails without any fault'
  if (faults === 1) return 'it fails only if this fault is there'
  return faults === 2 ? 'it fails only if both are there' : `it fails only if all ${faults} are there`
}

/** Leaves out parts, half of them at first and single ones at last, for as long as it still fails: then none can be left out. */
export function minimal<T>(parts: readonly T[], stillFails: (some: readonly T[]) => boolean): readonly T[] {
  let kept = parts
  for (let size = Math.ceil(kept.length / 2); size > 0; ) {
    const fewer = withoutOne(kept, size, stillFails)
    if (fewer !== undefined) kept = fewer
    else if (size === 1) break
    else size = Math.ceil(size / 2)
    size = Math.min(size, kept.length)
  }
  return kept
}

function withoutOne<T>(
  parts: readonly T[],
  size: number,
  stillFails: (some: readonly T[]) => boolean,
): readonly T[] | undefined {
  for (let from = 0; from < parts.length; from += size) {
    const fewer = [...parts.slice(0, from), ...parts.slice(from + size)]
    if (stillFails(fewer)) return fewer
  }
  return undefined
}
