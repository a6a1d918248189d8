// One direction of a TCP connection: segments put in order, and what they carry taken apart into SIP messages, also out of WebSocket frames.

import { latin1Decode } from '../../platform/text.ts'
import { joined } from './bytes.ts'
import { WebSocketFrames } from './webSocket.ts'

const MOST_AHEAD = 64
const LONGEST_HEAD = 1 << 16
const LONGEST_BODY = 1 << 20
const SIP_START = /^(?:[A-Za-z0-9\-.!%*_+`'~]{1,64} [^ \r\n]{1,4096} SIP\/2\.0\r\n|SIP\/2\.0 \d{3} )/
const CONTENT_LENGTH = /\r\n(?:Content-Length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r\n/i
const UPGRADE = /^(?:GET |HTTP\/1\.1 101)/

type Message = (bytes: Uint8Array, transport: 'tcp' | 'ws') => void

/** Hands on each message's bytes when its last byte has come. A hole in the stream loses what stood about it. */
export class TcpDirection {
  readonly #message: Message
  /** The next sequence number; undefined until the first segment. */
  #next: number | undefined
  #ahead = new Map<number, Uint8Array>()
  #kept = new Uint8Array(0)
  #frames: WebSocketFrames | undefined

  constructor(message: Message) {
    this.#message = message
  }

  /** Takes a segment; `data` may be a view that dies. */
  take(sequence: number, isSyn: boolean, data: Uint8Array): void {
    if (isSyn) {
      this.#next = (sequence + 1) >>> 0
      this.#ahead.clear()
      this.#kept = new Uint8Array(0)
      this.#frames = undefined
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
    this.#read(data)
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
    this.#kept = new Uint8Array(0)
    const piece = this.#ahead.get(sequences[0]!)!
    this.#ahead.delete(sequences[0]!)
    this.#advance(piece)
  }

  #read(data: Uint8Array): void {
    if (this.#frames !== undefined) {
      this.#frames.take(data)
      return
    }
    let bytes = this.#kept.length === 0 ? data : joined([this.#kept, data])
    for (;;) {
      while (bytes[0] === 13 || bytes[0] === 10 || bytes[0] === 0) bytes = bytes.subarray(1)
      const length = this.#whole(bytes)
      if (length === 0) break
      if (length < 0) {
        bytes = bytes.subarray(bytes.length)
        break
      }
      const message = bytes.slice(0, length)
      bytes = bytes.subarray(length)
      if (!UPGRADE.test(latin1Decode(message.subarray(0, 16)))) this.#message(message, 'tcp')
      else if (/\r\nUpgrade:[ \t]*websocket/i.test(latin1Decode(message))) {
        this.#kept = new Uint8Array(0)
        this.#frames = new WebSocketFrames((payload) => this.#message(payload, 'ws'))
        this.#frames.take(bytes)
        return
      }
    }
    this.#kept = bytes.slice()
  }

  /** The length of the message that begins here; 0 where more must come; −1 where none begins. */
  #whole(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0
    const text = latin1Decode(bytes.subarray(0, LONGEST_HEAD))
    const line = text.indexOf('\r\n')
    if (line < 0) return bytes.length < 5000 ? 0 : -1
    if (!SIP_START.test(text) && !UPGRADE.test(text)) return -1
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return bytes.length < LONGEST_HEAD ? 0 : -1
    const body = Number(CONTENT_LENGTH.exec(text.slice(0, end + 2))?.[1] ?? 0)
    if (body > LONGEST_BODY) return -1
    return end + 4 + body <= bytes.length ? end + 4 + body : 0
  }
}
