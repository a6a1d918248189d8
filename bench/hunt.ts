// The row hunt: cases of lost-and-late, each drawn, run and judged by all oracles, beside the same runs without a judge.

import { readFileSync } from 'node:fs'
import { sample } from 'fast-check'
import type { Case } from '../experiments/campaigns/campaign.ts'
import { LOST_AND_LATE } from '../experiments/campaigns/lostAndLate.ts'
import { type Experiment, readExperiment } from '../experiments/experiment.ts'
import { Court } from '../experiments/hunt/court.ts'
import { writeCase } from '../experiments/hunt/document.ts'
import { bug } from '../platform/assert.ts'
import { readYaml } from '../topologies/yaml/document.ts'
import { type BenchRow, compare, cpuSeconds } from './row.ts'

const CASES = 1200

/** Cases per CPU second; `ratio` is what judging leaves of the rate: a half, if the oracles cost as much as the run. */
export const hunt: BenchRow = {
  name: 'hunt',
  what: 'cases of lost-and-late drawn, run and judged, beside the same runs without oracles',
  measure: () => {
    const court = new Court(readCase)
    const draw = (): readonly Case[] => sample(LOST_AND_LATE.cases, { seed: 1, numRuns: CASES })
    const judged = (): void => {
      for (const some of draw()) {
        const broken = court.try(some).find(({ state }) => state === 'violated')
        if (broken !== undefined) bug(`${broken.name} is violated`)
      }
    }
    const bare = (): void => {
      for (const some of draw()) court.run(some)
    }
    const rate = (work: () => void) => (): number => CASES / cpuSeconds(work)
    return [compare('hunt', 'cases per CPU second', rate(judged), rate(bare), 3)]
  },
}

function readCase(some: Case): Experiment {
  const { name, question, topology } = LOST_AND_LATE
  const file = `topologies/${topology}.yaml`
  const reading = readExperiment(readYaml(name, writeCase(LOST_AND_LATE, some, question)), () =>
    readYaml(file, readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')),
  )
  return reading.ok ? reading.value : bug(`a case is no experiment: ${reading.mistakes[0]?.expected}`)
}
