// One direction of a TCP connection: segments put in order, and what they carry taken apart into SIP messages.

import { MessageStream, type StreamMessage } from './messages.ts'

const MOST_AHEAD = 64

/** Hands on each message's bytes when its last byte has come. A hole in the stream loses what stood about it. */
export class TcpDirection {
  readonly #message: StreamMessage
  #stream: MessageStream
  /** The next sequence number; undefined until the first segment. */
  #next: number | undefined
  #ahead = new Map<number, Uint8Array>()

  constructor(message: StreamMessage) {
    this.#message = message
    this.#stream = new MessageStream(message)
  }

  /** Takes a segment; `data` may be a view that dies. */
  take(sequence: number, isSyn: boolean, data: Uint8Array): void {
    if (isSyn) {
      this.#next = (sequence + 1) >>> 0
      this.#ahead.clear()
      this.#stream = new MessageStream(this.#message)
      return
    }
    if (data.length === 0) return
    this.#next ??= sequence
    const late = (this.#next - sequence) | 0
    if (late >= data.length) return
    if (late < 0) {
      this.#ahead.set(sequence, data.slice())
      if (this.#ahead.size > MOST_AHEAD) this.#skip()
      return
    }
    this.#advance(late > 0 ? data.subarray(late) : data)
  }

  #advance(data: Uint8Array): void {
    this.#next = ((this.#next ?? 0) + data.length) >>> 0
    this.#stream.take(data)
    for (const [sequence, piece] of this.#ahead) {
      const late = (this.#next - sequence) | 0
      if (late < 0) continue
      this.#ahead.delete(sequence)
      if (late >= piece.length) continue
      this.#advance(piece.subarray(late))
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
    this.#advance(piece)
  }
}
