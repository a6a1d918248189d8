// Captures made by hand: each way in which a SIP message can be wrapped, and files that are none.

import { describe, expect, test } from 'vitest'
import { utf8Encode } from '../../platform/text.ts'
import { bytes, inspect, ipv4, ipv6, pcapOf, tcp, udp } from './inspect.ts'

const OPTIONS = utf8Encode(
  [
    'OPTIONS sip:bob@10.0.0.2 SIP/2.0',
    'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1',
    'From: <sip:a@example.com>;tag=1',
    'To: <sip:b@example.com>',
    'Call-ID: c1',
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n'),
)
const V4 = ipv4(17, udp(OPTIONS))
const V6 = ipv6(udp(OPTIONS))
const MACS = new Uint8Array(12)
const frame = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts)
const half = Math.floor(OPTIONS.length / 16) * 8

function webSocket(data: Uint8Array, mask: number, first = 0x81): Uint8Array {
  const masked = data.map((byte) => byte ^ mask)
  return frame(bytes(first, 0x80 | 126, data.length >> 8, data.length & 255, mask, mask, mask, mask), masked)
}
const UPGRADE = utf8Encode('GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: sip\r\n\r\n')

describe('one message, however it is wrapped', () => {
  test.each<[string, number, readonly Uint8Array[]]>([
    ['Ethernet', 1, [frame(MACS, bytes(8, 0), V4)]],
    ['Ethernet with a VLAN tag', 1, [frame(MACS, bytes(0x81, 0, 0, 7, 8, 0), V4)]],
    ['two VLAN tags', 1, [frame(MACS, bytes(0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 0x86, 0xdd), V6)]],
    ['Linux cooked', 113, [frame(new Uint8Array(14), bytes(8, 0), V4)]],
    ['Linux cooked, version 2', 276, [frame(bytes(0x86, 0xdd), new Uint8Array(18), V6)]],
    ['loopback', 0, [frame(bytes(2, 0, 0, 0), V4)]],
    ['raw IPv4', 101, [V4]],
    ['raw IPv6', 229, [V6]],
    [
      'IPv4 in fragments, the last first',
      101,
      [ipv4(17, udp(OPTIONS).subarray(half), 9, half), ipv4(17, udp(OPTIONS).subarray(0, half), 9, 0, true)],
    ],
    [
      'IPv6 in fragments',
      101,
      [
        ipv6(udp(OPTIONS).subarray(0, half), { offset: 0, more: true }),
        ipv6(udp(OPTIONS).subarray(half), { offset: half, more: false }),
      ],
    ],
    ['TCP in two segments', 101, [ipv4(6, tcp(1, OPTIONS.subarray(0, 50))), ipv4(6, tcp(51, OPTIONS.subarray(50)))]],
    [
      'TCP in three segments, disordered and doubled',
      101,
      [
        ipv4(6, tcp(0, bytes(), 2)),
        ipv4(6, tcp(51, OPTIONS.subarray(50, 90))),
        ipv4(6, tcp(1, OPTIONS.subarray(0, 50))),
        ipv4(6, tcp(1, OPTIONS.subarray(0, 50))),
        ipv4(6, tcp(91, OPTIONS.subarray(90))),
      ],
    ],
    [
      'TCP across the end of the sequence numbers',
      101,
      [ipv4(6, tcp(0xfffffff0, OPTIONS.subarray(0, 50))), ipv4(6, tcp(34, OPTIONS.subarray(50)))],
    ],
    ['WebSocket', 101, [ipv4(6, tcp(1, frame(UPGRADE, webSocket(OPTIONS, 0x5a))))]],
    [
      'WebSocket in two frames',
      101,
      [
        ipv4(
          6,
          tcp(1, frame(UPGRADE, webSocket(OPTIONS.subarray(0, 150), 1, 1), webSocket(OPTIONS.subarray(150), 2, 0x80))),
        ),
      ],
    ],
  ])('%s', (_, linkType, frames) => {
    for (const [little, nanoseconds] of [
      [true, false],
      [false, true],
    ] as const) {
      const file = pcapOf(linkType, frames, little, nanoseconds)
      for (const pieces of [file.length, 7]) {
        const found = inspect(file, pieces)
        expect(found).toMatchObject({ packets: frames.length, messages: 1, dialogs: 1, calls: 0 })
        expect(found.unreadable).toBeUndefined()
        expect(found.callRows[0]).toMatchObject({
          callId: 'c1',
          method: 'OPTIONS',
          from: 'a@example.com',
          to: 'b@example.com',
        })
      }
    }
  })

  test('two messages in one segment are two', () => {
    expect(inspect(pcapOf(101, [ipv4(6, tcp(1, frame(OPTIONS, OPTIONS)))])).messages).toBe(2)
  })

  test('a packet that is captured twice on its way is judged once, one that is sent twice is a repeat', () => {
    const hops = [ipv4(17, udp(OPTIONS), 5), ipv4(17, udp(OPTIONS), 5)]
    hops[1]![8] = 63
    expect(inspect(pcapOf(101, hops))).toMatchObject({ messages: 2, seenAgain: 1, schedules: [] })
    const twice = [ipv4(17, udp(OPTIONS), 5), ipv4(17, udp(OPTIONS), 6)]
    expect(inspect(pcapOf(101, twice))).toMatchObject({ messages: 2, seenAgain: 0, schedules: [{ timer: 'Timer E' }] })
  })
})

describe('what cannot be read is said, with the packet, and what could be read is kept', () => {
  const whole = pcapOf(101, [V4, V4, V4])
  const absurd = whole.slice()
  absurd[24 + 16 + V4.length + 11] = 0x7f
  test.each<[string, Uint8Array, number, RegExp, number]>([
    ['an empty file', bytes(), 1, /a capture file/, 0],
    ['a text', utf8Encode('This is a text, and no capture at all.'), 1, /a capture file/, 0],
    ['cut in the third packet', whole.subarray(0, whole.length - 10), 3, /more than the \d+ bytes/, 2],
    ['an absurd length', absurd, 2, /at most 262144 bytes, not 2130706/, 1],
  ])('%s', (_, file, packet, expected, messages) => {
    const found = inspect(file)
    expect(found.unreadable).toMatchObject({ packet, expected: expect.stringMatching(expected) })
    expect(found.messages).toBe(messages)
  })
})
