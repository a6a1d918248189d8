// What stands: the calls and transactions that a run's record has begun and not ended, and how the calls of each host ended.

import type { TraceRecord, Transition } from '../../platform/trace.ts'

const TRACKED: ReadonlySet<string> = new Set([
  ...['call', 'inviteClient', 'inviteServer', 'nonInviteClient', 'nonInviteServer', 'stunClient'],
])
/** What takes a host's programs, and with them all that they had open. */
const GONE: ReadonlySet<string> = new Set(['crash', 'kill'])
/** A call that is answered, as its caller or its callee has it. */
const ANSWERED: ReadonlySet<string> = new Set(['answered', 'established'])
const OVER: ReadonlySet<string> = new Set(['ended', 'terminated', 'over'])

/** No transaction stays in one state for longer than 64·T1 but a ringing INVITE's, which Timer C ends: with room for the way, ns. */
export const LONGEST_NS = 40e9

/** Names a machine of a run. */
function machineKey(node: string, machine: string, instance: string): string {
  return `${node} ${machine} ${instance}`
}

function otherEnd(key: string): string {
  return `${key} 2`
}

/** A fold over a run's record; several oracles share one. */
export class OpenMachines {
  /** The last step of each machine that has not ended, by `node machine instance`. */
  readonly open = new Map<string, Transition>()
  /** By Call-ID, then by host: the last step of its call. */
  readonly calls = new Map<string, Map<string, Transition>>()
  /** The Call-IDs that one end has ended. */
  readonly endedCalls = new Set<string>()
  /** `node Call-ID` of calls that went with their host's programs. */
  readonly goneCalls = new Set<string>()
  /** By host: when a call or an INVITE took its last step there, ns. */
  readonly lastInvited = new Map<string, number>()
  /** How many calls and transactions have ended. */
  ended = 0
  /** How many ends of calls are answered, and nobody has hung up there. */
  answered = 0

  record(record: TraceRecord): void {
    if (record.kind === 'faulted' && GONE.has(record.what)) this.#forget(record.id.node)
    if (record.kind !== 'transition' || !TRACKED.has(record.machine)) return
    const { machine, instance, to, at } = record
    const { node } = record.id
    if (!machine.startsWith('nonInvite')) this.lastInvited.set(node, at)
    if (machine === 'call') this.#note(record)
    const key = this.#keyOf(record)
    if (!OVER.has(to)) {
      this.open.set(key, record)
      return
    }
    this.open.delete(key)
    this.ended += 1
    if (machine === 'call') this.endedCalls.add(instance)
  }

  /** Of a call: true if any of its ends at that host is. */
  isOpen(node: string, machine: string, instance: string): boolean {
    const key = machineKey(node, machine, instance)
    return this.open.has(key) || this.open.has(otherEnd(key))
  }

  /** Those of one host. */
  openAt(node: string): readonly Transition[] {
    return [...this.open.values()].filter(({ id }) => id.node === node)
  }

  /** Who calls themselves have both ends of one call: the other is the one that the step does not fit. */
  #keyOf({ id, machine, instance, from }: Transition): string {
    const key = machineKey(id.node, machine, instance)
    const one = this.open.get(key)
    if (machine !== 'call') return key
    if (from === 'idle') return one === undefined ? key : otherEnd(key)
    return one?.to !== from && this.open.has(otherEnd(key)) ? otherEnd(key) : key
  }

  #note(step: Transition): void {
    const { instance, id, from, to } = step
    this.answered += Number(ANSWERED.has(to)) - Number(ANSWERED.has(from))
    const ends = this.calls.get(instance)
    if (ends === undefined) this.calls.set(instance, new Map([[id.node, step]]))
    else ends.set(id.node, step)
  }

  /** A host whose programs are gone has no transactions and no calls; the other ends of its calls cannot know. */
  #forget(node: string): void {
    for (const [key, { id, machine, instance, to }] of this.open) {
      if (id.node !== node) continue
      this.open.delete(key)
      if (machine !== 'call') continue
      this.answered -= Number(ANSWERED.has(to))
      this.endedCalls.add(instance)
      this.goneCalls.add(`${node} ${instance}`)
    }
  }
}
