// The table of mutants: which oracle catches which, and how small the case is that shows it.

import { check, property } from 'fast-check'
import type { Campaign, Case } from '../campaigns/campaign.ts'
import type { Experiment } from '../experiment.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import { Court } from './court.ts'

/** One mutant and what became of it. */
export interface Caught {
  readonly mutant: string
  /** Which case gave it away, counted from 1; undefined: none did. */
  readonly after: number | undefined
  /** The oracles that the smallest case violates, in their table's order. */
  readonly oracles: readonly string[]
  /** In the smallest case. */
  readonly faults: number
  readonly steps: number
}

/** Hunts one mutant with at most `runs` cases of a campaign in which it can show, and shrinks what is found. */
export function catchMutant(
  campaign: Campaign,
  mutant: string,
  read: (campaign: Campaign, some: Case) => Experiment,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): Caught {
  const wrong = { ...campaign, mutant }
  const court = new Court((some) => read(wrong, some), campaign)
  let prey: string | undefined
  const holds = (some: Case): boolean => {
    const names = violatedIn(court.try(some))
    prey ??= names[0]
    return prey === undefined || !names.includes(prey)
  }
  const details = check(property(campaign.cases, holds), { seed, numRuns: runs })
  const [smallest] = details.counterexample ?? []
  if (smallest === undefined) return { mutant, after: undefined, oracles: [], faults: 0, steps: 0 }
  return {
    mutant,
    after: details.numRuns,
    oracles: violatedIn(court.try(smallest)),
    faults: smallest.faults.length,
    steps: smallest.scenario.length,
  }
}

function violatedIn(verdicts: readonly OracleVerdict[]): readonly string[] {
  return verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)
}

/** The one in the middle, of an even number the greater one; of none 0. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
