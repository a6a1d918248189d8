// DNS over TCP: each message after its length, two bytes (RFC 1035 §4.2.2).

const PREFIX = 2

/** Messages out of a stream, however it is cut. */
export class DnsStream {
  readonly #bytes: number[] = []

  /** Takes bytes `start` up to `end`; gives the messages that they complete. */
  take(bytes: Uint8Array, start: number, end: number): readonly Uint8Array[] {
    const made: Uint8Array[] = []
    for (let at = start; at < end; at++) {
      this.#bytes.push(bytes[at]!)
      const length = this.#bytes.length < PREFIX ? 0 : (this.#bytes[0]! << 8) | this.#bytes[1]!
      if (this.#bytes.length < PREFIX || this.#bytes.length < PREFIX + length) continue
      made.push(Uint8Array.from(this.#bytes.slice(PREFIX)))
      this.#bytes.length = 0
    }
    return made
  }
}

/** The message with its length before it. */
export function framed(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX + message.length)
  bytes[0] = message.length >> 8
  bytes[1] = message.length & 255
  bytes.set(message, PREFIX)
  return bytes
}
