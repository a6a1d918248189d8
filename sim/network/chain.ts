// A link direction as a chain of separate stages: who numbers its packets, hands them from stage to stage, and puts on record what becomes
// of them. Directions with jitter, faults or more than a line before the transmitter run on it; a plain one gives the same run fused.

import type { LossCause } from '../../platform/trace.ts'
import { printDuration } from '../../platform/units.ts'
import type { FaultStage } from '../faults/rule.ts'
import type { Verdict } from '../faults/tape.ts'
import { DELIVERY, type EventKind, type Rank, type Ticks } from '../kernel/event.ts'
import type { LinkNumber } from '../trace/recorder.ts'
import type { DirectionChange, DirectionId, PlacedDirection } from './direction.ts'
import { IPV4_HEADER } from './ip.ts'
import { ARRIVED, LOST, SPOILT } from './journey.ts'
import type { LinkSurroundings } from './link.ts'
import type { Packet } from './packet.ts'
import { assemble } from './stages/assembly.ts'
import type { Corrupted, Next, Stage, StageWorld } from './stages/stage.ts'

/** What a chain is made of. */
export interface ChainParts {
  readonly id: DirectionId
  readonly placed: PlacedDirection
  readonly number: LinkNumber
  readonly wake: EventKind
  readonly around: LinkSurroundings
}

const NO_PACKET = -1
/** Of an IPv6 header, which has no checksum, only a wrong version is noticed by every node. */
const IPV6_VERSION_BITS = 4

/** One direction's stages, wired. */
export class Chain implements StageWorld {
  readonly tickNs: number
  /** Changes what can be changed, for what comes from now on. */
  readonly change: (change: DirectionChange) => void
  /** Takes in the weather as it is now. */
  readonly refresh: () => void
  readonly #parts: ChainParts
  readonly #sender: Rank
  readonly #framing: number
  readonly #stages: readonly Stage[]
  /** What comes after each stage. */
  readonly #nexts: readonly Next[]
  readonly #ordinals = new Map<Packet, number>()
  /** Those whose IP header is wrong: the node that they come to throws them away. */
  readonly #spoilt = new Set<Packet>()
  readonly #whys = new Map<Packet, LossCause>()
  #ordinal = 0

  constructor(parts: ChainParts) {
    const { placed, around } = parts
    this.#parts = parts
    this.tickNs = around.kernel.tickNs
    this.#sender = placed.sender
    this.#framing = placed.direction.framingBytes ?? 0
    const { streams, weather, chance } = around
    const wakeAt = (stage: number, at: Ticks): void => this.#wakeAt(stage, at)
    const { stages, change, refresh } = assemble(placed, this, { streams, weather, chance, wakeAt })
    this.#stages = stages
    this.change = change
    this.refresh = refresh
    this.#nexts = this.#stages.map((_, n) => {
      const stage = this.#stages[n + 1]
      if (stage === undefined) return (packet, at) => this.#arrive(packet, at)
      return (packet, at) => stage.push(packet, at, this.#nexts[n + 1]!)
    })
  }

  /** Hands the chain a packet, now. */
  push(packet: Packet): void {
    this.#ordinals.set(packet, ++this.#ordinal)
    this.#stages[0]!.push(packet, this.now, this.#nexts[0]!)
  }

  /** The time has come that a stage has asked for. */
  wake(stage: number): void {
    this.#stages[stage]!.wake?.(this.now, this.#nexts[stage]!)
  }

  /** A cut: nothing waits, and the transmitter is idle. The packets' losses are on record. */
  clear(): void {
    for (const stage of this.#stages) stage.clear()
    this.#ordinals.clear()
    this.#spoilt.clear()
  }

  /** Why a packet that was lost on the air is gone. */
  whyLost(packet: Packet): LossCause {
    return this.#whys.get(packet)!
  }

  get now(): Ticks {
    return this.#parts.around.kernel.now
  }

  bytesOf(packet: Packet): number {
    return this.#parts.around.pool.length(packet) + this.#framing
  }

  dscpOf(packet: Packet): number {
    return this.#parts.around.pool.dscp(packet)
  }

  flowOf(packet: Packet): number {
    return this.#parts.around.flows.of(packet)
  }

  ordinalOf(packet: Packet): number {
    return this.#ordinals.get(packet)!
  }

  judge(stage: FaultStage, packet: Packet): Readonly<Verdict> | undefined {
    return this.#parts.placed.faults?.judge(stage, packet, this.ordinalOf(packet))
  }

  drop(packet: Packet, why: LossCause): void {
    const { recorder, pool } = this.#parts.around
    recorder.lost(this.#sender, this.#parts.number, packet, pool.length(packet), why)
    this.free(packet)
  }

  lose(packet: Packet, at: Ticks, why: LossCause): void {
    this.#ordinals.delete(packet)
    this.#spoilt.delete(packet)
    this.#whys.set(packet, why)
    this.#schedule(Math.max(at, this.now + 1), this.#sender, LOST, packet)
  }

  judgeSlot(slot: number): Readonly<Verdict> | undefined {
    return this.#parts.placed.faults?.judge('slot', NO_PACKET, slot)
  }

  duplicate(packet: Packet, ordinal?: number): Packet {
    const { pool, kernel, recorder } = this.#parts.around
    const copy = pool.copy(packet)
    pool.enter(copy, this.#parts.id, recorder.wordOf(this.#parts.number), kernel.nextSequence(this.#sender))
    if (this.#spoilt.has(packet)) this.#spoilt.add(copy)
    if (ordinal !== undefined) this.#ordinals.set(copy, ordinal)
    recorder.duplicated(this.#sender, this.#parts.number, copy, pool.length(copy))
    return copy
  }

  corrupt(packet: Packet, where: Corrupted): void {
    const { pool, recorder } = this.#parts.around
    if (typeof where === 'number') pool.flip(packet, where)
    else pool.spoil(packet)
    if (where === 'IP') this.#spoilt.add(packet)
    recorder.corrupted(this.#sender, this.#parts.number, packet, pool.length(packet))
  }

  placeOf(packet: Packet, bit: number): Corrupted {
    const { pool, flows } = this.#parts.around
    const headers = (pool.length(packet) - pool.payloadLength(packet)) * 8
    if (bit >= headers) return bit - headers
    return bit < (flows.isIpv6(packet) ? IPV6_VERSION_BITS : IPV4_HEADER * 8) ? 'IP' : 'transport'
  }

  lengthOf(packet: Packet): number {
    return this.#parts.around.pool.length(packet)
  }

  alone(packet: Packet, waitedNs: number): void {
    const { recorder, pool } = this.#parts.around
    const why = `no packet came for ${printDuration(waitedNs)}`
    recorder.cause = pool.cause(packet)
    recorder.faulted(this.#sender, 'swap given up', {
      on: this.#parts.placed.name,
      packet: pool.label(packet).name,
      why,
    })
  }

  get tellsWaits(): boolean {
    return this.#parts.around.recorder.everything
  }

  queued(packet: Packet, wait: Ticks): void {
    this.#parts.around.recorder.queued(this.#sender, this.#parts.number, packet, wait * this.tickNs)
  }

  free(packet: Packet): void {
    this.#ordinals.delete(packet)
    this.#spoilt.delete(packet)
    this.#parts.around.pool.free(packet)
  }

  #arrive(packet: Packet, at: Ticks): void {
    this.#ordinals.delete(packet)
    const { placed } = this.#parts
    const spoilt = this.#spoilt.size > 0 && this.#spoilt.delete(packet)
    this.#schedule(at, placed.receiver, spoilt ? SPOILT : ARRIVED, packet)
  }

  #schedule(at: Ticks, destination: Rank, kind: EventKind, packet: Packet): void {
    const { kernel } = this.#parts.around
    kernel.records.address(packet, at, kernel.keyOf(DELIVERY, destination, this.#sender), this.#sender)
    kernel.carry(packet, kind)
  }

  #wakeAt(stage: number, at: Ticks): void {
    if (at > Number.MAX_SAFE_INTEGER) return // after the end of time: what waits for it waits for ever
    const { kernel } = this.#parts.around
    const sequence = kernel.nextSequence(this.#sender)
    kernel.schedule(at, DELIVERY, this.#sender, this.#sender, sequence, this.#parts.wake, this.#parts.id, stage)
  }
}
