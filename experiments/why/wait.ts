// Waiting: in which state a machine stood, what would have brought it on, and what kept that from coming.

import { type Lost, printRecordId, type Sent, type TraceRecord, type Transition } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import { callee } from '../../stack/sip/call/callee.ts'
import { caller } from '../../stack/sip/call/caller.ts'
import { proxyBranch } from '../../stack/sip/proxy/branch.ts'
import { registration } from '../../stack/sip/registration/states.ts'
import { inviteClient } from '../../stack/sip/transaction/inviteClient.ts'
import { inviteServer } from '../../stack/sip/transaction/inviteServer.ts'
import { nonInviteClient } from '../../stack/sip/transaction/nonInviteClient.ts'
import { nonInviteServer } from '../../stack/sip/transaction/nonInviteServer.ts'
import { bindingLifetime } from '../../stack/stun/discovery/lifetime.ts'
import { discoveryTests } from '../../stack/stun/discovery/states.ts'
import { stunClient } from '../../stack/stun/transaction.ts'
import { tellPacket } from '../ladder/text.ts'
import type { History, MachineLife } from './history.ts'
import { nameOf, tellLoss } from './tell.ts'

const TABLES = [
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
  caller,
  callee,
  proxyBranch,
  registration,
  stunClient,
  discoveryTests,
  bindingLifetime,
] as const

/** A stay of a machine in one state. */
export interface Wait {
  readonly life: MachineLife
  readonly state: string
  /** ns. */
  readonly since: number
  /** The step that ended it; undefined where the run did. */
  readonly end: Transition | undefined
}

/** All stays of a machine, in order, but in its last state where nothing leads out of it. */
export function waitsOf(life: MachineLife): readonly Wait[] {
  const waits: Wait[] = []
  let since = life.steps[0]!.at
  let state = life.steps[0]!.to
  for (const step of life.steps.slice(1)) {
    if (step.to === step.from) continue
    waits.push({ life, state, since, end: step })
    since = step.at
    state = step.to
  }
  if (exitsOf(life.machine, state).length > 0) waits.push({ life, state, since, end: undefined })
  return waits
}

/** What other than a timer leads a machine out of a state, by its table. */
export function exitsOf(machine: string, state: string): readonly string[] {
  const exits = new Set<string>()
  for (const { name, rows, timers } of TABLES) {
    if (name !== machine) continue
    const listed: readonly string[] = Object.values<readonly string[]>(timers).flat()
    for (const [from, event, , to] of rows) {
      if (from === state && to !== state && !listed.includes(event) && !event.includes('error')) exits.add(event)
    }
  }
  return [...exits]
}

/** Timers that are listed, and run only where a message or a user asks for it. */
const OPTIONAL: ReadonlySet<string> = new Set(['expires', 'answer after'])

/** The timers that run in a state of a machine, by its table. */
export function timersOf(machine: string, state: string): readonly string[] {
  const timers = new Set<string>()
  for (const table of TABLES) {
    if (table.name !== machine) continue
    for (const timer of (table.timers as Readonly<Record<string, readonly string[]>>)[state] ?? []) {
      if (!OPTIONAL.has(timer)) timers.add(timer)
    }
  }
  return [...timers]
}

/** Whether the state ends a machine. */
export function isFinal(machine: string, state: string): boolean {
  return TABLES.some(({ name, final }) => name === machine && final === state)
}

/** `bob's call stood in answered from 2 s to 34 s, waiting for ACK, BYE: the timer "no ACK" ended the wait`. */
export function tellWait({ life, state, since, end }: Wait, endedAt: number): string {
  const exits = exitsOf(life.machine, state)
  const forWhat = exits.length === 0 ? '' : `, waiting for ${exits.join(', ')}`
  const stood = `${life.node}'s ${life.machine} stood in ${state} from ${printDuration(since)}`
  if (end === undefined) return `${stood} to the end of the run at ${printDuration(endedAt)}${forWhat}`
  const by = end.timer === undefined ? `"${end.event}"` : nameOf(end.timer)
  return `${stood} to ${printDuration(end.at)}${forWhat}: ${by} ended the wait`
}

/** What was sent in a wait's time because of its machine, and what became of it; for what was sent often, once. */
export function tellEfforts(history: History, { life, since, end }: Wait): readonly string[] {
  const until = end?.at ?? history.endedAt
  const sendings = new Map<string, Sent[]>()
  for (const step of life.steps) {
    if (step.at > until || step === end) break
    for (const effect of history.sequelOf(step, step.at)) addSending(history, sendings, effect, since)
  }
  return [...sendings.entries()].map(([what, list]) => {
    const times = list.map(({ at }) => printDuration(at)).join(', ')
    const often = list.length === 1 ? `at ${times}` : `${list.length} times, at ${times}`
    return `${what}, ${often}: ${tellFates(history, list, until)}`
  })
}

function addSending(history: History, sendings: Map<string, Sent[]>, record: TraceRecord, since: number): void {
  if (record.kind !== 'sent' || record.at < since || record.packet.fragment !== undefined) return
  const what = `${tellPacket(record.packet).text} to ${history.destinationOf(record.packet)}`
  const list = sendings.get(what) ?? []
  if (!list.includes(record)) list.push(record)
  sendings.set(what, list)
}

/** Messages that were on their way to the machine's node in the wait's time, and were lost: those that its own sendings did not bring about. */
export function tellMissed(history: History, { life, since, end }: Wait): readonly string[] {
  const until = end?.at ?? history.endedAt
  const candidates = history
    .lossesFor(life.node)
    .filter(({ at, packet }) => at >= since && at <= until && packet.label.call !== undefined)
  if (candidates.length === 0) return []
  const own = new Set(life.steps.flatMap((step) => history.sequelOf(step, until)))
  const missed = candidates.filter((record) => !own.has(record))
  return missed.length === 0 ? [] : [`meanwhile ${tellLosses(history, missed)}`]
}

/** What became of packets, and of what followed from them, up to a time: what was lost on the way, or where messages of their labels arrived last. */
export function tellFates(history: History, sendings: readonly Sent[], until: number): string {
  const sequel = sendings.flatMap((sent) => history.sequelOf(sent, until))
  const lost = sequel.filter((record): record is Lost => record.kind === 'lost')
  const torn = tellTorn(sequel)
  if (lost.length > 0) return torn + tellLosses(history, lost)
  const names = sendings.map(({ packet }) => packet.label.name)
  const arrived = sequel.filter((record) => record.kind === 'delivered')
  const last = arrived.findLast(({ packet }) => names.includes(packet.label.name)) ?? arrived.at(-1)
  if (last === undefined) return `${torn}still under way`
  return `${torn}nothing was lost; the last to arrive was at ${last.id.node}, at ${printDuration(last.at)}`
}

/** What had to travel in fragments, and why. */
function tellTorn(sequel: readonly TraceRecord[]): string {
  const cuts = sequel.flatMap((record) => {
    if (record.kind !== 'fragmented' || record.packet.fragment !== undefined) return []
    const { packet, into, mtuBytes, id } = record
    const size = `its ${packet.length} bytes are more than the ${mtuBytes} of the way`
    return [`${tellPacket(packet).text} was cut into ${into} fragments at ${id.node} (${size}); `]
  })
  return [...new Set(cuts)].join('')
}

/** What was lost, where and why; the same more than once is counted. */
function tellLosses(history: History, lost: readonly Lost[]): string {
  const kinds = new Map<string, number>()
  const torn = new Set(lost.flatMap(({ packet: { fragment } }) => (fragment ? [printRecordId(fragment.of)] : [])))
  for (const record of lost) {
    if (record.why === 'fragment missing' && torn.has(printRecordId(record.packet.id))) continue
    const where = record.link === '' ? `at ${record.id.node}` : `on ${record.link}`
    const behind = record.why.startsWith('fault: ') ? '' : ` (${tellLoss(history, record)})`
    const { fragment, label } = record.packet
    const text = fragment === undefined ? tellPacket(record.packet).text : label.name
    const what = `${text} from ${record.packet.id.node} was lost ${where}: ${record.why}${behind}`
    kinds.set(what, (kinds.get(what) ?? 0) + 1)
  }
  return [...kinds].map(([what, count]) => (count === 1 ? what : `${what}, ${count} times`)).join('; ')
}
