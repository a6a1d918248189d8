// One direction of a WebSocket (RFC 6455 §5.2): frames unmasked, fragments joined into messages. What is compressed is told of, and not read.

import { joined } from './bytes.ts'

const LONGEST = 1 << 20

/** Bits that say how a payload is to be read: the first is permessage-deflate's (RFC 7692 §6), the others nobody's. */
const COMPRESSED = 0x40
const NOBODYS = 0x30

/** Hands on each text or binary message, whole. */
export class WebSocketFrames {
  readonly #message: (payload: Uint8Array) => void
  readonly #compressed: () => void
  #kept = new Uint8Array(0)
  #pieces: Uint8Array[] = []
  #isCompressed = false
  #lost = false

  /** `compressed` hears of each message that is. */
  constructor(message: (payload: Uint8Array) => void, compressed: () => void) {
    this.#message = message
    this.#compressed = compressed
  }

  /** The capture lacks a part: a frame may begin with the next bytes. */
  interrupt(): void {
    this.#kept = new Uint8Array(0)
    this.#pieces = []
    this.#lost = false
  }

  /** Takes the next bytes of the stream. */
  take(data: Uint8Array): void {
    if (this.#lost) return
    let bytes = joined([this.#kept, data])
    for (;;) {
      const length = this.#frame(bytes)
      if (length === 0) break
      bytes = bytes.subarray(length)
    }
    this.#kept = this.#lost ? new Uint8Array(0) : bytes.slice()
  }

  /** How many bytes a whole frame at the front has; 0 where more must come. */
  #frame(bytes: Uint8Array): number {
    if (bytes.length < 2) return 0
    if ((bytes[0]! & NOBODYS) !== 0) return this.#lose()
    const short = bytes[1]! & 127
    const masked = bytes[1]! >= 128
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0
    const from = 2 + extended + (masked ? 4 : 0)
    if (bytes.length < from) return 0
    const length = extended === 0 ? short : numberAt(bytes, 2, extended)
    if (length > LONGEST) return this.#lose()
    if (bytes.length < from + length) return 0
    const payload = bytes.slice(from, from + length)
    if (masked) for (let at = 0; at < length; at++) payload[at]! ^= bytes[from - 4 + (at & 3)]!
    this.#carry(bytes[0]! & 15, bytes[0]! >= 128, payload, (bytes[0]! & COMPRESSED) !== 0)
    return from + length
  }

  /** This is no frame: nothing more is read until the stream was interrupted. */
  #lose(): 0 {
    this.#lost = true
    return 0
  }

  #carry(opcode: number, final: boolean, payload: Uint8Array, isCompressed: boolean): void {
    if (opcode >= 8) return
    if (opcode !== 0) {
      this.#pieces = []
      this.#isCompressed = isCompressed
    }
    this.#pieces.push(payload)
    if (this.#pieces.reduce((sum, piece) => sum + piece.length, 0) > LONGEST) this.#pieces = []
    if (!final) return
    if (this.#isCompressed) this.#compressed()
    else this.#message(joined(this.#pieces))
    this.#pieces = []
  }
}

function numberAt(bytes: Uint8Array, from: number, length: number): number {
  let value = 0
  for (let at = from; at < from + length; at++) value = value * 256 + bytes[at]!
  return value
}
