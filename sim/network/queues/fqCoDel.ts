// FQ-CoDel (RFC 8290): a line for each flow, served in turn, new flows first, each under CoDel's control.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import { type CoDelTimes, ControlledLine } from './codel.ts'
import { type Discipline, type DisciplineWorld, NOBODY } from './discipline.ts'

export interface FqCoDelOptions extends CoDelTimes {
  readonly discipline: 'fq-codel'
  /** Lines, to which flows are spread by a hash; 1024 by RFC 8290 §5.2.1. */
  readonly flows: number
  /** Bytes that a flow sends in its turn; 1514 by RFC 8290 §5.2.3. */
  readonly quantumBytes: number
  /** Packets that all lines hold together; 10240 by RFC 8290 §5.2.2. */
  readonly limitPackets: number
}

/** What is dropped at once from the fattest flow when there is no room: half of it, at most so many packets (RFC 8290 §4.1). */
const BATCH = 64

interface Flow {
  readonly controlled: ControlledLine
  deficit: number
  listed: boolean
}

export class FqCoDel implements Discipline {
  readonly #world: DisciplineWorld
  readonly #options: FqCoDelOptions
  readonly #flows: (Flow | undefined)[] = []
  #new: Flow[] = []
  #old: Flow[] = []
  #count = 0

  constructor(world: DisciplineWorld, options: FqCoDelOptions) {
    this.#world = world
    this.#options = options
  }

  get count(): number {
    return this.#count
  }

  enqueue(packet: Packet, now: Ticks, goes: boolean): boolean {
    const { flows, quantumBytes, limitPackets } = this.#options
    const index = this.#world.flowOf(packet) % flows
    this.#flows[index] ??= { controlled: new ControlledLine(this.#world, this.#options), deficit: 0, listed: false }
    const flow = this.#flows[index]
    flow.controlled.push(packet, this.#world.bytesOf(packet), now)
    this.#count++
    if (!flow.listed) {
      flow.listed = true
      flow.deficit = quantumBytes
      this.#new.push(flow)
    }
    return goes || this.#count <= limitPackets || this.#makeRoom(packet)
  }

  dequeue(now: Ticks): Packet {
    for (;;) {
      const isNew = this.#new.length > 0
      const list = isNew ? this.#new : this.#old
      const flow = list[0]
      if (flow === undefined) return NOBODY
      if (flow.deficit <= 0) {
        flow.deficit += this.#options.quantumBytes
        this.#old.push(list.shift()!)
        continue
      }
      const { controlled } = flow
      const before = controlled.line.count
      const packet = controlled.shift(now)
      this.#count -= before - controlled.line.count
      if (packet !== NOBODY) {
        flow.deficit -= this.#world.bytesOf(packet)
        return packet
      }
      list.shift()
      if (isNew && this.#old.length > 0) this.#old.push(flow)
      else flow.listed = false
    }
  }

  ahead(packet: Packet): number {
    const own = this.#flowOf(packet)?.controlled.line.bytes ?? 0
    let bytes = -this.#world.bytesOf(packet)
    for (const list of [this.#new, this.#old]) {
      for (const { controlled } of list) bytes += Math.min(controlled.line.bytes, own)
    }
    return Math.max(0, bytes)
  }

  #flowOf(packet: Packet): Flow | undefined {
    return this.#flows[this.#world.flowOf(packet) % this.#options.flows]
  }

  clear(): readonly Packet[] {
    const all = [...this.#new, ...this.#old].flatMap((flow) => {
      flow.listed = false
      return flow.controlled.line.clear()
    })
    this.#new = []
    this.#old = []
    this.#count = 0
    return all
  }

  /** Drops from the head of the flow that has most bytes; false if `packet` was among them. */
  #makeRoom(packet: Packet): boolean {
    let fattest: Flow | undefined
    for (const flow of [...this.#new, ...this.#old]) {
      if (flow.controlled.line.bytes > (fattest?.controlled.line.bytes ?? 0)) fattest = flow
    }
    const { line } = fattest!.controlled
    const enough = line.bytes / 2
    let kept = true
    for (let n = 0; n < BATCH && line.bytes > enough; n++) {
      const dropped = line.shift()
      this.#count--
      kept &&= dropped !== packet
      this.#world.drop(dropped, 'queue full')
    }
    return kept
  }
}
