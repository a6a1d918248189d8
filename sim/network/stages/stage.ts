// What a stage is, and what it may ask of the chain that it stands in.

import type { LossCause } from '../../../platform/trace.ts'
import type { FaultStage } from '../../faults/rule.ts'
import type { Verdict } from '../../faults/tape.ts'
import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { DisciplineWorld } from '../queues/discipline.ts'

/** Takes a packet that goes on from a stage at the time `at`, now or later. */
export type Next = (packet: Packet, at: Ticks) => void

/** A bit that is wrong: of the transport's payload, by its number there; or one of a header, whose checksum is then wrong. */
export type Corrupted = number | 'IP' | 'transport'

/** One part of a link direction: none, one or many packets go on, at once or when it is woken. */
export interface Stage {
  /** Takes a packet that comes to it at `at`: now, or later where a stage before it knows its future. */
  push(packet: Packet, at: Ticks, next: Next): void
  /** The time has come that it asked for by {@link StageWorld.wakeAt}; or a later one, or one that no longer matters. */
  wake?(now: Ticks, next: Next): void
  /** A cut: the records of what it holds are written; it lets its packets go and forgets what was under way. */
  clear(): void
}

/** What a stage may ask of its chain. Chance is not among it: each stage has streams of its own. */
export interface StageWorld extends DisciplineWorld {
  readonly now: Ticks
  /** The n-th packet, from 1, that was handed to the direction; netem's copy of it is `n + 0.5`. */
  ordinalOf(packet: Packet): number
  /** What the fault tape wants of the packet at this stage; good until the next question. Ask once a packet. */
  judge(stage: FaultStage, packet: Packet): Readonly<Verdict> | undefined
  /** Ends the packet now, before it has used the air. */
  drop(packet: Packet, why: LossCause): void
  /** Ends the packet at `at`, on the air. */
  lose(packet: Packet, at: Ticks, why: LossCause): void
  /** What it wants of netem's slot of this number. */
  judgeSlot(slot: number): Readonly<Verdict> | undefined
  /** A second copy of the packet, on record, on the same direction; with an ordinal if it goes through stages of its own: `n + 0.5`. */
  duplicate(packet: Packet, ordinal?: number): Packet
  /** Turns over a bit of the packet, on record. */
  corrupt(packet: Packet, where: Corrupted): void
  /** Where the bit of this number is, counted from the first of the IP header. */
  placeOf(packet: Packet, bit: number): Corrupted
  /** Bytes of the IP packet. */
  lengthOf(packet: Packet): number
  /** Puts on record that the packet, which was to change places with the next one, goes on alone: none has come for `waitedNs`. */
  alone(packet: Packet, waitedNs: number): void
  /** False where nobody wants to know how long packets wait. */
  readonly tellsWaits: boolean
  /** Puts on record that the packet waits for so long. */
  queued(packet: Packet, wait: Ticks): void
  /** Lets a packet go whose end is on record. */
  free(packet: Packet): void
}

/** Nanoseconds as the nearest tick. */
export function toTicks(ns: number, tickNs: number): Ticks {
  return Math.round(ns / tickNs)
}
