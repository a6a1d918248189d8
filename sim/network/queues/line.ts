// One line of waiting packets: first come, first out, with the bytes that stand in it and since when each does.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'
import type { QueueLimit } from '../queue.ts'
import { NOBODY } from './discipline.ts'

/** A ring that grows. */
export class Line {
  #packets = new Int32Array(16)
  #sizes = new Int32Array(16)
  #since = new Float64Array(16)
  #first = 0
  #count = 0
  #bytes = 0

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  /** True if a packet of `bytes` may still join under `limit`; undefined: always. */
  hasRoom(bytes: number, limit: QueueLimit | undefined): boolean {
    if (limit === undefined) return true
    return 'packets' in limit ? this.#count < limit.packets : this.#bytes + bytes <= limit.bytes
  }

  push(packet: Packet, bytes: number, now: Ticks): void {
    if (this.#count === this.#packets.length) this.#grow()
    const at = (this.#first + this.#count) & (this.#packets.length - 1)
    this.#packets[at] = packet
    this.#sizes[at] = bytes
    this.#since[at] = now
    this.#count++
    this.#bytes += bytes
  }

  /** The first in line, who leaves it; {@link NOBODY} if it is empty. */
  shift(): Packet {
    if (this.#count === 0) return NOBODY
    const packet = this.#packets[this.#first]!
    this.#bytes -= this.#sizes[this.#first]!
    this.#first = (this.#first + 1) & (this.#packets.length - 1)
    this.#count--
    return packet
  }

  /** The bytes of the first in line; 0 if it is empty. */
  get firstBytes(): number {
    return this.#count === 0 ? 0 : this.#sizes[this.#first]!
  }

  /** Since when the first in line waits; only where there is one. */
  get firstSince(): Ticks {
    return this.#since[this.#first]!
  }

  /** All who wait, in order; the line is empty then. */
  clear(): Packet[] {
    const all: Packet[] = []
    for (let packet = this.shift(); packet !== NOBODY; packet = this.shift()) all.push(packet)
    return all
  }

  #grow(): void {
    const size = this.#packets.length
    const [packets, sizes, since] = [new Int32Array(size * 2), new Int32Array(size * 2), new Float64Array(size * 2)]
    for (let i = 0; i < size; i++) {
      const from = (this.#first + i) & (size - 1)
      packets[i] = this.#packets[from]!
      sizes[i] = this.#sizes[from]!
      since[i] = this.#since[from]!
    }
    this.#packets = packets
    this.#sizes = sizes
    this.#since = since
    this.#first = 0
  }
}
