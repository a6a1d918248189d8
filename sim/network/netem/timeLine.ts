// Packets in the order of the times at which they may go; of equal times, in the order in which they came.

import type { Ticks } from '../../kernel/event.ts'
import type { Packet } from '../packet.ts'

interface Waiting {
  readonly packet: Packet
  readonly at: Ticks
}

/** netem's queue. Most packets join at its end. */
export class TimeLine {
  #waiting: Waiting[] = []
  #gone = 0

  get count(): number {
    return this.#waiting.length - this.#gone
  }

  /** The time of the first; only where there is one. */
  get first(): Ticks {
    return this.#waiting[this.#gone]!.at
  }

  /** The time of the last; only where there is one. */
  get last(): Ticks {
    return this.#waiting[this.#waiting.length - 1]!.at
  }

  add(packet: Packet, at: Ticks): void {
    let place = this.#waiting.length
    while (place > this.#gone && this.#waiting[place - 1]!.at > at) place--
    if (place === this.#waiting.length) this.#waiting.push({ packet, at })
    else this.#waiting.splice(place, 0, { packet, at })
  }

  /** The first, who leaves; only where there is one. */
  shift(): Packet {
    const { packet } = this.#waiting[this.#gone++]!
    if (this.#gone > 512 && this.#gone * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#gone)
      this.#gone = 0
    } else if (this.#gone === this.#waiting.length) {
      this.#waiting.length = 0
      this.#gone = 0
    }
    return packet
  }

  /** All who wait; nobody does then. */
  clear(): Packet[] {
    const all = this.#waiting.slice(this.#gone).map(({ packet }) => packet)
    this.#waiting = []
    this.#gone = 0
    return all
  }
}
