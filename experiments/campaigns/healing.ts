// Liveness: anything may go wrong until a time, and nothing after it; what was promised must then come true within a bound.

import type { Arbitrary } from 'fast-check'
import { type FaultOptions, faultTape } from '../arbitraries/faults.ts'
import { isIncident, type WrittenFault } from '../faults.ts'
import type { WrittenEntry } from '../scenario/entry.ts'

/** Fault tapes of which nothing strikes a packet that is sent at `healedNs` or later. */
export function healing({
  healedNs,
  ...options
}: FaultOptions & { readonly healedNs: number }): Arbitrary<readonly WrittenFault[]> {
  return faultTape(options).map((tape) => tape.map((fault) => before(fault, healedNs)))
}

/** A call at that second of the run, hung up so many seconds later, whatever became of it. */
export function callAt(who: string, to: string, second: number, lastsSeconds: number): readonly WrittenEntry[] {
  return [
    { at: second * 1e9, who, do: 'call', to },
    { at: (second + lastsSeconds) * 1e9, who, do: 'hang up' },
  ]
}

function before(fault: WrittenFault, healedNs: number): WrittenFault {
  if (isIncident(fault)) return fault
  return Object.fromEntries(
    Object.entries(fault).map(([kind, rule]) => [kind, { ...(rule as object), before: healedNs }]),
  )
}
