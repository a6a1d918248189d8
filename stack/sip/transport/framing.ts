// Where one message ends and the next begins in a stream (RFC 3261 §18.3): the head ends with an empty line, and Content-Length says the rest.

import { latin1Decode } from '../../../platform/text.ts'

const LONGEST_HEAD = 65_536
const LONGEST_BODY = 1_048_576
const CONTENT_LENGTH = /\r\n(?:Content-Length|l)[ \t]*:(?:[ \t]|\r\n[ \t])*(\d{1,9})(?:[ \t]|\r\n[ \t])*(?=\r\n)/i
const CR = 13
const LF = 10
/** Two line ends between messages are a ping, one is its pong (RFC 5626 §3.5.1). */
const PING_BYTES = 4
const PONG_BYTES = 2

/** What comes out of a stream. */
export interface FramingReader {
  /** A whole message, in an array of its own. */
  message(bytes: Uint8Array): void
  /** A ping, or where pings were sent a pong. */
  keepAlive(): void
  /** What comes cannot be taken apart: no length, or one beyond all measure. These are the bytes from there on; no more will come out. */
  broken(bytes: Uint8Array): void
}

/** Takes a stream's bytes as they come. */
export class Framing {
  readonly #reader: FramingReader
  #kept = new Uint8Array(0)
  #broken = false
  readonly #unit: number
  /** Bytes of line ends since the last message, or keep-alive. */
  #lineEnds = 0

  /** `hears`: pongs on a connection that was opened here, pings on the others. */
  constructor(reader: FramingReader, hears: 'pings' | 'pongs' = 'pings') {
    this.#reader = reader
    this.#unit = hears === 'pings' ? PING_BYTES : PONG_BYTES
  }

  /** The next bytes: those of `bytes` from `start` up to `end`, which are not kept. */
  take(bytes: Uint8Array, start: number, end: number): void {
    if (this.#broken) return
    const all = new Uint8Array(this.#kept.length + end - start)
    all.set(this.#kept)
    all.set(bytes.subarray(start, end), this.#kept.length)
    let at = 0
    while (!this.#broken) {
      const begin = this.#skipLineEnds(all, at)
      const length = this.#lengthOf(all, begin)
      if (length === 0) {
        at = begin
        break
      }
      if (length < 0) {
        this.#broken = true
        this.#reader.broken(all.slice(begin))
        return
      }
      at = begin + length
      this.#reader.message(all.slice(begin, at))
    }
    this.#kept = all.slice(at)
  }

  #skipLineEnds(bytes: Uint8Array, from: number): number {
    let at = from
    while (bytes[at] === CR || bytes[at] === LF) at++
    this.#lineEnds += at - from
    for (; this.#lineEnds >= this.#unit; this.#lineEnds -= this.#unit) this.#reader.keepAlive()
    if (at < bytes.length) this.#lineEnds = 0
    return at
  }

  /** The length of the message that begins at `from`; 0 where more must come; −1 where it has none that can be told. */
  #lengthOf(bytes: Uint8Array, from: number): number {
    const text = latin1Decode(bytes.subarray(from, from + LONGEST_HEAD))
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return text.length < LONGEST_HEAD ? 0 : -1
    const body = CONTENT_LENGTH.exec(text.slice(0, end + 2))?.[1]
    if (body === undefined || Number(body) > LONGEST_BODY) return -1
    const length = end + 4 + Number(body)
    return from + length <= bytes.length ? length : 0
  }
}
