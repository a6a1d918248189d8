// Quiescence: when nothing is left to happen, no transaction is left, and no call whose end could be known.

import { printRecordId, type TraceRecord, type Transition } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { Listener, TCP_MACHINE } from '../oracles/listener.ts'
import type { OracleVerdict, Violation } from '../oracles/oracle.ts'
import { QUIESCENCE } from './properties.ts'

const TRANSACTIONS: ReadonlySet<string> = new Set([
  'inviteClient',
  'inviteServer',
  'nonInviteClient',
  'nonInviteServer',
])
/** What takes a host's programs, and with them all that they had open. */
const GONE: ReadonlySet<string> = new Set(['crash', 'kill'])
/** No transaction stays in one state for longer than 64·T1 but a ringing INVITE's, which Timer C ends: with room for the way. */
const LONGEST_NS = 40e9
const OVER: ReadonlySet<string> = new Set(['ended', 'terminated'])

/** A fold over a run's record. */
export class Quiescence {
  readonly #open = new Map<string, Transition>()
  /** The Call-IDs that one end has ended. */
  readonly #endedCalls = new Set<string>()
  /** `node Call-ID word` where a BYE or a CANCEL, or as `answer` a final response to INVITE, came. */
  readonly #told = new Set<string>()
  readonly #listener = new Listener()
  #exercised = 0

  record(record: TraceRecord): void {
    if (record.kind === 'delivered') {
      const { protocol, label } = record.packet
      // A segment that was delivered waits for those before it: what is heard of a stream is what is read.
      if (protocol !== 'tcp') this.#hear(record.id.node, label.name, label.call ?? '')
    } else if (record.kind === 'read') this.#read(record)
    else if (record.kind === 'faulted' && GONE.has(record.what)) this.#forget(record.id.node)
    else if (record.kind === 'transition') this.#step(record)
  }

  #step(record: Transition): void {
    const { machine, instance, to, id } = record
    if (machine === TCP_MACHINE) this.#listener.step(record)
    if (machine !== 'call' && !TRANSACTIONS.has(machine)) return
    const key = `${id.node} ${machine} ${instance}`
    if (!OVER.has(to)) this.#open.set(key, record)
    else {
      this.#open.delete(key)
      this.#exercised += 1
      if (machine === 'call') this.#endedCalls.add(instance)
    }
  }

  /** A host whose programs are gone has no transactions and no calls; the other ends of its calls cannot know. */
  #forget(node: string): void {
    this.#listener.forget(node)
    for (const [key, { id, machine, instance }] of this.#open) {
      if (id.node !== node) continue
      this.#open.delete(key)
      if (machine === 'call') this.#endedCalls.add(instance)
    }
  }

  #read(piece: TraceRecord & { readonly kind: 'read' }): void {
    for (const seen of this.#listener.hear(piece)) {
      if (seen.kind !== 'sip') continue
      const { message } = seen
      const name = message.kind === 'request' ? message.method : `${message.status} ${message.cseq.method}`
      this.#hear(piece.id.node, name, message.callId)
    }
  }

  #hear(node: string, name: string, call: string): void {
    const word = /^[2-6]\d\d INVITE$/.test(name) ? 'answer' : name
    if (word === 'answer' || word === 'BYE' || word === 'CANCEL') this.#told.add(`${node} ${call} ${word}`)
  }

  /**
   * How it stands. `idle`: nothing is left to happen; if not, it is said that the run was ended before. `endless`: phones that stay
   * registered have always something to do, so only what is older than any transaction may be counts, and no call that nobody has ended.
   */
  verdict(idle: boolean, until: number, endless = false): OracleVerdict {
    const late = `the run was ended at ${printDuration(until)}, and something was still to happen`
    const busy = idle || endless ? [] : [{ at: until, proofs: [], sentence: late }]
    const young = endless ? until - LONGEST_NS : until + 1
    const left = [...this.#open.values()]
      .filter((one) => one.at < young && !this.#knowsNothing(one) && !(endless && this.#isWanted(one)))
      .map(violation)
    const violations = [...left, ...busy]
    const exercised = this.#exercised + violations.length
    return {
      ...QUIESCENCE,
      state: violations.length > 0 ? 'violated' : exercised > 0 ? 'holds' : 'not exercised',
      ...{ exercised, count: violations.length, violations },
    }
  }

  /**
   * A phone whose other end is gone, and whose every word of that was lost, cannot know: it rings until its user gives up (a BYE
   * whose tag it never saw means nothing to it), and without
   * session timers (RFC 4028) it is connected until its user hangs up.
   */
  #knowsNothing({ machine, instance, to, id }: Transition): boolean {
    if (machine === 'inviteClient' || machine === 'inviteServer') return to === 'proceeding' && this.#isWaiting(id.node)
    if (machine !== 'call' || !this.#endedCalls.has(instance)) return false
    const heard = (word: string): boolean => this.#told.has(`${id.node} ${instance} ${word}`)
    if (to === 'established') return !heard('BYE')
    if (to === 'ringing') return !heard('CANCEL') && !heard('BYE')
    return (to === 'proceeding' || to === 'ringback') && !heard('answer')
  }

  /** A call that nobody has ended, and the INVITE of one that rings: where scenarios do not end all that they begin, these go on. */
  #isWanted({ machine, instance, to }: Transition): boolean {
    if (machine === 'call') return !this.#endedCalls.has(instance)
    return (machine === 'inviteClient' || machine === 'inviteServer') && to === 'proceeding'
  }

  #isWaiting(node: string): boolean {
    return [...this.#open.values()].some(
      (one) => one.machine === 'call' && one.id.node === node && this.#knowsNothing(one),
    )
  }
}

function violation({ at, id, machine, instance, to }: Transition): Violation {
  const sentence = `${id.node}: ${machine} ${instance} is ${to} since ${printDuration(at)}, and nothing will end it`
  return { at, proofs: [printRecordId(id)], sentence }
}
