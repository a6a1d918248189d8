// However TCP and IP cut messages up, repeat and disorder the pieces, the messages are read.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8Encode } from '../../platform/text.ts'
import { bytes, inspect, ipv4, pcapOf, tcp, udp } from './inspect.ts'

function message(n: number, bodyBytes: number): Uint8Array {
  const head = [
    'MESSAGE sip:bob@10.0.0.2 SIP/2.0',
    `Via: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK${n}`,
    `From: <sip:a@example.com>;tag=${n}`,
    'To: <sip:b@example.com>',
    `Call-ID: c${n}`,
    'CSeq: 1 MESSAGE',
    'Max-Forwards: 70',
    'Content-Type: text/plain',
    `Content-Length: ${bodyBytes}`,
  ]
  return utf8Encode(`${head.join('\r\n')}\r\n\r\n${'x'.repeat(bodyBytes)}`)
}

const UPGRADE = utf8Encode('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n')

function webSocket(data: Uint8Array, mask: number): Uint8Array {
  const head = bytes(0x81, 0x80 | 126, data.length >> 8, data.length & 255, mask, mask, mask, mask)
  return Buffer.concat([head, data.map((byte) => byte ^ mask)])
}

function expectAll(found: ReturnType<typeof inspect>, count: number): void {
  expect(found).toMatchObject({ messages: count, dialogs: count, remarks: [] })
  expect(found.verdicts.filter(({ state }) => state === 'violated')).toEqual([])
}

const bodies = (most: number) => fc.array(fc.nat(most), { minLength: 1, maxLength: 8 })

test('segments', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 1400 }), { minLength: 1, maxLength: 30 })
  // A segment that comes later, or a piece of the stream that is sent again: from so far before a segment's beginning, to so far behind it.
  const twist = fc.record({
    at: fc.nat(),
    later: fc.nat(6),
    back: fc.nat(700),
    ahead: fc.nat(700),
    again: fc.boolean(),
  })
  const first = fc.integer({ min: 0, max: 0xffffffff })
  const law = fc.property(
    ...([bodies(3000), cuts, fc.array(twist, { maxLength: 15 }), first, fc.boolean()] as const),
    (sizes, lengths, twists, start, isWeb) => {
      const messages = sizes.map((size, n) => message(n, size))
      const stream = Buffer.concat(isWeb ? [UPGRADE, ...messages.map((one, n) => webSocket(one, n + 1))] : messages)
      const segments: (readonly [at: number, data: Uint8Array])[] = []
      for (let at = 0; at < stream.length; at += segments.at(-1)![1].length)
        segments.push([at, stream.subarray(at, at + lengths[segments.length % lengths.length]!)])
      for (const { at, later, back, ahead, again } of twists) {
        const place = at % segments.length
        const from = Math.max(0, segments[place]![0] - back)
        const moved = again
          ? ([from, stream.subarray(from, segments[place]![0] + ahead + 1)] as const)
          : segments.splice(place, 1)[0]!
        segments.splice(Math.min(segments.length, place + later), 0, moved)
      }
      const frames = segments.map(([at, data]) => ipv4(6, tcp((start + 1 + at) >>> 0, data)))
      expectAll(inspect(pcapOf(101, [ipv4(6, tcp(start, bytes(), 2)), ...frames])), sizes.length)
    },
  )
  fc.assert(law, { numRuns: 200 })
})

test('fragments', () => {
  const swaps = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 })
  const law = fc.property(bodies(6000), fc.integer({ min: 16, max: 180 }), swaps, (sizes, eighths, pairs) => {
    const frames = sizes.flatMap((size, n) => {
      const datagram = udp(message(n, size))
      const starts = Array.from({ length: Math.ceil(datagram.length / (eighths * 8)) }, (_, i) => i * eighths * 8)
      return starts.map((at) => {
        const end = at + eighths * 8
        return ipv4(17, datagram.subarray(at, end), n + 1, at, end < datagram.length)
      })
    })
    for (const [one, other] of pairs.map((pair) => pair.map((place) => place % frames.length) as [number, number]))
      [frames[one], frames[other]] = [frames[other]!, frames[one]!]
    expectAll(inspect(pcapOf(101, frames)), sizes.length)
  })
  fc.assert(law, { numRuns: 200 })
})
