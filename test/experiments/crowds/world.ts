// A crowd's world by its number: a document as a file would have it, and the experiment that it is.

import { type Experiment, readExperiment } from '../../../experiments/experiment.ts'
import { MEASURES } from '../../../experiments/measures/names.ts'
import { Run } from '../../../experiments/run/run.ts'
import { printMistake } from '../../../topologies/yaml/mistake.ts'
import { plainDocument } from '../../../topologies/yaml/plain.ts'
import { Dice } from './dice.ts'
import type { Words } from './links.ts'
import { drawnNetwork } from './network.ts'
import { drawnScenario } from './steps.ts'
import { drawnFaults } from './strikes.ts'

export interface CrowdDocument {
  readonly question: string
  readonly topology: { readonly nodes: Readonly<Record<string, Words>>; readonly links: readonly Words[] }
  readonly scenario: readonly Words[]
  readonly faults: readonly Words[]
  readonly measure: readonly string[]
  readonly until: string
  readonly seed: number
}

/** The world of that number. */
export function crowdOf(world: number): CrowdDocument {
  const dice = new Dice(world, 'network')
  const network = drawnNetwork(dice)
  const { nodes, links } = network
  return {
    question: `What becomes of crowd ${world}?`,
    topology: { nodes, links },
    scenario: drawnScenario(new Dice(world, 'scenario'), network),
    faults: drawnFaults(new Dice(world, 'faults'), network),
    measure: Object.keys(MEASURES),
    until: dice.one(['14 s', '20 s', '45 s']),
    seed: world,
  }
}

/** What a file with this in it asks; or why it is refused. */
export function experimentIn(document: object): Experiment | readonly string[] {
  const reading = readExperiment(plainDocument('crowd', document), () => ({ hint: 'it is in the file' }))
  return reading.ok ? reading.value : reading.mistakes.map(printMistake)
}

/** True for the few documents that contradict themselves. */
export function isRefused(document: object): boolean {
  return !('topology' in experimentIn(document))
}

/** So many events are enough: what takes more takes minutes, told record by record. */
const MOST_EVENTS = 30_000

/** True for a world that is over within {@link MOST_EVENTS}. */
export function isShort(document: object): boolean {
  const read = experimentIn(document)
  return 'topology' in read && new Run(read, { level: 'signalling' }).step(MOST_EVENTS)
}
