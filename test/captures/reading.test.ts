// Captures made by hand: each way in which a SIP message can be wrapped, and files that are none.

import { describe, expect, test } from 'vitest'
import { CaptureClock } from '../../experiments/captures/captureClock.ts'
import { Remarks } from '../../experiments/captures/remarks.ts'
import { utf8Decode, utf8Encode } from '../../platform/text.ts'
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
    ['PPP over Ethernet', 1, [frame(MACS, bytes(0x88, 0x64, 0x11, 0, 0, 1, 0, 99, 0, 0x21), V4)]],
    [
      'PPP over Ethernet with a VLAN tag, IPv6',
      1,
      [frame(MACS, bytes(0x81, 0, 0, 7, 0x88, 0x64, 0x11, 0, 0, 1, 0, 99, 0, 0x57), V6)],
    ],
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
      'TCP whose early segment is repeated by its first byte',
      101,
      [
        ipv4(6, tcp(0, bytes(), 2)),
        ipv4(6, tcp(51, OPTIONS.subarray(50))),
        ipv4(6, tcp(51, OPTIONS.subarray(50, 51))),
        ipv4(6, tcp(1, OPTIONS.subarray(0, 50))),
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

describe('what was captured in part, or in a way that is not read, is no violation, and is said', () => {
  const segment = (sequence: number, data: Uint8Array): Uint8Array => ipv4(6, tcp(sequence, data))
  const second = utf8Encode(utf8Decode(OPTIONS).replace('bK1', 'bK2').replace('1 OPTIONS', '2 OPTIONS'))
  const cut = (packet: Uint8Array, at: number): Uint8Array => packet.subarray(0, at)
  const start = ipv4(17, udp(OPTIONS).subarray(0, half), 9, 0, true)
  const deflated = webSocket(OPTIONS, 3, 0xc1)
  const inTwo = [
    segment(1, frame(UPGRADE, webSocket(OPTIONS, 7))),
    segment(1 + UPGRADE.length + OPTIONS.length + 8, webSocket(OPTIONS, 9)),
  ] as const
  const rtp = ipv4(17, udp(frame(bytes(0x80, 0, 0, 1), new Uint8Array(168))))
  test.each<[string, number, readonly Uint8Array[], number, number, string]>([
    ['a datagram', 101, [cut(V4, 120), V4], 2, 1, 'cut 1'],
    ['a datagram, in its start line', 101, [cut(V4, 50), V6], 2, 1, 'cut 1'],
    ['a datagram over IPv6', 101, [V4, cut(V6, 140)], 2, 1, 'cut 2'],
    ['the first fragment', 101, [cut(start, 80), V4], 2, 1, 'cut 1'],
    ['RTP, whose head is enough', 101, [cut(rtp, 44)], 0, 0, ''],
    ['a segment', 101, [cut(segment(1, OPTIONS), 90), segment(1 + OPTIONS.length, OPTIONS)], 2, 1, 'cut 1'],
    [
      'a segment that came early',
      101,
      [
        ipv4(6, tcp(0, bytes(), 2)),
        cut(segment(1 + OPTIONS.length, OPTIONS), 90),
        segment(1, OPTIONS),
        segment(1 + 2 * OPTIONS.length, second),
      ],
      3,
      1,
      'cut 2',
    ],
    ['WebSocket frames', 101, [cut(inTwo[0], 150), inTwo[1]], 1, 1, ''],
    [
      'TLS',
      101,
      [segment(1, bytes(22, 3, 1, 0, 5, 1, 0, 0, 1, 0)).map((byte, at) => (at === 23 ? 0xc5 : byte))],
      0,
      0,
      'encrypted 1',
    ],
    ['802.11', 105, [V4, V4], 0, 0, 'link type 1 2'],
    [
      'compressed WebSocket messages',
      101,
      [segment(1, frame(UPGRADE, deflated, webSocket(OPTIONS, 5), deflated))],
      1,
      1,
      'compressed 1 2',
    ],
  ])('%s', (_, linkType, frames, messages, dialogs, remark) => {
    const found = inspect(pcapOf(linkType, frames))
    expect(found).toMatchObject({ messages, dialogs })
    expect(found.verdicts.filter(({ state }) => state === 'violated')).toEqual([])
    const told = found.remarks.map(({ kind, packet, count }) => `${kind} ${packet}${count === 1 ? '' : ` ${count}`}`)
    expect(told.join()).toBe(remark)
  })

  test('an IPv6 length of 0 is left to the network card', () => {
    const offloaded = Uint8Array.from(ipv6(tcp(1, OPTIONS)))
    offloaded.set([0, 0, 6], 4)
    expect(inspect(pcapOf(101, [offloaded]))).toMatchObject({ messages: 1, dialogs: 1, remarks: [] })
  })
})

describe('pcapng', () => {
  const ends = { ...{ little: true, nsPerUnit: 1000, offset: 0 }, name: 'eth0' }
  /** A section with one interface and a packet at each of these ms. */
  const section = (packets: readonly Uint8Array[], times: readonly number[], given: Partial<typeof ends> = {}) => {
    const { little, nsPerUnit, offset, name } = { ...ends, ...given }
    const block = (type: number, body: readonly (number | bigint | Uint8Array)[], width = 4): Uint8Array => {
      const parts = body.map((part) => {
        if (typeof part === 'object') return frame(part, new Uint8Array(-part.length & 3))
        const view = new DataView(new ArrayBuffer(typeof part === 'bigint' ? 8 : width))
        if (typeof part === 'bigint') view.setBigInt64(0, part, little)
        else if (width === 2) view.setUint16(0, part, little)
        else view.setUint32(0, part, little)
        return new Uint8Array(view.buffer)
      })
      const length = 12 + parts.reduce((sum, part) => sum + part.length, 0)
      const [head, tail] = [new DataView(new ArrayBuffer(8)), new DataView(new ArrayBuffer(4))]
      head.setUint32(0, type, little)
      head.setUint32(4, length, little)
      tail.setUint32(0, length, little)
      return frame(new Uint8Array(head.buffer), ...parts, new Uint8Array(tail.buffer))
    }
    const resolution = bytes(nsPerUnit === 1 ? 9 : nsPerUnit === 1000 ? 6 : 0x80 | 20)
    const options = [9, 1, resolution, 14, 8, BigInt(offset), 2, name.length, utf8Encode(name), 0, 0]
    return frame(
      block(
        0x0a0d0d0a,
        little ? [0x1a2b3c4d, 1, 0xffffffff, 0xffffffff] : [0x1a2b3c4d, 0x10000, 0xffffffff, 0xffffffff],
      ),
      block(1, [101, 0, 0, 0, ...options], 2),
      ...packets.map((packet, at) => {
        const units = BigInt(Math.round(((1.7e9 - offset) * 1e9 + times[at]! * 1e6) / nsPerUnit))
        const stamp = [Number(units >> 32n), Number(units & 0xffffffffn)]
        return block(6, [0, ...stamp, packet.length, packet.length, packet])
      }),
    )
  }
  const repeats = [1, 2, 3].map((id) => ipv4(17, udp(OPTIONS), id))
  const times = [0, 500, 1500]

  test.each<[string, readonly Uint8Array[]]>([
    ['little-endian, in microseconds', [section(repeats, times)]],
    ['big-endian', [section(repeats, times, { little: false })]],
    ['in nanoseconds', [section(repeats, times, { nsPerUnit: 1 })]],
    ['in 2⁻²⁰ s', [section(repeats, times, { nsPerUnit: 1e9 / 2 ** 20 })]],
    ['with an offset in seconds', [section(repeats, times, { offset: 1.7e9 })]],
    ['with an offset before the epoch', [section(repeats, times, { offset: -1000, little: false })]],
    [
      'in several sections of one interface: captures that were joined',
      repeats.map((one, at) => section([one], [times[at]!], { little: at !== 1, nsPerUnit: at === 2 ? 1 : 1000 })),
    ],
  ])('%s', (_, sections) => {
    const found = inspect(frame(...sections), 13)
    expect(found).toMatchObject({ packets: 3, messages: 3, seenAgain: 0, remarks: [] })
    expect(found.schedules).toMatchObject([{ timer: 'Timer E', gapsMs: [500, 1000] }])
  })
})

describe('time never runs back, and a clock that was set back is said', () => {
  test.each<[string, readonly (readonly [place: number, seconds: number])[], readonly number[], string]>([
    [
      'in order',
      [
        [0, 5],
        [0, 6],
        [0, 8],
      ],
      [0, 1, 3],
      '',
    ],
    [
      'a little out of order',
      [
        [0, 5],
        [1, 4.5],
        [0, 6],
        [1, 5.5],
      ],
      [0, 0, 1, 1],
      '',
    ],
    [
      'set back once',
      [
        [0, 5],
        [0, 6],
        [0, 2],
        [0, 3],
      ],
      [0, 1, 1, 2],
      '3: 4 s',
    ],
    [
      'set back on two interfaces',
      [
        [0, 9],
        [1, 9],
        [0, 2],
        [1, 2],
        [0, 3],
        [1, 3],
      ],
      [0, 0, 0, 0, 1, 1],
      '3: 7 s and 1',
    ],
    [
      'a machine that learns the time after a while',
      [
        [0, 1],
        [0, 2],
        [0, 1.7e9],
        [0, 1.7e9 + 1],
      ],
      [0, 1, 1, 2],
      '',
    ],
    [
      'an earlier capture behind a later one',
      [
        [0, 100],
        [0, 101],
        [1, 10],
        [1, 13],
      ],
      [0, 1, 1, 4],
      '3: 91 s',
    ],
  ])('%s', (_, stamps, times, remark) => {
    const remarks = new Remarks()
    const clock = new CaptureClock(remarks)
    const seen = stamps.map(([place, seconds], at) => {
      return clock.at(place, Math.floor(seconds), (seconds % 1) * 1e9, at + 1) / 1e9
    })
    expect(seen).toEqual(times)
    const told = remarks.list.map(({ sentence, packet, count }) => {
      return `${packet}: ${/is stamped (.*?) before/.exec(sentence)?.[1]}${count === 1 ? '' : ` and ${count - 1}`}`
    })
    expect(told.join()).toBe(remark)
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
