// A run's record, kept so that it can be walked in both directions: from effects to causes, and from causes to effects.

import type { Faulted, Lost, RecordId, Sent, TracedPacket, TraceRecord, Transition } from '../../platform/trace.ts'
import { ByRecord } from '../byRecord.ts'
import { Repetitions } from '../repetition.ts'

/** A machine: one node's, of one table, of one instance. */
export interface MachineLife {
  readonly node: string
  readonly machine: string
  readonly instance: string
  /** In order; at least one. */
  readonly steps: Transition[]
}

/** A node of the run, and its addresses. */
export interface HistoryNode {
  readonly name: string
  readonly addresses: readonly string[]
}

/** How many media records are kept: the latest. All others are. */
const MEDIA_KEPT = 100_000

/** Takes all records of a run. Memory goes with its signalling. */
export class History {
  readonly #records: TraceRecord[] = []
  readonly #known = new ByRecord<TraceRecord>()
  readonly #media = new ByRecord<TraceRecord>(MEDIA_KEPT)
  readonly #effects = new ByRecord<TraceRecord[]>()
  readonly #mediaEffects = new ByRecord<TraceRecord[]>(MEDIA_KEPT)
  readonly #lives = new Map<string, MachineLife>()
  readonly #repetitions = new Repetitions()
  readonly #again = new ByRecord<string>()
  readonly #owners = new Map<string, string>()
  /** By node, what was said and to where. */
  readonly #sendings = new Map<string, Sent[]>()
  /** By the node that they were for. */
  readonly #losses = new Map<string, Lost[]>()
  readonly #faults: Faulted[] = []
  /** Virtual time of the last record, ns. */
  endedAt = 0

  constructor(nodes: readonly HistoryNode[]) {
    for (const { name, addresses } of nodes) for (const address of addresses) this.#owners.set(address, name)
  }

  /** Takes the next record; a trace sink. */
  record(record: TraceRecord): void {
    const { id } = record
    this.endedAt = record.at
    if ('packet' in record && record.packet.label.media) {
      this.#media.set(id, record)
      follow(this.#mediaEffects, record)
      return
    }
    this.#repetitions.record(record)
    if (record.kind === 'sent') {
      const timer = this.#repetitions.again(id)
      if (timer !== undefined) this.#again.set(id, timer)
    }
    this.#records.push(record)
    this.#known.set(id, record)
    follow(this.#effects, record)
    if (record.kind === 'transition') this.#live(record)
    else if (record.kind === 'sent') append(this.#sendings, sayingOf(record), record)
    else if (record.kind === 'lost') append(this.#losses, this.destinationOf(record.packet), record)
    else if (record.kind === 'faulted') this.#faults.push(record)
  }

  /** The record of that name; undefined where the run has none, or it was media of long ago. */
  find(id: RecordId): TraceRecord | undefined {
    return this.#known.get(id) ?? this.#media.get(id)
  }

  /** All records but media, in the run's order. */
  get records(): readonly TraceRecord[] {
    return this.#records
  }

  get lives(): IterableIterator<MachineLife> {
    return this.#lives.values()
  }

  /** The life that a step belongs to. */
  lifeOf({ id, machine, instance }: Transition): MachineLife | undefined {
    return this.#lives.get(`${id.node} ${machine} ${instance}`)
  }

  /** What has the record as its cause, in order. */
  effectsOf(id: RecordId): readonly TraceRecord[] {
    const media = this.#mediaEffects.get(id)
    const others = this.#effects.get(id)
    return others === undefined ? (media ?? []) : media === undefined ? others : [...others, ...media]
  }

  /** By what timer the record's packet was sent again. */
  again(id: RecordId): string | undefined {
    return this.#again.get(id)
  }

  /** The node that has the packet's destination; the address itself where none has. */
  destinationOf(packet: TracedPacket): string {
    return this.#owners.get(packet.destination) ?? packet.destination
  }

  /** From the record back to what had no cause, the record itself first. */
  causesOf(record: TraceRecord): readonly TraceRecord[] {
    const chain = [record]
    for (let cause = record.cause; cause !== null; ) {
      const next = this.find(cause)
      if (next === undefined) break
      chain.push(next)
      cause = next.cause
    }
    return chain
  }

  /** All that followed from the record up to a time, ns, in the order of their times. */
  sequelOf(record: TraceRecord, until: number): readonly TraceRecord[] {
    const sequel: TraceRecord[] = []
    const open = [record]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const effect of this.effectsOf(next.id)) {
        if (effect.at > until) continue
        sequel.push(effect)
        open.push(effect)
      }
    }
    return sequel.sort((a, b) => a.at - b.at)
  }

  /** The earlier sendings of the same message by the same node to the same place, in order. */
  earlierSendings(sent: Sent): readonly Sent[] {
    const all = this.#sendings.get(sayingOf(sent)) ?? []
    const index = all.indexOf(sent)
    return index === -1 ? all : all.slice(0, index)
  }

  /** What was lost on its way to the node, wherever that was, in order; not media. */
  lossesFor(node: string): readonly Lost[] {
    return this.#losses.get(node) ?? []
  }

  /** The faults that struck, in order. */
  get faults(): readonly Faulted[] {
    return this.#faults
  }

  #live(step: Transition): void {
    const key = `${step.id.node} ${step.machine} ${step.instance}`
    const life = this.#lives.get(key)
    if (life !== undefined) life.steps.push(step)
    else this.#lives.set(key, { node: step.id.node, machine: step.machine, instance: step.instance, steps: [step] })
  }
}

function sayingOf({ id, packet: { label, destination } }: Sent): string {
  return `${id.node} ${destination} ${label.name} ${label.call ?? ''}`
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const known = lists.get(key)
  if (known !== undefined) known.push(value)
  else lists.set(key, [value])
}

/** Notes the record among its cause's effects. */
function follow(effects: ByRecord<TraceRecord[]>, record: TraceRecord): void {
  if (record.cause === null) return
  const known = effects.get(record.cause)
  if (known !== undefined) known.push(record)
  else effects.set(record.cause, [record])
}
