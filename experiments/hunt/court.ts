// Tries the cases of a campaign: each is run, and judged by the oracles on the wire and inside, and by what was promised.

import { bug } from '../../platform/assert.ts'
import type { TraceLevel, TraceRecord } from '../../platform/trace.ts'
import type { ChanceLog } from '../../sim/faults/freeze.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'
import type { Campaign, Case } from '../campaigns/campaign.ts'
import { type Experiment, scopeOf } from '../experiment.ts'
import { isIncident, ruleOf } from '../faults.ts'
import { inStrikingOrder, type PlannedIncident, resolveIncident } from '../incidents.ts'
import { exactOn, Jury } from '../oracles/jury.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import { type Inside, World, type WorldOptions, type WorldSink } from '../run/world.ts'
import { type Entry, resolveEntry } from '../scenario/entry.ts'
import { EXPECTATIONS } from '../sentences/expectations.ts'
import { readSentence } from '../sentences/form.ts'
import type { Judge } from '../sentences/judge.ts'
import type { Scope } from '../sentences/slot.ts'
import { ASSERTIONS, PROMISE, verdictOf } from './properties.ts'
import { StateOracles } from './stateOracles.ts'

interface Base {
  readonly experiment: Experiment
  readonly scope: Scope
}

/** What a run is made with beside its case, for questions about the case. */
export type Circumstances = Pick<WorldOptions, 'order' | 'chance'> &
  Partial<Pick<WorldOptions, 'level'>> & {
    /** The experiment as it is to be run. */
    readonly change?: (experiment: Experiment) => Experiment
    /** From `atNs` on whatever is drawn, by links and by programs, is drawn anew, by `seed`: absent: nothing is. */
    readonly renewed?: { readonly atNs: number; readonly seed: string }
  }

/** How a run ended. */
export interface Ended {
  /** Nothing was left to happen. */
  readonly idle: boolean
  /** When it was to end at the latest, ns. */
  readonly until: number
  readonly digests: RunDigests
  /** The world at its end. */
  readonly inside: Inside
}

/** One court for one campaign: what its cases have in common is read once. */
export class Court {
  readonly #read: (some: Case) => Experiment
  readonly #bases = new Map<string, Base>()
  readonly #endless: boolean
  readonly #level: TraceLevel

  /** `read` makes an experiment of a case; the rest is the campaign's. */
  constructor(read: (some: Case) => Experiment, { endless = false, level }: Pick<Campaign, 'endless' | 'level'> = {}) {
    this.#read = read
    this.#endless = endless
    this.#level = level ?? 'signalling'
  }

  /**
   * How all oracles stand after the case, in the order of the properties, then what was promised. A mistake in the stack is a violation,
   * too. `sinks` see the run as well.
   */
  try(some: Case, sinks: readonly WorldSink[] = [], circumstances: Circumstances = {}): readonly OracleVerdict[] {
    const jury = new Jury(exactOn(this.#base(some.set).scope))
    const stateOracles = new StateOracles()
    const promises = this.#promises(some)
    const see: WorldSink = (record, hindsight) => {
      jury.record(record)
      stateOracles.record(record)
      for (const { judge } of promises) judge.see(record, hindsight)
    }
    try {
      const look = (inside: Inside): void => stateOracles.look(inside)
      const { idle, until, inside } = this.run(some, [see, ...sinks], circumstances, look)
      return [
        ...jury.end(until),
        ...stateOracles.verdicts(inside, idle, until, this.#endless),
        ...(promises.length === 0 ? [] : [kept(promises, until)]),
      ]
    } catch (error) {
      return [broken(error instanceof Error ? error.message : String(error))]
    }
  }

  /** Runs the case, unjudged. `between` is called after each event. */
  run(
    some: Case,
    sinks: readonly WorldSink[] = [],
    circumstances: Circumstances = {},
    between?: (inside: Inside) => void,
  ): Ended {
    const { change = (same: Experiment) => same, renewed, ...options } = circumstances
    const experiment = change(this.experimentOf(some))
    // Where the calm is to end, links are chains of stages: those have a place for chance to come back to.
    const staged = renewed !== undefined && experiment.calm === true ? { fused: false } : {}
    const { network, inside } = new World(experiment, { level: this.#level, sinks, ...staged, ...options })
    const run = (untilNs: number): boolean => {
      if (between === undefined) return network.run(untilNs) === 'idle'
      for (;;) {
        const end = network.run(untilNs, 1)
        between(inside)
        if (end !== 'slice') return end === 'idle'
      }
    }
    if (renewed !== undefined && renewed.atNs <= experiment.until) {
      if (renewed.atNs > 0) run(renewed.atNs - 1)
      network.renew(renewed.seed)
    }
    return { idle: run(experiment.until), until: experiment.until, digests: network.digests(), inside }
  }

  /** The case's record, from a run of its own. */
  recordsOf(some: Case, chance?: ChanceLog): readonly TraceRecord[] {
    const records: TraceRecord[] = []
    this.run(some, [(record) => records.push(record)], chance === undefined ? {} : { chance })
    return records
  }

  /** The experiment that the case is. */
  experimentOf({ set, scenario, faults, seed, calm }: Case): Experiment {
    const { experiment, scope } = this.#base(set)
    const entries = scenario.map((written): Entry => {
      const entry = resolveEntry(written, experiment.topology, scope)
      return 'words' in entry ? entry : bug(`a campaign's entry is wrong: ${entry[0]?.expected ?? ''}`)
    })
    const incidents = faults.filter(isIncident).map((written): PlannedIncident => {
      const incident = resolveIncident(written, experiment.topology, scope)
      return 'words' in incident ? incident : bug(`a campaign's fault is wrong: ${incident[0]?.expected ?? ''}`)
    })
    const rules = faults.filter((one) => !isIncident(one)).map(ruleOf)
    const chance = { ...(seed !== undefined && { seed: String(seed) }), ...(calm && { calm }) }
    return { ...experiment, scenario: entries, faults: rules, incidents: inStrikingOrder(incidents), ...chance }
  }

  #promises({ set, expect = [] }: Case): readonly Promised[] {
    if (expect.length === 0) return []
    const { scope } = this.#base(set)
    return expect.map((text) => {
      const sentence = readSentence(EXPECTATIONS, text, scope)
      if (!sentence.ok) return bug(`a campaign's promise is wrong: ${text}: ${sentence.issue.expected}`)
      return { text, judge: sentence.value.make()() }
    })
  }

  #base(set: Case['set']): Base {
    const key = JSON.stringify(set)
    let base = this.#bases.get(key)
    if (base === undefined) {
      const experiment = this.#read({ set, scenario: [], faults: [] })
      base = { experiment, scope: scopeOf(experiment.topology) }
      this.#bases.set(key, base)
    }
    return base
  }
}

interface Promised {
  readonly text: string
  readonly judge: Judge
}

function kept(promises: readonly Promised[], until: number): OracleVerdict {
  const failed = promises
    .map(({ text, judge }) => ({ text, ...judge.verdict({}) }))
    .filter(({ state }) => state !== 'held')
  const violations = failed.map(({ text, because }) => ({ at: until, proofs: [], sentence: `${text}: ${because}` }))
  return verdictOf(PROMISE, promises.length, violations)
}

function broken(sentence: string): OracleVerdict {
  const violations = [{ at: 0, proofs: [], sentence }]
  return verdictOf(ASSERTIONS, 1, violations)
}
