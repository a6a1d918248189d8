// The expectation that a run keeps all rules.

import { EXACT, Jury } from '../oracles/jury.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import type { Judge } from './judge.ts'

/** Held where no oracle is violated and some had something to judge; open where none had. */
export function allOracles(): Judge {
  const jury = new Jury(EXACT)
  let verdicts: readonly OracleVerdict[] | undefined
  let last = 0
  return {
    see: (record) => {
      jury.record(record)
      last = record.at
    },
    verdict: () => {
      verdicts ??= jury.end(last)
      const broken = verdicts.find(({ state }) => state === 'violated')
      if (broken !== undefined) {
        const because = `${broken.name} (${broken.section}): ${broken.violations[0]?.sentence}`
        return { state: 'failed', because }
      }
      const exercised = verdicts.filter(({ state }) => state === 'holds').length
      if (exercised === 0) return { state: 'open', because: 'none had anything to judge' }
      return { state: 'held', because: `${exercised} of ${verdicts.length} had something to judge` }
    },
  }
}
