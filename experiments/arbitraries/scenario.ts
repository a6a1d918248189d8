// Scenarios: calls between any phones, and anything else that their programs can be asked, at any time.

import { type Arbitrary, array, constantFrom, oneof, record } from 'fast-check'
import { quantity } from '../../topologies/yaml/shape.ts'
import type { WrittenEntry } from '../scenario/entry.ts'
import { callScenario } from './call.ts'
import { duration } from './duration.ts'
import { checkOptions, having, whole } from './options.ts'
import { partiesOf, type WrittenTopology } from './topology.ts'
import { type Party, verbsOf } from './verbs.ts'

/** One step as a file writes it, times with their units. */
export interface WrittenStep {
  readonly at?: string
  readonly when?: string
  readonly after?: string
  readonly who: string
  readonly do: string
  readonly [parameter: string]: unknown
}

export interface ScenarioOptions {
  /** Whose phones are asked; default that of `two-phones-one-proxy`. */
  readonly topology?: Pick<WrittenTopology, 'nodes'>
  /** The most calls, 1 (the default) or more. */
  readonly mostCalls?: number
  /** The most other steps, each any verb of any program; default 2. */
  readonly mostOthers?: number
  /** When the last call or step may begin, whole seconds; default 30. */
  readonly mostSeconds?: number
}

const TWO: readonly Party[] = [
  { name: 'alice', uri: 'sip:alice@example.com' },
  { name: 'bob', uri: 'sip:bob@example.com' },
]

/** Shrinking goes towards one call at 0 s that the caller ends at once. Throws where an option is wrong. */
export function scenarios(options: ScenarioOptions = {}): Arbitrary<readonly WrittenStep[]> {
  checkOptions<ScenarioOptions>('scenarios', options, {
    topology: having(['nodes'], "{ nodes: { alice: { kind: 'host', … } } }"),
    ...{ mostCalls: whole(1), mostOthers: whole(0), mostSeconds: whole(0) },
  })
  const { topology, mostCalls = 1, mostOthers = 2, mostSeconds = 30 } = options
  const found = topology === undefined ? TWO : partiesOf(topology)
  const parties = found.length < 2 ? TWO : found
  const boxes = Object.entries(topology?.nodes ?? {}).flatMap(([name, { kind }]) =>
    kind === 'nat' || kind === 'firewall' ? [name] : [],
  )
  return record({
    calls: array(callBetween(parties, mostSeconds), { minLength: 1, maxLength: mostCalls, size: 'max' }),
    others: array(otherStep(parties, boxes, mostSeconds), { maxLength: mostOthers, size: 'max' }),
  }).map(({ calls, others }) => [...calls.flat(), ...others].map(written))
}

/** One call between two of the parties, from beginning to end. */
function callBetween(parties: readonly Party[], mostSeconds: number): Arbitrary<readonly WrittenEntry[]> {
  const pairs = parties.flatMap((caller) =>
    parties.filter((callee) => callee !== caller).map((callee) => ({ caller, callee })),
  )
  const start = duration(mostSeconds)
  return constantFrom(...pairs).chain(({ caller, callee }) =>
    record({ start, steps: callScenario({ caller: caller.name, callee: callee.name, to: callee.uri }) }).map(
      ({ start, steps }) => steps.map((step) => (step.at === undefined ? step : { ...step, at: step.at + start })),
    ),
  )
}

function otherStep(parties: readonly Party[], boxes: readonly string[], mostSeconds: number): Arbitrary<WrittenEntry> {
  const at = duration(mostSeconds)
  const asked = verbsOf('phone').map(({ verb, parameters }) =>
    record({ at, who: constantFrom(...parties.map(({ name }) => name)), given: parameters(parties) }).map(
      ({ at, who, given }): WrittenEntry => ({ at, who, do: verb, ...given }),
    ),
  )
  const reboots =
    boxes.length === 0
      ? []
      : [record({ at, who: constantFrom(...boxes) }).map((one): WrittenEntry => ({ ...one, do: 'reboot' }))]
  return oneof({ withCrossShrink: true }, ...asked, ...reboots)
}

/** Times with their units, as files have them. */
function written({ at, after, ...rest }: WrittenEntry): WrittenStep {
  const { encode } = quantity('duration')
  return {
    ...(at !== undefined && { at: encode(at) }),
    ...rest,
    ...(after !== undefined && after > 0 && { after: encode(after) }),
  } as WrittenStep
}
