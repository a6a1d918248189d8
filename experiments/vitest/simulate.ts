// `simulate`: one run of a network and a scenario from within a test, with its trace, its ladder and what all oracles say of it.

import { z } from 'zod'
import type { Program } from '../../platform/host.ts'
import { nearest } from '../../platform/nearest.ts'
import type { TraceLevel, TraceRecord } from '../../platform/trace.ts'
import { ChanceLog } from '../../sim/faults/freeze.ts'
import type { FaultRule } from '../../sim/faults/rule.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'
import { plainDocument } from '../../topologies/yaml/plain.ts'
import { topologiesBeside } from '../cli/library.ts'
import { watched } from '../cli/tripwires.ts'
import { type Experiment, readExperiment, scopeOf, type TopologyFinder } from '../experiment.ts'
import { fault, writtenOf } from '../faults.ts'
import { minimal, printNeeds } from '../hunt/reduction.ts'
import { StateOracles } from '../hunt/stateOracles.ts'
import { exactOn, Jury } from '../oracles/jury.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import { Run, type RunResult } from '../run/run.ts'
import type { Inside } from '../run/world.ts'
import { ladderOf } from './excerpt.ts'

/** One step of a scenario, as an experiment file writes it: `{ at: '0 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' }`. */
export interface Step {
  /** The time of the run, such as `2 s`; or else `when`. */
  readonly at?: string
  /** A condition of `siptwin schema experiment`, such as `bob is ringing`. */
  readonly when?: string
  /** How long after the condition was met; default at once. */
  readonly after?: string
  readonly who: string
  readonly do: string
  /** What the verb takes. */
  readonly [parameter: string]: unknown
}

/** One fault, as an experiment file writes it: `{ drop: { nth: 1, of: '200 INVITE', on: 'proxy -> alice' } }`. */
export type Fault = z.input<typeof fault>

export interface SimulateOptions {
  /** Seeds all chance; default 1. */
  readonly seed?: string | number
  readonly faults?: readonly Fault[]
  /** What is different in the topology, by paths: `{ 'nodes.proxy.runs.recordRoute': true }`. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Sentences of `siptwin schema experiment`, for `toMeetExpectations`. */
  readonly expect?: readonly string[]
  /** When the run ends at the latest; default 600 s. It ends earlier when nothing is left to happen. */
  readonly until?: string
  /** Programs of your own, by the host that runs them. What the scenario asks of these hosts goes to their `do`, as it stands. */
  readonly programs?: Readonly<Record<string, Program<undefined>>>
  /** All programs have this fault; see `siptwin hunt --help`. */
  readonly mutant?: string
  /** What is recorded; default `signalling`. */
  readonly level?: Exclude<TraceLevel, 'counters'>
}

/** What came of a run. */
export interface Simulation {
  readonly experiment: Experiment
  /** How the expectations stand, what is unfinished, which faults matched nothing, the digests. */
  readonly result: RunResult
  readonly digests: RunDigests
  /** Every record, in the run's order. */
  readonly trace: readonly TraceRecord[]
  /** What all oracles say, in their table's order; then those that look inside: quiescence, dialog agreement, no leak. */
  readonly verdicts: readonly OracleVerdict[]
  /** The whole ladder, as text; `width` characters, default 100. */
  ladder(width?: number): string
  /** The same run once more. */
  again(): Simulation
  /**
   * Where this run fails: the same failure with as few faults as will do. What the links decided by chance stands among them, on links
   * that leave nothing to chance, so that leaving one out changes no other. `fails` is asked of each smaller run, and must be true of this one.
   */
  smallest(fails: (run: Simulation) => boolean): Smallest
}

/** A failing run of which no fault can be left out. */
export interface Smallest {
  readonly run: Simulation
  /** As an experiment file writes them. */
  readonly faults: readonly Fault[]
  /** Such as `it fails only if both are there`. */
  readonly needs: string
}

/**
 * Runs a scenario in a network, to its end. `topology` is a ready-made one's name, a YAML file's path, YAML itself (more than one line), or
 * an object like a file's. Throws where any of it is wrong, with the sentences that say what to do; where a program of yours throws, with
 * the ladder so far; and where one touches the real clock, unseeded chance, a socket or a process, with its stack.
 */
export function simulate(
  topology: string | object,
  scenario: readonly Step[] = [],
  options: SimulateOptions = {},
): Simulation {
  checkOptions(topology, options)
  const { level = 'signalling', programs = {}, ...rest } = options
  const inline = typeof topology === 'object' || topology.includes('\n')
  const written = { question: 'simulate', topology: inline ? 'inline' : topology, scenario, ...rest }
  const reading = readExperiment(plainDocument('simulate', written), inline ? inlined(topology) : files, programs)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return simulated(reading.value, level)
}

/** At others nothing is recorded that matchers could look at. */
const LEVELS: readonly string[] = ['signalling', 'everything']

const OPTIONS: readonly string[] = Object.keys({
  ...{ seed: true, faults: true, set: true, expect: true },
  ...{ until: true, programs: true, mutant: true, level: true },
} satisfies Record<keyof SimulateOptions, true>)

/** What types cannot see to in a test that is not checked for them, and a misspelt import. */
function checkOptions(topology: unknown, options: SimulateOptions): void {
  if (typeof topology !== 'string' && (typeof topology !== 'object' || topology === null))
    throw new Error(`simulate: a topology's name, its YAML, or an object, not ${String(topology)}`)
  if (typeof options !== 'object' || options === null)
    throw new Error(`simulate: options such as { seed: 2 }, not ${String(options)}`)
  const { level = 'signalling' } = options
  if (!LEVELS.includes(level)) throw new Error(`simulate: level: one of ${LEVELS.join(', ')}, not ${String(level)}`)
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key))
  if (unknown !== undefined) {
    const close = nearest(unknown, OPTIONS)
    const hint = close === undefined ? `one of ${OPTIONS.join(', ')}` : `did you mean ${close}?`
    throw new Error(`simulate has no option "${unknown}": ${hint}`)
  }
  for (const [node, program] of Object.entries(options.programs ?? {})) {
    if (typeof (program as Partial<Program<undefined>> | null | undefined)?.start === 'function') continue
    const given = program === undefined ? 'undefined: is it exported by that name where it is imported from?' : 'none'
    throw new Error(`programs.${node}: expected a program, { name, start(host) { … } }, and this is ${given}`)
  }
}

const files: TopologyFinder = (name) => topologiesBeside('simulate')(name)

function inlined(topology: string | object): TopologyFinder {
  return () => (typeof topology === 'string' ? readYaml('topology', topology) : plainDocument('topology', topology))
}

function simulated(experiment: Experiment, level: TraceLevel): Simulation {
  const trace: TraceRecord[] = []
  const jury = new Jury(exactOn(scopeOf(experiment.topology)))
  const stateOracles = new StateOracles()
  const see = (record: TraceRecord): void => {
    trace.push(record)
    jury.record(record)
    stateOracles.record(record)
  }
  const run = watched(() => runOf(experiment, level, see, trace, { look: (inside) => stateOracles.look(inside) }), {
    imports: true,
  })
  const result = run.result()
  const { until, idle, inside } = run
  const verdicts = [...jury.end(until), ...stateOracles.verdicts(inside, idle, until, !idle)]
  return {
    ...{ experiment, result, trace, digests: result.digests, verdicts },
    ladder: (width = 100) => ladderOf(experiment, trace, width).join('\n'),
    again: () => simulated(experiment, level),
    smallest: (fails) => smallest(experiment, level, fails),
  }
}

function smallest(experiment: Experiment, level: TraceLevel, fails: (run: Simulation) => boolean): Smallest {
  if (typeof fails !== 'function')
    throw new Error('smallest needs a question that this run fails: run.smallest((run) => !run.result.ok)')
  const log = new ChanceLog()
  watched(() => runOf(experiment, level, () => undefined, [], { chance: log }), { imports: true })
  const of = (faults: readonly FaultRule[], incidents: Experiment['incidents']): Simulation =>
    simulated({ ...experiment, calm: true, faults, incidents }, level)
  const all = [...experiment.faults, ...log.tape()]
  if (!fails(of(all, experiment.incidents)))
    throw new Error(
      'smallest was asked about a run that does not fail: it makes failures smaller, and keeps them failing',
    )
  const incidents = minimal(experiment.incidents, (some) => fails(of(all, some)))
  const faults = minimal(all, (some) => fails(of(some, incidents)))
  return {
    run: of(faults, incidents),
    faults: faults.map((rule) => z.encode(fault, writtenOf(rule))),
    needs: printNeeds(faults.length + incidents.length),
  }
}

function runOf(
  experiment: Experiment,
  level: TraceLevel,
  see: (record: TraceRecord) => void,
  trace: readonly TraceRecord[],
  { chance, look }: { readonly chance?: ChanceLog; readonly look?: (inside: Inside) => void },
): Run {
  const run = new Run(experiment, { level, sinks: [see], ...(chance && { chance }) })
  try {
    const { inside } = run
    while (!run.step(look === undefined ? Number.MAX_SAFE_INTEGER : 1)) look?.(inside)
  } catch (error) {
    if (error instanceof Error) error.message += `\n\n${ladderOf(experiment, trace, 100).slice(-LAST_ROWS).join('\n')}`
    throw error
  }
  return run
}

const LAST_ROWS = 30
