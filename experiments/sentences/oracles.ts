// The expectations that a run keeps the rules: all of them, or one.

import { exactOn, Jury } from '../oracles/jury.ts'
import type { Oracle, OracleVerdict } from '../oracles/oracle.ts'
import { ORACLES } from '../oracles/table.ts'
import type { Judge, Verdict } from './judge.ts'
import type { Scope } from './slot.ts'

type Known = Pick<Scope, 'drifting' | 'timersOf'>

/** Held where no oracle is violated and some had something to judge; open where none had. */
export function allOracles(known: Known): Judge {
  return judged(ORACLES, known, (verdicts) => {
    const broken = verdicts.find(({ state }) => state === 'violated')
    if (broken !== undefined)
      return { state: 'failed', because: `${broken.name} (${broken.section}): ${firstOf(broken)}` }
    const exercised = verdicts.filter(({ state }) => state === 'holds').length
    if (exercised === 0) return { state: 'open', because: 'none had anything to judge' }
    return { state: 'held', because: `${exercised} of ${verdicts.length} had something to judge` }
  })
}

/** Held where the one of that name is not violated and had something to judge; open where it had nothing, or there is none. */
export function oneOracle(wanted: string, known: Known): Judge {
  const those = ORACLES.filter(({ name }) => name === wanted)
  return judged(those, known, ([verdict]) => {
    if (verdict === undefined || verdict.state === 'not exercised') {
      return { state: 'open', because: 'it had nothing to judge' }
    }
    if (verdict.state === 'violated') return { state: 'failed', because: `${verdict.section}: ${firstOf(verdict)}` }
    return { state: 'held', because: `judged ${verdict.exercised === 1 ? 'once' : `${verdict.exercised} times`}` }
  })
}

function judged(
  oracles: readonly Oracle[],
  known: Known,
  verdictOf: (verdicts: readonly OracleVerdict[]) => Verdict,
): Judge {
  const jury = new Jury(exactOn(known), oracles)
  let verdicts: readonly OracleVerdict[] | undefined
  let last = 0
  return {
    see: (record) => {
      jury.record(record)
      last = record.at
    },
    verdict: (_, until = last) => {
      verdicts ??= jury.end(until)
      return verdictOf(verdicts)
    },
  }
}

function firstOf({ violations }: OracleVerdict): string {
  return violations[0]?.sentence ?? ''
}
