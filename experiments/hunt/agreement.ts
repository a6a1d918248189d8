// Dialog agreement: what the two ends of a call remember of each other is the same thing seen from two sides, and both know whether it is up.

import type { HeldDialog } from '../../platform/holdings.ts'
import {
  type Delivered,
  type Lost,
  printRecordId,
  type TracedPacket,
  type TraceRecord,
  type Transition,
} from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { OracleVerdict, Violation } from '../oracles/oracle.ts'
import type { CallMessages } from './callMessages.ts'
import { InFlight } from './inFlight.ts'
import { LONGEST_NS, type OpenMachines } from './openMachines.ts'
import { AGREEMENT, verdictOf } from './properties.ts'

/** A dialog and whose it is. */
export interface End {
  readonly node: string
  readonly dialog: HeldDialog
}

/** How packets are lost of which no fault is the cause: they were sent where nobody is. */
const ASTRAY: ReadonlySet<string> = new Set(['port closed', 'no route', 'TTL exceeded'])

/** A fold over a run's record, beside one of what stands; and whoever runs the world shows it the dialogs when nothing is in flight. */
export class Agreement {
  readonly #machines: OpenMachines
  readonly #callMessages: CallMessages
  /** Calls of which a BYE was lost. */
  readonly #lostByes = new Set<string>()
  /** Calls of which a request was lost: one end may have counted one that the other has not seen. */
  readonly #gaps = new Set<string>()
  /** Calls whose messages a box has rewritten: each end knows the other as the box shows it. */
  readonly #rewritten = new Set<string>()
  /** Nodes that a fault has struck: their ports may be closed for that. */
  readonly #faulted = new Set<string>()
  readonly #violations = new Map<string, Violation>()
  #exercised = 0
  #now = 0
  /** Something has happened to a call since the dialogs were looked at. */
  #isDue = false
  readonly #flight = new InFlight()

  /** `machines` and `callMessages` are fed by whoever feeds this one, and before it. */
  constructor(machines: OpenMachines, callMessages: CallMessages) {
    this.#machines = machines
    this.#callMessages = callMessages
  }

  record(record: TraceRecord): void {
    this.#now = record.at
    this.#flight.record(record)
    if (record.kind === 'transition') this.#isDue ||= record.machine === 'call'
    else if (record.kind === 'delivered') this.#deliver(record)
    else if (record.kind === 'lost') this.#miss(record)
    else if (record.kind === 'faulted') this.#faulted.add(record.id.node)
    else if (record.kind === 'translated') this.#compareBytes(record.before, record.packet)
  }

  /** True where the dialogs are to be compared now. `inFlight`: all packets under way. */
  wants(inFlight: () => number): boolean {
    return this.#isDue && this.#machines.answered > 1 && this.#flight.isOver(inFlight)
  }

  /** Compares all pairs, when nothing is in flight. */
  look(ends: readonly End[]): void {
    this.#isDue = false
    for (const caller of ends) {
      if (!caller.dialog.isCaller) continue
      const { callId, remoteTag } = caller.dialog
      const callees = ends.filter(({ dialog }) => dialog.callId === callId && !dialog.isCaller)
      const callee = callees.find(({ dialog }) => dialog.localTag === remoteTag) ?? callees[0]
      if (callee !== undefined && (callees.length === 1 || callee.dialog.localTag === remoteTag))
        this.#compare(caller, callee)
    }
  }

  /** How it stands. `ends`: the dialogs at the end of the run. `idle`: nothing is left to happen. */
  verdict(ends: readonly End[], idle: boolean, until: number): OracleVerdict {
    for (const end of ends) if (end.dialog.isUp) this.#askWhetherUp(end, ends, idle ? Number.POSITIVE_INFINITY : until)
    return verdictOf(AGREEMENT, this.#exercised, [...this.#violations.values()])
  }

  #deliver({ id, packet: { id: sent, label } }: Delivered): void {
    if (label.call === undefined) return
    this.#isDue = true
    // The other end's Contact is a private address, and the sender's own in its own home: such a BYE cannot find anybody else.
    if (label.name === 'BYE' && id.node === sent.node) this.#lostByes.add(label.call)
  }

  #miss({ id, packet, why }: Lost): void {
    const { name, call } = packet.label
    if (call === undefined || /^\d/.test(name) || name === 'ACK') return
    this.#gaps.add(call)
    if (name === 'BYE' && (!ASTRAY.has(why) || this.#faulted.has(id.node))) this.#lostByes.add(call)
  }

  #compareBytes(before: TracedPacket, { label: { call }, payload }: TracedPacket): void {
    if (call === undefined || this.#rewritten.has(call)) return
    const isSame = payload.length === before.payload.length && payload.every((byte, n) => byte === before.payload[n])
    if (!isSame) this.#rewritten.add(call)
  }

  #compare(caller: End, callee: End): void {
    this.#exercised += 1
    const [one, other] = [caller.dialog, callee.dialog]
    if (one.localTag !== other.remoteTag || one.remoteTag !== other.localTag) {
      const tags = ({ localTag, remoteTag }: HeldDialog): string => `${localTag} here and ${remoteTag} there`
      this.#complain([caller, callee], 'tags', `the tags are ${tags(one)}`, tags(other))
      return
    }
    this.#compareOneWay(caller, callee)
    this.#compareOneWay(callee, caller)
    const back = [...other.routeSet].reverse()
    const isLoose = [...one.routeSet, ...back].every((route) => /;lr\b/i.test(route))
    if (isLoose && one.routeSet.join() !== back.join())
      this.#complain(
        [caller, callee],
        'routes',
        `the route set is ${list(one.routeSet)}`,
        `the reverse of ${list(back)}`,
      )
  }

  /** What the one has said, and what the other took it to be. */
  #compareOneWay(one: End, other: End): void {
    const { callId, localSequence, localTarget } = one.dialog
    const { remoteSequence, remoteTarget } = other.dialog
    const mayLack = (this.#gaps.has(callId) || this.#callMessages.wasStreamed(callId)) && remoteSequence < localSequence
    if (remoteSequence !== localSequence && !mayLack)
      this.#complain([one, other], 'CSeq', `its last request is number ${localSequence}`, `number ${remoteSequence}`)
    if (remoteTarget !== localTarget && !this.#rewritten.has(callId))
      this.#complain([one, other], 'target', `its Contact is ${localTarget || 'none'}`, remoteTarget)
  }

  #complain([one, other]: readonly [End, End], what: string, here: string, there: string): void {
    const { callId } = one.dialog
    const sentence = `call ${callId}: for ${one.node} ${here}, for ${other.node} it is ${there}`
    this.#violate(`${callId} ${what} ${one.node}`, [one.node, other.node], callId, sentence)
  }

  /** One end is up: so is the other, or it has said that it is not, and that was lost. */
  #askWhetherUp({ node, dialog: { callId } }: End, ends: readonly End[], until: number): void {
    const others = [...(this.#machines.calls.get(callId) ?? [])].filter(([where]) => where !== node)
    const isOver = ({ to, at }: Transition): boolean => to === 'ended' && at + LONGEST_NS <= until
    if (others.length === 0 || ends.some((end) => end.node !== node && end.dialog.callId === callId)) return
    if (!others.every(([where, step]) => isOver(step) && !this.#machines.goneCalls.has(`${where} ${callId}`))) return
    const parted = others.map(([where]) => where)
    const hasSent = parted.some((where) => this.#callMessages.hasSent(where, callId, 'BYE'))
    const hasReceived = this.#callMessages.hasReceived(node, callId, 'BYE')
    // It cannot know (RFC 3261 §15): session timers would have to tell it.
    const mayBeLost =
      this.#lostByes.has(callId) || this.#rewritten.has(callId) || this.#callMessages.wasStreamed(callId)
    if (hasSent && !hasReceived && mayBeLost) return
    this.#exercised += 1
    const why = !hasSent ? 'which said no BYE' : hasReceived ? 'and was told by BYE' : 'whose BYE went elsewhere'
    const { at } = others[0]![1]
    const sentence = `call ${callId}: ${node} is still up; it ended at ${printDuration(at)} for ${parted.join(', ')}, ${why}`
    this.#violate(`${callId} up ${node}`, [node, ...parted], callId, sentence)
  }

  #violate(key: string, nodes: readonly string[], callId: string, sentence: string): void {
    if (this.#violations.has(key)) return
    const steps = nodes.flatMap((node) => this.#machines.calls.get(callId)?.get(node) ?? [])
    this.#violations.set(key, { at: this.#now, proofs: steps.map(({ id }) => printRecordId(id)), sentence })
  }
}

function list(routes: readonly string[]): string {
  return routes.length === 0 ? 'empty' : routes.join(', ')
}
