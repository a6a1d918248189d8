// One run of an experiment, in slices: the world, and the folds that judge, measure and audit it.

import type { TraceLevel, TraceRecord } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { type FaultRule, printFaultRule } from '../../sim/faults/rule.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'
import type { PacketTotals } from '../../sim/trace/totals.ts'
import { type Audit, Auditor } from '../auditor/auditor.ts'
import type { Experiment } from '../experiment.ts'
import { Measurement } from '../measures/measurement.ts'
import type { Hindsight } from '../sentences/events.ts'
import type { Judge, Measured, Verdict } from '../sentences/judge.ts'
import { type Stall, Stalls } from '../why/stalls.ts'
import { linkFacts } from './links.ts'
import { type Inside, World, type WorldOptions, type WorldSink } from './world.ts'

/** An expectation and how it stands. */
export interface JudgedExpectation extends Verdict {
  readonly text: string
}

/** What came of a run. */
export interface RunResult {
  /** True if every expectation held, every action was done and no law was broken. */
  readonly ok: boolean
  readonly expectations: readonly JudgedExpectation[]
  /** Only what the experiment asked for, in its order. */
  readonly measured: Measured
  /** What did not happen: who was waiting for what, and what was refused; a sentence each. */
  readonly unfinished: readonly string[]
  /** Silences of more than a minute, and who still waited when the run ended and something was expected. */
  readonly stalls: readonly Stall[]
  /** Faults that matched no packet or never struck; a sentence each. */
  readonly unmatchedFaults: readonly string[]
  readonly audit: Audit
  readonly digests: RunDigests
  readonly packets: PacketTotals
  /** Virtual time of the last record, ns. */
  readonly endedAt: number
  /** Events executed. */
  readonly events: number
}

export interface RunOptions extends WorldOptions {
  /** Overrides the experiment's, ns. */
  readonly until?: number
}

/** Make one, call `step` until it says that it is done, and ask for the `result`. */
export class Run {
  readonly #experiment: Experiment
  readonly #world: World
  readonly #until: number
  readonly #judges: readonly { readonly text: string; readonly judge: Judge }[]
  readonly #measurement = new Measurement()
  readonly #auditor: Auditor
  readonly #stalls = new Stalls()
  #over = false
  #idle = false
  #lastAt = 0

  constructor(experiment: Experiment, options: RunOptions) {
    const { until = experiment.until, sinks = [], ...rest } = options
    this.#experiment = experiment
    this.#until = until
    this.#judges = experiment.expect.map(({ text, make }) => ({ text, judge: make() }))
    this.#auditor = new Auditor({
      links: linkFacts(experiment.topology, options.faults ?? experiment.faults, experiment.incidents),
      complete: options.level === 'everything',
    })
    this.#world = new World(experiment, {
      ...rest,
      sinks: [...sinks, (record, hindsight) => this.#see(record, hindsight)],
    })
  }

  /** Virtual time so far, ns. */
  get now(): number {
    const { kernel } = this.#world.network
    return kernel.now * kernel.tickNs
  }

  get until(): number {
    return this.#until
  }

  /** What can be asked of its world between two steps. */
  get inside(): Inside {
    return this.#world.inside
  }

  /** How far it was seen, ns: where nothing is left to happen, to its end. */
  get seenUntil(): number {
    return this.#over ? this.#until : this.now
  }

  /** True if the run is over because nothing was left to happen. */
  get idle(): boolean {
    return this.#idle
  }

  /** Executes at most `maxEvents` events; true when the run is over. */
  step(maxEvents: number): boolean {
    if (this.#over) return true
    const end = this.#world.network.run(this.#until, maxEvents)
    this.#idle = end === 'idle'
    this.#over = end !== 'slice'
    return this.#over
  }

  result(): RunResult {
    const { network, refused } = this.#world
    const all = this.#measurement.measured()
    const expectations = this.#judges.map(({ text, judge }) => ({ text, ...judge.verdict(all, this.seenUntil) }))
    const measured = Object.fromEntries(
      this.#experiment.measure.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
    ) as Measured
    const audit = this.#auditor.end(network.inFlight)
    const unfinished = [
      ...this.#waiting(),
      ...refused.map(
        ({ entry, at, expected }) => `${entry.words}: refused at ${printDuration(at)}: expected ${expected}`,
      ),
    ]
    const ok = expectations.every(({ state }) => state === 'held') && unfinished.length === 0 && audit.count === 0
    return {
      ...{ ok, expectations, measured, unfinished, audit },
      unmatchedFaults: [
        ...network.unmatchedFaults().map((rule: FaultRule) => `${printFaultRule(rule)}: matched no packet`),
        ...this.#world.incidents.waiting.map(({ words }) => `${words}: never struck`),
        ...[...this.#world.ahead].map(({ words }) => `${words}: never struck: the run ended before`),
      ],
      stalls: this.#stalls.told(
        unfinished.length > 0 || expectations.some(isOpen) ? (this.#idle ? 'dry' : this.seenUntil) : undefined,
      ),
      digests: network.digests(),
      packets: network.recorder.totals(),
      endedAt: this.#lastAt,
      events: network.kernel.executed,
    }
  }

  #see(record: TraceRecord, hindsight: Hindsight): void {
    this.#lastAt = record.at
    for (const { judge } of this.#judges) judge.see(record, hindsight)
    this.#measurement.see(record)
    this.#auditor.record(record)
    this.#stalls.record(record)
  }

  /** Who was waiting for what when the run ended. */
  #waiting(): readonly string[] {
    const { engine, planned } = this.#world
    const end = printDuration(this.#until)
    const late = [...planned].map(
      ([{ who, verb }, at]) => `${who} was to ${verb} at ${printDuration(at)}: the run ended before, at ${end}`,
    )
    const unmet = engine.waiting.map(({ who, verb, trigger }) => {
      const condition = 'when' in trigger ? trigger.when : ''
      return `${who} waited to ${verb} until the end of the run, at ${end}: "${condition}" never came true`
    })
    return [...late, ...unmet]
  }
}

function isOpen({ state }: Verdict): boolean {
  return state === 'open'
}

/** Runs an experiment to its end in one go. */
export function runWhole(
  experiment: Experiment,
  level: TraceLevel = 'signalling',
  sinks: readonly WorldSink[] = [],
): RunResult {
  const run = new Run(experiment, { level, sinks })
  while (!run.step(Number.MAX_SAFE_INTEGER));
  return run.result()
}
