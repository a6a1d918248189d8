// One direction of a TCP connection: segments put in order, and what they carry taken apart into SIP messages.

import { MessageStream, type StreamMessage } from './messages.ts'

const MOST_AHEAD = 64

/** Hands on each message's bytes when its last byte has come. A hole in the stream loses what stood about it. */
export class TcpDirection {
  readonly #message: StreamMessage
  readonly #compressed: () => void
  #stream: MessageStream
  /** The next sequence number; undefined until the first segment. */
  #next: number | undefined
  /** By sequence number: what has come before its turn, and how many bytes of it were not captured. */
  #ahead = new Map<number, { readonly data: Uint8Array; readonly missing: number }>()

  constructor(message: StreamMessage, compressed: () => void) {
    this.#message = message
    this.#compressed = compressed
    this.#stream = new MessageStream(message, compressed)
  }

  /** Takes a segment; `data` may be a view that dies, and is followed by `missing` bytes that were not captured. */
  take(sequence: number, isSyn: boolean, data: Uint8Array, missing = 0): void {
    if (isSyn) {
      this.#next = (sequence + 1) >>> 0
      this.#ahead.clear()
      this.#stream = new MessageStream(this.#message, this.#compressed)
      return
    }
    if (data.length + missing === 0) return
    this.#next ??= sequence
    const late = (this.#next - sequence) | 0
    if (late >= data.length + missing) return
    if (late < 0) {
      // A probe of a closed window repeats one byte of more.
      if ((this.#ahead.get(sequence)?.data.length ?? 0) < data.length)
        this.#ahead.set(sequence, { data: data.slice(), missing })
      if (this.#ahead.size > MOST_AHEAD) this.#skip()
      return
    }
    this.#advance(data, missing, late)
  }

  /** Goes on with these bytes but for the first `late` of them, which came before. */
  #advance(data: Uint8Array, missing: number, late: number): void {
    this.#next = ((this.#next ?? 0) + data.length + missing - late) >>> 0
    if (late < data.length) this.#stream.take(late > 0 ? data.subarray(late) : data)
    if (missing > 0) this.#stream.interrupt()
    for (const [sequence, piece] of this.#ahead) {
      const late = (this.#next - sequence) | 0
      if (late < 0) continue
      this.#ahead.delete(sequence)
      if (late >= piece.data.length + piece.missing) continue
      this.#advance(piece.data, piece.missing, late)
      return
    }
  }

  /** The capture lacks a segment: goes on after it. */
  #skip(): void {
    const next = this.#next ?? 0
    const sequences = [...this.#ahead.keys()].sort((a, b) => ((a - next) | 0) - ((b - next) | 0))
    this.#next = sequences[0]!
    this.#stream.interrupt()
    const piece = this.#ahead.get(sequences[0]!)!
    this.#ahead.delete(sequences[0]!)
    this.#advance(piece.data, piece.missing, 0)
  }
}
