// One run's world: the network that a topology describes, its programs started, its scenario planned, and all who read the record.

import type { Holdings } from '../../platform/holdings.ts'
import type { Host, Program, RunningProgram } from '../../platform/host.ts'
import type { RecordId, TraceLevel, TraceRecord } from '../../platform/trace.ts'
import type { ChanceLog } from '../../sim/faults/freeze.ts'
import type { FaultRule } from '../../sim/faults/rule.ts'
import type { Network } from '../../sim/network/network.ts'
import { buildNetwork } from '../../topologies/build.ts'
import { hostDoing } from '../../topologies/hostVerbs.ts'
import { startProgram } from '../../topologies/programs.ts'
import { classify } from '../classify.ts'
import type { Experiment } from '../experiment.ts'
import type { PlannedIncident } from '../incidents.ts'
import { mutated } from '../mutants/mutant.ts'
import { MUTANTS } from '../mutants/table.ts'
import { Repetitions } from '../repetition.ts'
import { ScenarioEngine } from '../scenario/engine.ts'
import { type Entry, HOST_ITSELF } from '../scenario/entry.ts'
import type { Hindsight } from '../sentences/events.ts'

/** How a run differs from what its experiment says. */
export interface WorldOptions {
  readonly level: TraceLevel
  /** Each gets every record, in the run's order. */
  readonly sinks?: readonly WorldSink[]
  /** Default: the experiment's faults. */
  readonly faults?: readonly FaultRule[]
  /** Leave nothing to chance; default what the experiment says. */
  readonly calm?: boolean
  /** Note every decision of chance. */
  readonly chance?: ChanceLog
  /** Nodes in another order than that of their names: see {@link Network}. */
  readonly order?: readonly string[]
  /** False: links as separate stages, with the same result; default true. */
  readonly fused?: boolean
}

/** Takes each record as it comes, and what was known of the run before it. */
export type WorldSink = (record: TraceRecord, hindsight: Hindsight) => void

/** Something that the scenario asked for and that the program would not do. */
export interface RefusedAction {
  readonly entry: Entry
  /** ns. */
  readonly at: number
  readonly expected: string
}

/** What oracles can ask of a world from inside. */
export interface Inside {
  /** Packets under way. */
  inFlight(): number
  /** Those that run programs. */
  hosts(): readonly string[]
  /** What a host's programs hold; undefined where it has no power, or where one of them does not say. */
  held(host: string): HostHoldings | undefined
}

/** What one host's programs hold. */
export interface HostHoldings {
  readonly programs: readonly Holdings[]
  /** Its open UDP ports in their order. It looks at all of the world's. */
  ports(): readonly number[]
  /** How many timers of its programs are to fire. It looks at all of the world's. */
  timers(): number
}

/** A world that can be run. */
export class World {
  readonly network: Network
  readonly engine: ScenarioEngine<Entry>
  /** The faults of links and nodes that wait for their conditions. */
  readonly incidents: ScenarioEngine<PlannedIncident>
  readonly refused: RefusedAction[] = []
  readonly #experiment: Experiment
  readonly #programs = new Map<string, readonly RunningProgram[]>()
  /** Entries of the scenario whose time is known and has not come, and that time, ns. */
  readonly planned = new Map<Entry, number>()
  /** Incidents whose time is known and has not come. */
  readonly ahead = new Set<PlannedIncident>()

  constructor(experiment: Experiment, options: WorldOptions) {
    this.#experiment = experiment
    const { level, sinks = [], faults = experiment.faults, calm = experiment.calm ?? false, ...rest } = options
    const repetitions = new Repetitions()
    const see = (record: TraceRecord): void => {
      repetitions.record(record)
      for (const sink of sinks) sink(record, repetitions)
      this.engine.see(record, repetitions)
      this.incidents.see(record, repetitions)
    }
    const network = { seed: experiment.seed, classify, level, faults, sinks: [see], calm, ...rest }
    const degraded = experiment.incidents.flatMap(({ incident }) =>
      incident.kind === 'degrade' ? [incident.link] : [],
    )
    this.network = buildNetwork(experiment.topology, network, new Set(degraded))
    this.#start()
    const { tickNs } = this.network.kernel
    const plan = (at: number, entry: Entry): void => this.#plan(at, entry)
    this.engine = new ScenarioEngine(experiment.scenario, { tickNs, plan })
    const strike = (at: number, one: PlannedIncident, cause?: RecordId): void => {
      this.ahead.add(one)
      this.network.strike(at, one.incident, cause, () => this.ahead.delete(one))
    }
    this.incidents = new ScenarioEngine(experiment.incidents, { tickNs, plan: strike })
  }

  /** What can be asked of the world between two events, without changing it. */
  get inside(): Inside {
    return {
      inFlight: () => this.network.inFlight,
      hosts: () => [...this.#programs.keys()],
      held: (name) => this.#heldBy(name),
    }
  }

  /** Undefined where the host has no power, or one of its programs does not say what it holds. */
  #heldBy(name: string): HostHoldings | undefined {
    const programs = this.#programs.get(name) ?? []
    const said = programs.flatMap(({ holdings }) => holdings ?? [])
    if (said.length < programs.length || this.network.incidents.isDown(name)) return undefined
    const { network } = this
    return { programs: said, ports: () => network.portsOf(name), timers: () => network.timersOf(name) }
  }

  /** Programs start at time 0, before anything else that is asked of their hosts; those on hosts without power do not. */
  #start(): void {
    for (const [name, node] of Object.entries(this.#experiment.topology.nodes)) {
      if (node.kind !== 'host' || node.power === 'off') continue
      this.network.ask(0, name, () => {
        if (!this.network.incidents.isDown(name)) this.#startPrograms(name)
      })
    }
    this.network.incidents.restart = (name) => this.#startPrograms(name)
    this.network.incidents.death = (name) => this.#programs.delete(name)
  }

  #startPrograms(name: string): void {
    const { topology, mutant = '', own = {} } = this.#experiment
    const node = topology.nodes[name]
    if (node?.kind !== 'host') return
    const fault = MUTANTS.get(mutant)
    const sound = this.network.hostOf(name)
    const host = fault === undefined ? sound : mutated(sound, fault)
    const given = Object.hasOwn(own, name) ? own[name] : undefined
    const programs = [node.runs ?? []].flat()
    const started = given
      ? [begun(name, given, host)]
      : programs.map((one) => startProgram(host, one, sound.dnsImpairments))
    this.#programs.set(name, started)
  }

  #plan(at: number, entry: Entry): void {
    this.planned.set(entry, at)
    if (entry.verb === 'reboot' && this.#experiment.topology.nodes[entry.who]?.kind !== 'host') {
      this.network.strike(at, { kind: 'reboot', node: entry.who }, undefined, () => this.planned.delete(entry))
      return
    }
    this.network.ask(at, entry.who, () => {
      this.planned.delete(entry)
      const { recorder, kernel } = this.network
      recorder.asked(kernel.rankOf(entry.who), entry.verb, entry.parameters)
      const host = this.network.hostOf(entry.who)
      const { power } = host
      const own = entry.program === HOST_ITSELF && power ? hostDoing(host) : undefined
      const program = own ?? this.#programs.get(entry.who)?.[entry.program]
      const issue = program?.do(entry.verb, entry.parameters)
      const missing = power ? `the programs of ${entry.who} to run` : `${entry.who} to have power`
      const expected = program === undefined ? missing : issue?.expected
      if (expected !== undefined) this.refused.push({ entry, at: Math.round(kernel.now * kernel.tickNs), expected })
    })
  }
}

/** A user's own program, started; one that gives nothing to ask is that user's mistake. */
function begun(node: string, program: Program<undefined>, host: Host): RunningProgram {
  const running: Partial<RunningProgram> | undefined = program.start(host, undefined)
  if (typeof running?.do === 'function' && typeof running.stop === 'function') return running as RunningProgram
  throw new Error(`programs.${node}: start must give { do(verb, parameters) { … }, stop() { … } }`)
}
