// A whole world to run: a network, what is asked of its phones, and what goes wrong on its links.

import { type Arbitrary, record } from 'fast-check'
import { anything, checkOptions } from './options.ts'
import { type ScenarioOptions, scenarios, type WrittenStep } from './scenario.ts'
import { type FaultTapeOptions, faultTapes, type WrittenTapeEntry } from './tape.ts'
import { TOPOLOGY_RULES, type TopologyOptions, topologies, type WrittenTopology } from './topology.ts'

/** What `simulate(topology, scenario, { faults })` takes. */
export interface DrawnWorld {
  readonly topology: WrittenTopology
  readonly scenario: readonly WrittenStep[]
  readonly faults: readonly WrittenTapeEntry[]
}

export interface WorldOptions extends TopologyOptions {
  readonly scenario?: Omit<ScenarioOptions, 'topology'>
  readonly tape?: Omit<FaultTapeOptions, 'topology'>
}

/** Scenarios and tapes fit their topology: they ask its phones, and hit its links. Throws where an option is wrong. */
export function worlds(options: WorldOptions = {}): Arbitrary<DrawnWorld> {
  checkOptions<WorldOptions>('worlds', options, { ...TOPOLOGY_RULES, scenario: anything, tape: anything })
  const { scenario = {}, tape = {}, ...network } = options
  scenarios(scenario)
  faultTapes(tape)
  return topologies(network).chain((topology) =>
    record({ scenario: scenarios({ ...scenario, topology }), faults: faultTapes({ ...tape, topology }) }).map(
      (rest) => ({
        topology,
        ...rest,
      }),
    ),
  )
}
