// No leak: what is over is let go, and what is still there is owed to something that stays.

import type { Held } from '../../platform/holdings.ts'
import { printRecordId, type Transition } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { OracleVerdict, Violation } from '../oracles/oracle.ts'
import type { HostHoldings } from '../run/world.ts'
import { LONGEST_NS, type OpenMachines } from './openMachines.ts'
import { LEAKS, verdictOf } from './properties.ts'

/** Judged from what stands, and from what each host's programs hold. */
export class Leaks {
  readonly #machines: OpenMachines

  /** `machines` is fed by whoever feeds this one. */
  constructor(machines: OpenMachines) {
    this.#machines = machines
  }

  /** How it stands at the end of a run, from what each host holds then. `idle`: no timer is left in the world. */
  verdict(
    hosts: readonly (readonly [node: string, holdings: HostHoldings])[],
    idle: boolean,
    until: number,
  ): OracleVerdict {
    const used = hosts.filter(([node]) => this.#machines.lastInvited.has(node))
    const violations = used.flatMap(([node, holdings]) => this.#leaksOf(node, holdings, idle, until))
    return verdictOf(LEAKS, used.length, violations)
  }

  #leaksOf(
    node: string,
    { programs, ports, timers }: HostHoldings,
    idle: boolean,
    until: number,
  ): readonly Violation[] {
    const complain = (sentence: string, step?: Transition): Violation => {
      return { at: until, proofs: step === undefined ? [] : [printRecordId(step.id)], sentence: `${node} ${sentence}` }
    }
    const kept = programs.flatMap((program) => program.held()).filter((held) => this.#isOver(node, held))
    const forgotten = [...new Map(kept.map((held) => [nameOf(held), held]))].map(([name, held]) => {
      const step = 'call' in held ? this.#machines.calls.get(held.call)?.get(node) : undefined
      const since = step === undefined ? 'which is over' : `which ended at ${printDuration(step.at)}`
      return complain(`still holds ${name}, ${since}`, step)
    })
    const standing = this.#machines.openAt(node)
    if (standing.some(({ machine }) => machine === 'stunClient')) return forgotten
    const own = programs.flatMap((program) => program.ownPorts())
    const others = ports().filter((port) => !own.includes(port))
    const calls = standing.filter(({ machine }) => machine === 'call').length
    const portsLeft =
      others.length > calls ? [complain(`has port ${others.join(', ')} open, and ${counted(calls, 'call')}`)] : []
    const rests = standing.length === 0 && (this.#machines.lastInvited.get(node) ?? 0) + LONGEST_NS <= until
    if (idle || !rests) return [...forgotten, ...portsLeft]
    const owed = programs.reduce((sum, program) => sum + program.standingTimers(), 0)
    const running = timers()
    const left = `has ${counted(running, 'timer')} running, and owes ${owed}: no call and no transaction is left`
    return [...forgotten, ...portsLeft, ...(running > owed ? [complain(left)] : [])]
  }

  #isOver(node: string, held: Held): boolean {
    if ('call' in held)
      return (
        this.#machines.calls.get(held.call)?.get(node)?.to === 'ended' &&
        !this.#machines.isOpen(node, 'call', held.call)
      )
    return !this.#machines.isOpen(node, held.machine, held.instance)
  }
}

function nameOf(held: Held): string {
  if ('call' in held) return held.what === 'call' ? `the call ${held.call}` : `a dialog of the call ${held.call}`
  return `the ${held.what} ${held.machine} ${held.instance}`
}

function counted(count: number, what: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`
}
