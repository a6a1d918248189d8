// Tries the cases of a campaign: each is run, and judged by the oracles on the wire and by quiescence.

import { bug } from '../../platform/assert.ts'
import type { Case } from '../campaigns/campaign.ts'
import { type Experiment, scopeOf } from '../experiment.ts'
import { isIncident, ruleOf } from '../faults.ts'
import { inStrikingOrder, type PlannedIncident, resolveIncident } from '../incidents.ts'
import { EXACT, Jury } from '../oracles/jury.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import { World, type WorldSink } from '../run/world.ts'
import { type Entry, resolveEntry } from '../scenario/entry.ts'
import type { Scope } from '../sentences/slot.ts'
import { Quiescence } from './quiescence.ts'

interface Base {
  readonly experiment: Experiment
  readonly scope: Scope
}

/** One court for one campaign: what its cases have in common is read once. */
export class Court {
  readonly #read: (some: Case) => Experiment
  readonly #bases = new Map<string, Base>()

  /** `read` makes an experiment of a case. */
  constructor(read: (some: Case) => Experiment) {
    this.#read = read
  }

  /** How all oracles stand after the case, in their table's order, quiescence last. A mistake in the stack is a violation, too. */
  try(some: Case): readonly OracleVerdict[] {
    const jury = new Jury(EXACT)
    const quiescence = new Quiescence()
    try {
      const { idle, until } = this.run(some, [(record) => jury.record(record), (record) => quiescence.record(record)])
      return [...jury.end(until), quiescence.verdict(idle, until)]
    } catch (error) {
      return [broken(error instanceof Error ? error.message : String(error))]
    }
  }

  /** Runs the case, unjudged. `idle`: nothing was left to happen at its end; `until`: when it was to end at the latest, ns. */
  run(some: Case, sinks: readonly WorldSink[] = []): { readonly idle: boolean; readonly until: number } {
    const experiment = this.#experimentOf(some)
    const { network } = new World(experiment, { level: 'signalling', sinks })
    return { idle: network.run(experiment.until) === 'idle', until: experiment.until }
  }

  #experimentOf({ set, scenario, faults }: Case): Experiment {
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
    return { ...experiment, scenario: entries, faults: rules, incidents: inStrikingOrder(incidents) }
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

function broken(sentence: string): OracleVerdict {
  const violations = [{ at: 0, proofs: [], sentence }]
  const says = 'no assertion fails, and nothing is thrown'
  return { name: 'assertions', section: 'siptwin', says, state: 'violated', exercised: 1, count: 1, violations }
}
