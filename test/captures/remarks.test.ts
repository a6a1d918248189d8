// What an audit must be read with, where the file has one message at several points of its way: told once, with where it was seen.

import { describe, expect, test } from 'vitest'
import { Inspection } from '../../experiments/captures/inspection.ts'
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../experiments/captures/pcapng.ts'
import { utf8Encode } from '../../platform/text.ts'
import { ethernet, tcp, udp } from './inspect.ts'

const POINTS = ['alice', 'home', 'server'] as const
const CLIENT_HELLO = [22, 3, 1, 0, 9, 1, 0, 0, 5, 3, 3]

/**
 * What is remarked on packets, each a line `ms point from what`: `branch=x` is an INVITE of that branch, of which `bytes=n` were captured;
 * `hello=n` is how a TLS connection begins, with n as its random number.
 */
function remarked(story: string, isNamed = true): readonly string[] {
  const inspection = new Inspection()
  inspection.push(sectionHeader('test'))
  for (const node of POINTS)
    inspection.push(interfaceDescription(node, isNamed ? `${node}'s end of wire` : '', new Uint8Array(6)))
  for (const line of story.trim().split('\n')) inspection.push(frameOf(line.trim().split(/\s+/)))
  const { messages, seenAgain, remarks } = inspection.end()
  return [`${messages} messages, ${seenAgain} again`, ...remarks.map(({ sentence }) => sentence)]
}

function frameOf([ms, point, from, ...what]: readonly string[]): Uint8Array {
  const given = new Map(what.map((option) => option.split('=') as [string, string]))
  const hello = given.get('hello')
  const frame =
    hello === undefined
      ? ethernet(from!, '203.0.113.5', 17, udp(invite(given.get('branch')!)), { ttl: 64, id: 7 })
      : ethernet(from!, '203.0.113.5', 6, sipsSegment(Number(hello)), { ttl: 64, id: 7 })
  const length = hello === undefined ? 42 + Number(given.get('bytes')) : frame.length
  return enhancedPacket(POINTS.indexOf(point as 'home'), Number(ms) * 1e6, frame.subarray(0, length), [])
}

function invite(branch: string): Uint8Array {
  const via = `Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK${branch};rport`
  return utf8Encode(`INVITE sip:bob@example.com SIP/2.0\r\n${via}\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n`)
}

function sipsSegment(random: number): Uint8Array {
  const segment = tcp(1, Uint8Array.from([...CLIENT_HELLO, random]))
  new DataView(segment.buffer, segment.byteOffset).setUint16(2, 5061)
  return segment
}

const cut = (ms: number, branch: string, bytes = 90): string =>
  `${ms} alice 10.0.0.1 branch=${branch} bytes=${bytes}
   ${ms + 1} home 10.0.0.1 branch=${branch} bytes=${bytes}
   ${ms + 2} server 198.51.100.1 branch=${branch} bytes=${bytes}`
const hello = (ms: number, random: number): string =>
  `${ms} alice 10.0.0.1 hello=${random}
   ${ms + 1} home 10.0.0.1 hello=${random}
   ${ms + 2} server 198.51.100.1 hello=${random}`
const CANNOT = 'cannot be judged: capture whole packets (tcpdump -s 0)'
const SEEN = 'seen at alice, home, server'

describe('of one message at three points one is told', () => {
  test.each<[string, string, number, number, string]>([
    ['cut', cut(0, '1'), 3, 2, `1 SIP message was captured in part, from packet 1 on, and ${CANNOT}; ${SEEN}`],
    [
      'cut before its branch',
      cut(0, '1', 30),
      ...([3, 2] as const),
      `1 SIP message was captured in part, from packet 1 on, and ${CANNOT}; ${SEEN}`,
    ],
    [
      'sent twice, and lost once on its way',
      `${cut(0, '1')}\n500 alice 10.0.0.1 branch=1 bytes=90`,
      ...([4, 2] as const),
      `2 SIP messages were captured in part, from packet 1 on, and ${CANNOT}; ${SEEN}`,
    ],
    [
      'two of them',
      `${cut(0, '1')}\n${cut(10, '2')}`,
      ...([6, 4] as const),
      `2 SIP messages were captured in part, from packet 1 on, and ${CANNOT}; ${SEEN}`,
    ],
  ])('%s', (_, story, messages, again, sentence) => {
    expect(remarked(story)).toEqual([`${messages} messages, ${again} again`, sentence])
  })

  test('of points without names, by their numbers', () => {
    expect(remarked(cut(0, '1'), false)[1]).toContain('; seen at interface 0, interface 1, interface 2')
  })

  test('at one place, it is not said where', () => {
    const [alone] = cut(0, '1').split('\n') as [string]
    expect(remarked(alone)).toEqual([
      '1 messages, 0 again',
      `1 SIP message was captured in part, from packet 1 on, and ${CANNOT}`,
    ])
  })
})

test('a TLS connection is one at all points, and where its beginning is sent again', () => {
  const twice = remarked(`${hello(0, 1)}\n${hello(1000, 1)}\n${hello(2000, 2)}`)[1]
  expect(twice).toMatch(/^2 connections of port 5061 are encrypted .*; seen at alice, home, server$/)
})
