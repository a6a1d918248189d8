// `siptwin hunt --mutants`: the table of which oracle catches which mutant.

import { setImmediate } from 'node:timers/promises'
import { counted } from '../../platform/counted.ts'
import type { Campaign } from '../campaigns/campaign.ts'
import { CAMPAIGNS } from '../campaigns/table.ts'
import { type Caught, catchMutant, median } from '../hunt/mutants.ts'
import { PROPERTIES } from '../hunt/properties.ts'
import { MUTANTS } from '../mutants/table.ts'
import { Ending, EXIT } from './exit.ts'
import { readCase } from './quarry.ts'
import type { Terminal } from './terminal.ts'

/** Hunts all mutants, one after the other: each in this campaign, but for those that say in which one they show. */
export async function huntMutants(
  terminal: Terminal,
  campaign: Campaign,
  { runs, seed, json }: { readonly runs: number; readonly seed: number; readonly json: boolean },
): Promise<void> {
  const caught: Caught[] = []
  let interrupted = false
  const interrupt = (): void => {
    interrupted = true
  }
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    for (const { name, campaign: place } of MUTANTS.values()) {
      await setImmediate()
      if (interrupted) throw new Ending(EXIT.interrupted, `interrupted after ${counted(caught.length, 'mutant')}`)
      const one = catchMutant(CAMPAIGNS.get(place ?? '') ?? campaign, name, readCase, { runs, seed })
      caught.push(one)
      if (!json) terminal.out(`${row(one)}\n`)
    }
  } finally {
    process.removeListener('SIGINT', interrupt)
    process.removeListener('SIGTERM', interrupt)
  }
  const found = caught.filter(({ after }) => after !== undefined)
  const broken = new Set(found.flatMap(({ oracles }) => oracles))
  const facts = {
    mutants: caught.length,
    caught: found.length,
    medianFaults: median(found.map(({ faults }) => faults)),
    medianSteps: median(found.map(({ steps }) => steps)),
    never: PROPERTIES.map(({ name }) => name).filter((name) => !broken.has(name)),
  }
  if (json)
    terminal.out(`${JSON.stringify({ campaign: campaign.name, seed, runs, ...facts, table: caught }, null, 2)}\n`)
  else
    terminal.out(
      `${facts.caught} of ${counted(facts.mutants, 'mutant')} caught within ${counted(runs, 'case')}; the smallest cases have a median of ${counted(facts.medianFaults, 'fault')} and ${counted(facts.medianSteps, 'step')}\n${never(facts.never)}`,
    )
  if (found.length < caught.length) terminal.code = EXIT.failed
}

function never(names: readonly string[]): string {
  return names.length === 0 ? '' : `rules that none of them breaks there: ${names.join(', ')}\n`
}

function row({ mutant, after, oracles, faults, steps }: Caught): string {
  const name = mutant.padEnd(WIDTH)
  if (after === undefined) return `${name}  ✗ got away`
  return `${name}  case ${String(after).padEnd(4)}  ${counted(faults, 'fault').padEnd(8)}  ${counted(steps, 'step').padEnd(7)}  ${oracles.join(', ')}`
}

const WIDTH = Math.max(...[...MUTANTS.keys()].map((name) => name.length))
