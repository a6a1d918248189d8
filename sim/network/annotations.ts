// What is on record of packets: what each is, as it was put on record, and the last record about it. Kept by level `signalling` and above alone.

import type { PacketLabel, TracedPacket } from '../../platform/trace.ts'
import { NO_CAUSE } from '../trace/cause.ts'
import type { Packet } from './packet.ts'

/** By packet; room for a packet's number is made before it is used. */
export class Annotations {
  readonly #labels: (PacketLabel | undefined)[] = []
  readonly #traced: (TracedPacket | undefined)[] = []
  #causes = new Float64Array(0)

  /** Makes room for packets numbered up to `size` − 1. */
  grow(size: number): void {
    while (this.#labels.length < size) {
      this.#labels.push(undefined)
      this.#traced.push(undefined)
    }
    const causes = new Float64Array(size)
    causes.set(this.#causes)
    this.#causes = causes
  }

  /** A new packet: nothing is known of it. */
  begin(packet: Packet): void {
    this.#causes[packet] = NO_CAUSE
    this.#labels[packet] = undefined
    this.#traced[packet] = undefined
  }

  copy(from: Packet, to: Packet): void {
    this.#causes[to] = this.#causes[from]!
    this.#labels[to] = this.#labels[from]
    this.#traced[to] = this.#traced[from]
  }

  /** What it is; undefined as long as nobody has asked the classifier. */
  label(packet: Packet): PacketLabel | undefined {
    return this.#labels[packet]
  }

  setLabel(packet: Packet, label: PacketLabel): void {
    this.#labels[packet] = label
  }

  /** The packet as it was put on record; undefined before that, and once it is rewritten. */
  traced(packet: Packet): TracedPacket | undefined {
    return this.#traced[packet]
  }

  setTraced(packet: Packet, traced: TracedPacket | undefined): void {
    this.#traced[packet] = traced
  }

  /** The last record about the packet. */
  cause(packet: Packet): number {
    return this.#causes[packet]!
  }

  setCause(packet: Packet, cause: number): void {
    this.#causes[packet] = cause
  }
}
