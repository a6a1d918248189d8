// Who waits for a transmitter, and who goes next: what every queue discipline can be asked.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'

/** In place of a packet: nobody waits. */
export const NOBODY = -1

/** A queue before a transmitter. Whom it loses it drops itself, with a why. */
export interface Discipline {
  /** Packets that wait. */
  readonly count: number
  /** Takes a packet in; false if it was dropped instead. Others may be dropped for it. `goes`: it needs no room, as it goes at once. */
  enqueue(packet: Packet, now: Ticks, goes: boolean): boolean
  /** Takes out the one that goes next, or {@link NOBODY}; some may be dropped on the way. */
  dequeue(now: Ticks): Packet
  /** Bytes that go before `packet`, which it has just taken in, if nobody else comes: where classes share, by their shares. */
  ahead(packet: Packet): number
  /** A cut: gives out all who wait, in any order, and is empty. */
  clear(): readonly Packet[]
}

/** What a discipline may ask of the stage that it serves. */
export interface DisciplineWorld {
  readonly tickNs: number
  /** Bytes on the wire, framing included. */
  bytesOf(packet: Packet): number
  /** 0–63. */
  dscpOf(packet: Packet): number
  /** The same number for all packets of one flow: addresses, ports, protocol. 32 bits. */
  flowOf(packet: Packet): number
  drop(packet: Packet, why: 'queue full' | 'active queue management'): void
}
