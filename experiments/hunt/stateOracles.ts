// The oracles that look inside: quiescence, dialog agreement, no leak. They read the record, and ask programs what they hold.

import type { TraceRecord } from '../../platform/trace.ts'
import type { OracleVerdict } from '../oracles/oracle.ts'
import type { Inside } from '../run/world.ts'
import { Agreement, type End } from './agreement.ts'
import { CallMessages } from './callMessages.ts'
import { Leaks } from './leaks.ts'
import { OpenMachines } from './openMachines.ts'
import { Quiescence } from './quiescence.ts'

/** One run's. A trace sink; whoever runs the world calls `look` after each event. */
export class StateOracles {
  readonly #machines = new OpenMachines()
  readonly #callMessages = new CallMessages()
  readonly #quiescence = new Quiescence(this.#machines, this.#callMessages)
  readonly #agreement = new Agreement(this.#machines, this.#callMessages)
  readonly #leaks = new Leaks(this.#machines)

  record(record: TraceRecord): void {
    this.#machines.record(record)
    this.#callMessages.record(record)
    this.#agreement.record(record)
  }

  /** Between two events: where something has happened to a call and nothing is in flight, its ends are compared. */
  look(inside: Inside): void {
    if (this.#agreement.wants(inside.inFlight)) this.#agreement.look(endsIn(inside))
  }

  /** How they stand at the end of the run, in the order of the properties. `endless`: see {@link Quiescence.verdict}. */
  verdicts(inside: Inside, idle: boolean, until: number, endless: boolean): readonly OracleVerdict[] {
    const hosts = inside.hosts().flatMap((name) => {
      const held = inside.held(name)
      return held === undefined ? [] : [[name, held] as const]
    })
    return [
      this.#quiescence.verdict(idle, until, endless),
      this.#agreement.verdict(endsIn(inside), idle, until),
      this.#leaks.verdict(hosts, idle, until),
    ]
  }
}

function endsIn(inside: Inside): readonly End[] {
  return inside
    .hosts()
    .flatMap((node) =>
      (inside.held(node)?.programs ?? []).flatMap((program) =>
        program.dialogs().map((dialog): End => ({ node, dialog })),
      ),
    )
}
