// What the recorder asks of the pool of packets.

import type { PacketLabel, RecordId, TracedPacket } from '../../platform/trace.ts'
import type { Cause } from './cause.ts'

/** What the recorder asks of the pool, above level `counters` only. `packet` is the pool's handle. */
export interface PacketPool {
  label(packet: number): PacketLabel
  /** The packet as it stands; the same object as long as nothing rewrote it. `id` names the record that sent it first; use it when the object is made. */
  traced(packet: number, id: RecordId): TracedPacket
  /** The last record about the packet: the cause of the next one. */
  cause(packet: number): Cause
  setCause(packet: number, cause: Cause): void
  /** What a fragment is a piece of; undefined for a whole packet. */
  piece(packet: number): { readonly offset: number; readonly whole: TornPacket } | undefined
}

/** A packet that travels in fragments. */
export interface TornPacket {
  /** Bytes of the whole. */
  readonly length: number
  /** Absent where it is not recorded. */
  readonly traced: TracedPacket | undefined
}
