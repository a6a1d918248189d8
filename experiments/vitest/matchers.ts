// The matchers. What they say of a failure is a ladder around it, not JSON.

import { nearest } from '../../platform/nearest.ts'
import { printDuration } from '../../platform/units.ts'
import { ladderNodes, warningsOf } from '../cli/print.ts'
import { differences } from '../cli/twice.ts'
import { drawDiff } from '../diff/diff.ts'
import { findParting } from '../diff/first.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import { ladderAround, rowsOf } from './excerpt.ts'
import { matchRows, readPattern } from './pattern.ts'
import type { Simulation } from './simulate.ts'

/** What vitest asks of a matcher. */
interface Outcome {
  readonly pass: boolean
  message(): string
}

/** How strict `toHoldTo` is. */
export interface HoldOptions {
  /** True: a rule that had nothing to judge has not held. Default false. */
  readonly exercised?: boolean
}

const SHOWN = 3

/** No oracle of these names, or of all where none is named, is violated. */
function toHoldTo(received: unknown, oracle?: string | readonly string[], options: HoldOptions = {}): Outcome {
  const run = simulationOf(received)
  const named = oracle === undefined ? undefined : [oracle].flat()
  if (named?.length === 0)
    throw new Error('toHoldTo of no rule checks nothing: name some, or leave the list out for all')
  const chosen = run.verdicts.filter(({ name }) => named === undefined || named.includes(name))
  const unknown = named?.find((name) => !chosen.some((one) => one.name === name))
  if (unknown !== undefined) throw new Error(unknownOracle(unknown, run.verdicts))
  const broken = chosen.filter(({ state }) => state === 'violated')
  const idle = options.exercised === true ? chosen.filter(({ state }) => state === 'not exercised') : []
  const names = chosen.map(({ name }) => name).join(', ')
  return {
    pass: broken.length === 0 && idle.length === 0,
    message: () => {
      if (broken.length > 0) return violationsOf(run, broken)
      if (idle.length > 0)
        return shown(run, [`nothing in this run exercised ${idle.map(({ name }) => name).join(', ')}`])
      return `${named === undefined ? 'all rules' : names} held, and should not have\n\n${run.ladder()}`
    },
  }
}

/** The same run, done again, is the same to the bit. */
function toReplay(received: unknown): Outcome {
  const run = simulationOf(received)
  const again = run.again()
  const found = differences(run.digests, again.digests)
  return {
    pass: found.length === 0,
    message: () => {
      if (found.length === 0) return 'the run is the same to the bit when it is done again, and should not be'
      const [left, right] = [run, again].map(({ trace }) => ({ level: 'signalling' as const, records: () => trace }))
      const parting = findParting(left!, right!)
      const nodes = ladderNodes(run.experiment.topology)
      const drawn = parting === undefined ? [] : drawDiff(left!, right!, parting, { nodes, width: 100 })
      return [`the run differs when it is done again, in ${found.join('; ')}`, '', ...drawn].join('\n')
    },
  }
}

/** These messages and notes come in this order; see `readPattern`. */
function toContainLadder(received: unknown, pattern: string): Outcome {
  const run = simulationOf(received)
  const match = matchRows(rowsOf(run.experiment, run.trace).rows, readPattern(pattern))
  return {
    pass: match.ok,
    message: () =>
      match.ok
        ? `the ladder has these lines, and should not\n\n${run.ladder()}`
        : [
            `line ${match.index + 1}, "${match.line}", does not come after what comes before it`,
            '',
            ...around(run, match.after, `from here on, no "${match.line}"`),
          ].join('\n'),
  }
}

/** Every sentence of `expect` holds, and all that the scenario asked for was done. */
function toMeetExpectations(received: unknown): Outcome {
  const run = simulationOf(received)
  const { expectations, unfinished } = run.result
  if (expectations.length === 0)
    throw new Error("this run has nothing to meet: give simulate its expectations, { expect: ['call is established'] }")
  const failed = expectations.filter(({ state }) => state !== 'held')
  const lines = [...failed.map(({ text, because }) => `✗ ${text}: ${because}`), ...unfinished.map((one) => `✗ ${one}`)]
  return {
    pass: lines.length === 0,
    message: () => shown(run, lines.length === 0 ? ['all expectations were met, and should not have been'] : lines),
  }
}

/** By the names that tests call them by. */
export const MATCHERS = { toHoldTo, toReplay, toContainLadder, toMeetExpectations }

function simulationOf(received: unknown): Simulation {
  if (typeof received === 'object' && received !== null && 'verdicts' in received && 'trace' in received)
    return received as Simulation
  throw new Error('expect(…) what simulate gave: const run = simulate(topology, scenario); expect(run).toReplay()')
}

/** What is wrong, the words and faults that changed nothing, and the whole ladder. */
function shown(run: Simulation, lines: readonly string[]): string {
  return `${[...lines, ...warningsOf(run.result, run.experiment)].join('\n')}\n\n${run.ladder()}`
}

function around(run: Simulation, at: number, sentence: string): readonly string[] {
  return ladderAround(run.experiment, run.trace, at, sentence)
}

/** The ladder around the first violation of the first rule; the other rules in a sentence each. */
function violationsOf(run: Simulation, broken: readonly OracleVerdict[]): string {
  const [first] = broken[0]?.violations ?? []
  const [one, ...others] = broken.map(({ name, section, says, violations, count }) => [
    `${name} (${section}): ${says}`,
    ...violations
      .slice(0, SHOWN)
      .map(({ at, sentence, proofs }) => `✗ at ${printDuration(at, 3)}, ${sentence} [${proofs.join(', ')}]`),
    ...(count > SHOWN ? [`  and ${count - SHOWN} more`] : []),
  ])
  const ladder = first === undefined ? [] : ['', ...around(run, first.at, `✗ ${broken[0]?.name}`)]
  return [...(one ?? []), ...ladder, ...others.flatMap((lines) => ['', ...lines])].join('\n')
}

function unknownOracle(name: string, verdicts: readonly OracleVerdict[]): string {
  const close = nearest(
    name,
    verdicts.map((one) => one.name),
  )
  return `there is no oracle "${name}": ${close === undefined ? 'siptwin list properties shows them all' : `did you mean ${close}?`}`
}
