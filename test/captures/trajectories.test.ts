// One message at several points of its way: who sent it, who received it, and what was sent again.

import { describe, expect, test } from 'vitest'
import { Dissector } from '../../experiments/captures/dissector.ts'
import { FrameReader } from '../../experiments/captures/frames.ts'
import { ObservationPoints } from '../../experiments/captures/observationPoints.ts'
import {
  enhancedPacket,
  interfaceDescription,
  nameResolution,
  sectionHeader,
} from '../../experiments/captures/pcapng.ts'
import { EXACT } from '../../experiments/oracles/jury.ts'
import { audited, sentences, violated } from './audited.ts'
import { ethernet, pcapOf, tcp, udp } from './inspect.ts'

/** Alice behind a NAT and Bob behind another, both with the same address; a server. Where there are no names only the points are known. */
const NODES: Readonly<Record<string, readonly string[]>> = {
  alice: ['10.0.0.1'],
  home: ['10.0.0.254', '198.51.100.1'],
  office: ['10.0.0.254', '198.51.100.2'],
  bob: ['10.0.0.1'],
  server: ['203.0.113.5'],
}
const POINTS = ['alice a', 'home a', 'home o', 'router h', 'router s', 'server s', 'office o', 'office b', 'bob b']

/**
 * What is told of the sightings, each a line `ms point from>to label options`: the label is a request's method, a status (of an INVITE) or RTP; `ttl` is
 * 64 unless said, `id` 0; `branch=x` names the message; `contact=x` is what an ALG would rewrite; `broken` says a wrong Content-Length; `tcp` that it
 * came in a segment.
 */
function told(story: string, isNamed = true): readonly string[] {
  const said: string[] = []
  const points = new ObservationPoints()
  const dissector = new Dissector(points, {
    count: () => {},
    observe: (seen) => {
      if (seen.kind === 'power' || seen.kind === 'unreachable') return
      const name =
        seen.kind === 'rtp'
          ? `RTP ${seen.sequence}`
          : seen.kind === 'malformed'
            ? `broken ${seen.label.name}`
            : seen.message.kind === 'request'
              ? seen.message.method
              : String(seen.message.status)
      const ends = `${seen.from.address}>${seen.to.address}`
      said.push([seen.at / 1e6, seen.where || '-', seen.side, name, ends].join(' '))
    },
  })
  const reader = new FrameReader((frame) => dissector.take(frame), points)
  reader.push(sectionHeader('test'))
  if (isNamed)
    reader.push(nameResolution(Object.entries(NODES).flatMap(([name, all]) => all.map((one) => [one, name] as const))))
  for (const point of POINTS) {
    const [node, link] = point.split(' ')
    reader.push(interfaceDescription(point, isNamed ? `${node}'s end of ${link}` : '', new Uint8Array(6)))
  }
  // Times count from the first frame.
  for (const line of story.trim().split('\n')) reader.push(frameOf(line.trim().split(/\s+/)))
  expect(reader.end()).toBeUndefined()
  dissector.end()
  return said
}

function frameOf([ms, node, link, ends, label, ...options]: readonly string[]): Uint8Array {
  const given = new Map(options.map((option) => option.split('=') as [string, string]))
  const [from, to] = ends!.split('>') as [string, string]
  const data = label === 'RTP' ? rtp(Number(given.get('seq') ?? 1)) : sip(label!, given)
  const payload = given.has('tcp') ? tcp(Number(given.get('tcp')), data) : udp(data)
  const hops = { ttl: Number(given.get('ttl') ?? 64), id: Number(given.get('id') ?? 0) }
  const frame = ethernet(from, to, given.has('tcp') ? 6 : 17, payload, hops)
  return enhancedPacket(
    POINTS.indexOf(`${node} ${link}`),
    Number(ms) * 1e6,
    frame,
    given.has('lost') ? ['lost: host without power'] : [],
  )
}

function sip(label: string, given: ReadonlyMap<string, string>): Uint8Array {
  const method = /^\d/.test(label) ? 'INVITE' : label
  const lines = [
    /^\d/.test(label) ? `SIP/2.0 ${label} Reason` : `${label} sip:bob@example.com SIP/2.0`,
    `Via: SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK${given.get('branch') ?? '1'}`,
    `From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: 1@${given.get('contact') ?? '10.0.0.1'}\r\nCSeq: 1 ${method}`,
    `Contact: <sip:alice@${given.get('contact') ?? '10.0.0.1'}>\r\nMax-Forwards: 70`,
    `Content-Length: ${given.has('broken') ? 99 : 0}\r\n\r\n`,
  ]
  return new TextEncoder().encode(lines.join('\r\n'))
}

function rtp(sequence: number): Uint8Array {
  return Uint8Array.from([0x80, 0, 0, sequence, 0, 0, 0, sequence, 0, 0, 0, 7, ...new Array<number>(20).fill(0)])
}

/** The way of one message out of the NAT: at six points, each a little later. */
function out(ms: number, label: string, more = '', outside = more): string {
  return `
    ${ms} alice a 10.0.0.1>203.0.113.5 ${label} ${more}
    ${ms + 1} home a 10.0.0.1>203.0.113.5 ${label} ${more}
    ${ms + 1} home o 198.51.100.1>203.0.113.5 ${label} ttl=63 ${outside}
    ${ms + 2} router h 198.51.100.1>203.0.113.5 ${label} ttl=63 ${outside}
    ${ms + 2} router s 198.51.100.1>203.0.113.5 ${label} ttl=62 ${outside}
    ${ms + 3} server s 198.51.100.1>203.0.113.5 ${label} ttl=62 ${outside}`.trim()
}

const SENT = 'alice sent INVITE 10.0.0.1>203.0.113.5'
const RECEIVED = 'server received INVITE 198.51.100.1>203.0.113.5'

describe('a message that a NAT translates', () => {
  test.each<[what: string, story: string, told: readonly string[]]>([
    ['is sent once and received once', out(0, 'INVITE'), [`0 ${SENT}`, `3 ${RECEIVED}`]],
    [
      'again and again',
      [out(0, 'INVITE'), out(500, 'INVITE'), out(1500, 'INVITE')].join('\n'),
      [...[`0 ${SENT}`, `3 ${RECEIVED}`, `500 ${SENT}`, `503 ${RECEIVED}`, `1500 ${SENT}`, `1503 ${RECEIVED}`]],
    ],
    [
      'with identifications',
      [out(0, 'INVITE', 'id=1'), out(500, 'INVITE', 'id=2')].join('\n'),
      [...[`0 ${SENT}`, `3 ${RECEIVED}`, `500 ${SENT}`, `503 ${RECEIVED}`]],
    ],
    [
      'rewritten by a helper, Call-ID and all',
      out(0, 'INVITE', '', 'contact=198.51.100.1'),
      [`0 ${SENT}`, `3 ${RECEIVED}`],
    ],
    [
      'broken by a helper',
      out(0, 'INVITE', '', 'broken'),
      [`0 ${SENT}`, '3 server received broken INVITE 198.51.100.1>203.0.113.5'],
    ],
    ['lost on its way', out(0, 'INVITE').split('\n').slice(0, 4).join('\n'), [`0 ${SENT}`]],
    [
      'lost, and sent again',
      `${out(0, 'INVITE').split('\n').slice(0, 4).join('\n')}\n${out(500, 'INVITE')}`,
      [...[`0 ${SENT}`, `500 ${SENT}`, `503 ${RECEIVED}`]],
    ],
    [
      'doubled by the network',
      `${out(0, 'INVITE', 'id=5')}\n4 server s 198.51.100.1>203.0.113.5 INVITE ttl=62 id=5`,
      [...[`0 ${SENT}`, `3 ${RECEIVED}`, `4 ${RECEIVED}`]],
    ],
    [
      'held for ten seconds on its way',
      out(0, 'INVITE').replaceAll(/^ *3 /gm, '10003 '),
      [`0 ${SENT}`, `10003 ${RECEIVED}`],
    ],
    ['in a stream', out(0, 'INVITE', 'tcp=1'), [`0 ${SENT}`, `3 ${RECEIVED}`]],
    [
      'in a segment that TCP sent twice',
      [out(0, 'INVITE', 'tcp=1'), out(200, 'INVITE', 'tcp=1')].join('\n'),
      [...[`0 ${SENT}`, `3 ${RECEIVED}`]],
    ],
    [
      'media',
      out(0, 'RTP', 'seq=7'),
      [...['0 alice sent RTP 7 10.0.0.1>203.0.113.5', '3 server received RTP 7 198.51.100.1>203.0.113.5']],
    ],
  ])('%s', (_, story, wanted) => {
    expect(told(story)).toEqual(wanted)
  })
})

test('what is said to be lost where it came was not received', () => {
  const dead = out(0, 'INVITE').replace(/( +3 server s .*)$/, '$1 lost')
  expect(told(dead)).toEqual([`0 ${SENT}`])
})

test('two hosts with one address are two', () => {
  const answer = `
    0 bob b 10.0.0.1>203.0.113.5 200
    1 office b 10.0.0.1>203.0.113.5 200
    1 office o 198.51.100.2>203.0.113.5 200 ttl=63
    2 server s 198.51.100.2>203.0.113.5 200 ttl=63
    3 server s 203.0.113.5>198.51.100.1 200 branch=2
    4 home o 203.0.113.5>198.51.100.1 200 branch=2
    4 home a 203.0.113.5>10.0.0.1 200 branch=2 ttl=63
    5 alice a 203.0.113.5>10.0.0.1 200 branch=2 ttl=63`
  expect(told(answer)).toEqual([
    '0 bob sent 200 10.0.0.1>203.0.113.5',
    '2 server received 200 198.51.100.2>203.0.113.5',
    '3 server sent 200 203.0.113.5>198.51.100.1',
    '5 alice received 200 203.0.113.5>10.0.0.1',
  ])
})

describe('points without names', () => {
  const way = '10.0.0.1 sent INVITE 10.0.0.1>203.0.113.5'
  const end = '203.0.113.5 received INVITE 198.51.100.1>203.0.113.5'
  test.each<[what: string, story: string, told: readonly string[]]>([
    ['the ends are the first and the last', out(0, 'INVITE'), [`0 ${way}`, `3 ${end}`]],
    // Clocks of several machines: the server's is 2 ms behind, and hops tell who was first.
    [
      'seen later where it was sent',
      `
      0 server s 198.51.100.1>203.0.113.5 INVITE ttl=62
      2 alice a 10.0.0.1>203.0.113.5 INVITE`,
      ['0 203.0.113.5 received INVITE 198.51.100.1>203.0.113.5', `2 ${way}`],
    ],
    [
      'a way that is known to go on ends nowhere before',
      `${out(0, 'INVITE')}\n${out(500, 'INVITE').split('\n').slice(0, 3).join('\n')}`,
      [...[`0 ${way}`, `3 ${end}`, `500 ${way}`]],
    ],
    [
      'a router with one leg: in and out at one point',
      `
      0 router h 10.0.0.1>203.0.113.5 INVITE
      0 router h 198.51.100.1>203.0.113.5 INVITE ttl=63`,
      [`0 ${way}`, `0 ${end}`],
    ],
    [
      'a port that mirrors both ends of a link',
      `
      0 router h 10.0.0.1>203.0.113.5 INVITE id=9
      0.01 router h 10.0.0.1>203.0.113.5 INVITE id=9`,
      [`0 ${way}`, '0 203.0.113.5 received INVITE 10.0.0.1>203.0.113.5'],
    ],
  ])('%s', (_, story, wanted) => {
    expect(told(story, false)).toEqual(wanted)
  })
})

test('a machine that captures all its interfaces at once sees what it passes on twice, as it comes and as it goes', () => {
  const cooked = (type: number, from: string, to: string, ttl: number): Uint8Array => {
    const head = Uint8Array.from([0, type, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0])
    const frame = ethernet(from, to, 17, udp(sip('INVITE', new Map())), { ttl, id: 0 })
    return Buffer.concat([head, frame.subarray(14)])
  }
  const said: string[] = []
  const points = new ObservationPoints()
  const dissector = new Dissector(points, {
    count: (kind, again) => said.push(`${kind}${again ? ' again' : ''}`),
    observe: (seen) => said.push('from' in seen ? `${seen.side} from ${seen.from.address} to ${seen.to.address}` : ''),
  })
  const reader = new FrameReader((frame) => dissector.take(frame), points)
  reader.push(pcapOf(113, [cooked(0, '10.0.0.1', '203.0.113.5', 64), cooked(4, '198.51.100.1', '203.0.113.5', 63)]))
  dissector.end()
  expect(said).toEqual([
    'sip',
    'sip again',
    'sent from 10.0.0.1 to 203.0.113.5',
    'received from 198.51.100.1 to 203.0.113.5',
  ])
})

describe('the audit of a run says what the run says', () => {
  // All of them: npm run soak.
  test.each([
    ...['nat-keepalive', 'nat-pairs', 'nat-reboot', 'call-over-tcp', 'wrong-content-length'],
    ...['refusal-not-acknowledged', 'field/alg-corrupts', 'field/one-way-audio', 'field/ghost-call'],
  ])('%s', (name) => {
    const { judged, found } = audited(name, EXACT)
    expect(violated(found.verdicts), sentences(found.verdicts)).toEqual(violated(judged))
  })
})

test('streams are measured where they were received, and named by the places at which they were sent', () => {
  const { found } = audited('field/one-way-audio')
  expect(found.streamRows.map(({ from, to, packets, lost }) => ({ from, to, packets, lost }))).toEqual([
    { from: '192.0.2.20:10000', to: '192.168.1.10:10000', packets: 0, lost: 253 },
    { from: '192.168.1.10:10000', to: '192.0.2.20:10000', packets: 251, lost: 0 },
  ])
})
