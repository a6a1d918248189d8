// The SIP messages in what a capture carried, each by itself: a datagram, a piece of a TCP stream, or a WebSocket message.

import { latin1Decode } from '../../platform/text.ts'
import { carriedIn } from './pcap.ts'

const SIP_START = /^(?:\r\n)*(?:[A-Z]+ [^ \r\n]+ SIP\/2\.0\r\n|SIP\/2\.0 \d)/

/** True for bytes that begin as SIP does. */
function isSip(bytes: Uint8Array): boolean {
  return SIP_START.test(latin1Decode(bytes))
}

/** All SIP messages in a capture file. */
export function sipPayloads(file: Uint8Array): readonly Uint8Array[] {
  return carriedIn(file).flatMap(({ protocol, bytes }) => {
    if (protocol === 'udp') return isSip(bytes) ? [bytes] : []
    const upgrade = latin1Decode(bytes.subarray(0, 4096)).search(/\r\n\r\n/)
    if (!isSip(bytes) && upgrade > 0 && /^(GET|HTTP)/.test(latin1Decode(bytes.subarray(0, 4))))
      return webSocketMessages(bytes.subarray(upgrade + 4)).filter(isSip)
    return streamed(bytes)
  })
}

/** RFC 3261 §18.3: in a stream, Content-Length says where a message ends. */
function streamed(bytes: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = []
  let rest = bytes
  while (isSip(rest)) {
    const text = latin1Decode(rest)
    const head = text.indexOf('\r\n\r\n', text.search(/\S/))
    const length = Number(/\r\n(?:Content-Length|l)[ \t]*:[ \t]*(\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
    if (head < 0 || head + 4 + length > rest.length) break
    messages.push(rest.subarray(0, head + 4 + length))
    rest = rest.subarray(head + 4 + length)
  }
  return messages
}

/** RFC 6455 §5: the unfragmented text and binary messages of one direction. */
function webSocketMessages(bytes: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const opcode = bytes[at]! & 15
    const masked = (bytes[at + 1]! & 128) !== 0
    let length = bytes[at + 1]! & 127
    at += 2
    if (length === 126) {
      length = bytes[at]! * 256 + bytes[at + 1]!
      at += 2
    }
    const mask = masked ? bytes.subarray(at, at + 4) : undefined
    if (masked) at += 4
    if (opcode === 1 || opcode === 2)
      messages.push(bytes.slice(at, at + length).map((byte, place) => byte ^ (mask?.[place & 3] ?? 0)))
    at += length
  }
  return messages
}
