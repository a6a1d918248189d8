// Quiescence: when nothing is left to happen, no transaction is left, and no call whose end could be known.

import { printRecordId, type Transition } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { OracleVerdict, Violation } from '../oracles/oracle.ts'
import type { CallMessage, CallMessages } from './callMessages.ts'
import { LONGEST_NS, type OpenMachines } from './openMachines.ts'
import { QUIESCENCE, verdictOf } from './properties.ts'

/** Judged from what stands, and from what was said and heard. */
export class Quiescence {
  readonly #machines: OpenMachines
  readonly #callMessages: CallMessages

  constructor(machines: OpenMachines, callMessages: CallMessages) {
    this.#machines = machines
    this.#callMessages = callMessages
  }

  /**
   * How it stands. `idle`: nothing is left to happen; if not, it is said that the run was ended before. `endless`: phones that stay
   * registered have always something to do, so only what is older than any transaction may be counts, and no call that nobody has ended.
   */
  verdict(idle: boolean, until: number, endless = false): OracleVerdict {
    const late = `the run was ended at ${printDuration(until)}, and something was still to happen`
    const busy = idle || endless ? [] : [{ at: until, proofs: [], sentence: late }]
    const young = endless ? until - LONGEST_NS : until + 1
    const left = this.#open
      .filter((one) => one.at < young && !this.#knowsNothing(one) && !(endless && this.#isWanted(one)))
      .map(violation)
    const violations = [...left, ...busy]
    return verdictOf(QUIESCENCE, this.#machines.ended + violations.length, violations)
  }

  get #open(): readonly Transition[] {
    return [...this.#machines.open.values()].filter(({ machine }) => machine !== 'stunClient')
  }

  /**
   * A phone whose other end is gone, and whose every word of that was lost, cannot know: it rings until its user gives up (a BYE
   * whose tag it never saw means nothing to it), and without
   * session timers (RFC 4028) it is connected until its user hangs up.
   */
  #knowsNothing({ machine, instance, to, id }: Transition): boolean {
    if (machine === 'inviteClient' || machine === 'inviteServer') return to === 'proceeding' && this.#isWaiting(id.node)
    if (machine !== 'call') return false
    const isOver = this.#machines.endedCalls.has(instance)
    const heard = (word: CallMessage): boolean => this.#callMessages.hasReceived(id.node, instance, word)
    if (to === 'established') return isOver && !heard('BYE')
    if (to === 'ringing') return isOver && !heard('CANCEL') && !heard('BYE')
    const isAnswered = isOver || this.#callMessages.wasAnswered(instance)
    return (to === 'proceeding' || to === 'ringback') && isAnswered && !heard('answer')
  }

  /** A call that nobody has ended, and the INVITE of one that rings: where scenarios do not end all that they begin, these go on. */
  #isWanted({ machine, instance, to }: Transition): boolean {
    if (machine === 'call') return !this.#machines.endedCalls.has(instance)
    return (machine === 'inviteClient' || machine === 'inviteServer') && to === 'proceeding'
  }

  #isWaiting(node: string): boolean {
    return this.#open.some((one) => one.machine === 'call' && one.id.node === node && this.#knowsNothing(one))
  }
}

function violation({ at, id, machine, instance, to }: Transition): Violation {
  const sentence = `${id.node}: ${machine} ${instance} is ${to} since ${printDuration(at)}, and nothing will end it`
  return { at, proofs: [printRecordId(id)], sentence }
}
