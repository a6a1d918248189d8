// A drop-tail queue before a transmitter: who waits, from the times at which waiting will end. No event of its own.

/** How long a queue may become: in bytes on the wire (framing included) or in packets, the one being transmitted not counted. */
export type QueueLimit = { readonly bytes: number } | { readonly packets: number }

const UNLIMITED = Number.POSITIVE_INFINITY

/** The waiting packets of one transmitter, in a ring: when each starts, and how long it is. */
export class DropTail {
  readonly #limitBytes: number
  readonly #limitPackets: number
  #starts = new Float64Array(16)
  #bytes = new Int32Array(16)
  #first = 0
  #count = 0
  #waitingBytes = 0

  constructor(limit: QueueLimit) {
    this.#limitBytes = 'bytes' in limit ? limit.bytes : UNLIMITED
    this.#limitPackets = 'packets' in limit ? limit.packets : UNLIMITED
  }

  /** Lets a packet of `bytes` wait from `now` until it starts at `start`; false if there is no room. */
  accept(now: number, start: number, bytes: number): boolean {
    this.#leave(now)
    if (this.#waitingBytes + bytes > this.#limitBytes || this.#count >= this.#limitPackets) return false
    if (this.#count === this.#starts.length) this.#grow()
    const at = (this.#first + this.#count) & (this.#starts.length - 1)
    this.#starts[at] = start
    this.#bytes[at] = bytes
    this.#count++
    this.#waitingBytes += bytes
    return true
  }

  /** A cut: nobody waits any more. */
  clear(): void {
    this.#count = 0
    this.#waitingBytes = 0
  }

  /** Those whose first bit has gone out by `now` wait no more. */
  #leave(now: number): void {
    const mask = this.#starts.length - 1
    while (this.#count > 0 && this.#starts[this.#first]! <= now) {
      this.#waitingBytes -= this.#bytes[this.#first]!
      this.#first = (this.#first + 1) & mask
      this.#count--
    }
  }

  #grow(): void {
    const size = this.#starts.length
    const starts = new Float64Array(size * 2)
    const bytes = new Int32Array(size * 2)
    for (let i = 0; i < size; i++) {
      starts[i] = this.#starts[(this.#first + i) & (size - 1)]!
      bytes[i] = this.#bytes[(this.#first + i) & (size - 1)]!
    }
    this.#starts = starts
    this.#bytes = bytes
    this.#first = 0
  }
}
