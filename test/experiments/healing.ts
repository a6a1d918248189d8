// Random worlds that break and are whole again: networks, calls, rules about packets and incidents that fit each other; for the laws of healed
// networks, as often as usual and as often as a soak wants.

import fc from 'fast-check'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import {
  faultTapes,
  incidents,
  scenarios,
  type TopologyOptions,
  topologies,
} from '../../experiments/arbitraries/entrance.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { Run, type RunOptions } from '../../experiments/run/run.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

/** All incidents are over at 60 s; then every phone asks its proxy something. */
const ASKED = 100
const LABELS = ['INVITE', '200 INVITE', 'ACK', 'BYE', 'REGISTER', '200 REGISTER', '180 INVITE']

/** Worlds with such networks; three phones at most unless it is said. */
export const worldsOn = (options: TopologyOptions = {}) =>
  topologies({ mostPhones: 3, ...options }).chain((topology) =>
    fc.record({
      topology: fc.constant(topology),
      scenario: scenarios({ topology, mostCalls: 2, mostSeconds: 30 }),
      tape: faultTapes({ topology, labels: LABELS }),
      incidents: incidents({ topology }),
      seed: fc.nat(1000),
    }),
  )
export type World = ReturnType<typeof worldsOn> extends fc.Arbitrary<infer T> ? T : never

/** `withinS`: how soon each phone is promised an answer, s; `asks`: when it asks. */
function experimentOf(
  { topology, scenario, tape, incidents, seed }: World,
  withinS = 3,
  asks: readonly number[] = [ASKED],
): Experiment {
  const phones = Object.entries(topology.nodes).flatMap(([name, { runs }]) =>
    (runs as { readonly program?: string } | undefined)?.program === 'phone' ? [name] : [],
  )
  const asking = asks.flatMap((at) =>
    phones.map((who) => ({ at: `${at} s`, who, do: 'options', to: 'sip:nobody@example.com' })),
  )
  const document = {
    question: 'Does a healed network deliver again?',
    topology,
    scenario: [...scenario, ...asking],
    faults: [...incidents, ...tape],
    expect: phones.map((name) => `404 OPTIONS is received by ${name} between ${ASKED} s and ${ASKED + withinS} s`),
    until: '150 s',
    seed,
  }
  const reading = readExperiment(readYaml('world', stringify(document)), () => ({ hint: 'it is in the file' }))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}

function run(experiment: Experiment, options: Partial<RunOptions> = {}) {
  const made = new Run(experiment, { level: 'everything', ...options })
  while (!made.step(Number.MAX_SAFE_INTEGER));
  return made.result()
}

/** The laws of physics hold; run again, in stages, or frozen, the run is the same to the bit. */
export function keepsItsLaws(world: World): void {
  const experiment = experimentOf(world)
  const chance = new ChanceLog()
  const result = run(experiment, { chance })
  expect(result.audit.violations).toEqual([])
  expect(run(experiment, { fused: false }).digests).toEqual(result.digests)
  const frozen = run(experiment, { faults: [...experiment.faults, ...chance.tape()], calm: true })
  expect(frozen.digests).toEqual(result.digests)
}

/** When all incidents have ended, every phone's question is answered. What no rule lets through holds up all that TCP has behind it: for UDP. */
export function deliversAgain(world: World): void {
  expectAnswers(experimentOf(world))
}

/** The same where links go on losing a few packets by chance, or are slow: as long as Timer E repeats the question, one comes through. */
export function deliversInTheEnd(world: World): void {
  expectAnswers(experimentOf(world, 32))
}

/** The same over TCP, after incidents alone. Whoever asks over a connection that died meanwhile hears so (RFC 3261 §18.4), and asks again. */
export function deliversOverTcp(world: World): void {
  expectAnswers(experimentOf({ ...world, tape: [] }, 45, [ASKED, ASKED + 40]))
}

function expectAnswers(experiment: Experiment): void {
  const { expectations } = run(experiment, { level: 'signalling' })
  expect(expectations.filter(({ state }) => state !== 'held').map(({ text }) => text)).toEqual([])
}
