// A stream of bytes taken apart into SIP messages, each as long as its Content-Length says (RFC 3261 §18.3), also out of WebSocket frames.

import { latin1Decode } from '../../platform/text.ts'
import { joined } from './bytes.ts'
import { WebSocketFrames } from './webSocket.ts'

const LONGEST_HEAD = 1 << 16
const LONGEST_BODY = 1 << 20
const SIP_START = /^(?:[A-Za-z0-9\-.!%*_+`'~]{1,64} [^ \r\n]{1,4096} SIP\/2\.0\r\n|SIP\/2\.0 \d{3} )/
const CONTENT_LENGTH = /\r\n(?:Content-Length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r\n/i
const UPGRADE = /^(?:GET |HTTP\/1\.1 101)/

/** Gets a message's bytes, in an array of their own. */
export type StreamMessage = (bytes: Uint8Array, transport: 'tcp' | 'ws') => void

/** Hands on each message when its last byte has come. What is no message is passed over, as far as it came. */
export class MessageStream {
  readonly #message: StreamMessage
  readonly #compressed: () => void
  #kept = new Uint8Array(0)
  #frames: WebSocketFrames | undefined

  /** `compressed` hears of each message that is, and is not read. */
  constructor(message: StreamMessage, compressed: () => void = () => undefined) {
    this.#message = message
    this.#compressed = compressed
  }

  /** What has come of a message is lost with what follows it. */
  interrupt(): void {
    this.#kept = new Uint8Array(0)
    this.#frames?.interrupt()
  }

  /** The next bytes; `data` may be a view that dies. */
  take(data: Uint8Array): void {
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
        this.#frames = new WebSocketFrames((payload) => this.#message(payload, 'ws'), this.#compressed)
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
