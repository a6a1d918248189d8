import { fc, test as law } from '@fast-check/vitest'
import { parse as oracle } from 'sdp-transform'
import { describe, expect, test } from 'vitest'
import { CODECS, type Codec, type CodecName } from '../../stack/rtp/codec.ts'
import { agreed, type Flow } from '../../stack/sdp/agreement.ts'
import type { Direction, SessionDescription } from '../../stack/sdp/description.ts'
import { formatsOf } from '../../stack/sdp/format.ts'
import { answer, type LocalStream, offer } from '../../stack/sdp/offer.ts'
import { parseSdp } from '../../stack/sdp/parse.ts'
import { printSdp } from '../../stack/sdp/print.ts'

const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive']

/** `audio 5004 PCMU,PCMA sendonly 30ms`: one stream; several between bars. */
function streams(notation: string): LocalStream[] {
  return notation.split(' | ').map((text) => {
    const [kind, port, codecs, ...rest] = text.split(' ')
    const direction = DIRECTIONS.find((one) => rest.includes(one))
    const packet = rest.find((one) => one.endsWith('ms'))
    return {
      kind: kind!,
      port: Number(port),
      codecs: codecs!.split(',').map((name) => CODECS[name as CodecName]),
      ...(direction === undefined ? {} : { direction }),
      ...(packet === undefined ? {} : { packetMs: Number.parseInt(packet, 10) }),
    }
  })
}

const caller = { address: '192.0.2.1', sessionId: 1 }
const callee = { address: '192.0.2.2', sessionId: 2 }

const text = (description: SessionDescription): string => new TextDecoder().decode(printSdp(description))
const mediaOf = (description: SessionDescription): string =>
  description.media
    .map(({ kind, port, formats, attributes }) =>
      [
        kind,
        port,
        formats.join(','),
        ...attributes.filter((one) => one.value === undefined).map((one) => one.name),
      ].join(' '),
    )
    .join(' | ')
const flowOf = (flow: Flow | undefined): string =>
  flow === undefined ? '-' : `${flow.codec.name}/${flow.payloadType} ${flow.packetMs}ms to ${flow.address}:${flow.port}`

/** What the two come to: `sent by the caller / sent by the callee` for each stream. */
function negotiate(offered: string, mine: string): string {
  const proposal = offer({ ...caller, streams: streams(offered) })
  const reply = answer(proposal, { ...callee, streams: streams(mine) })
  return agreed(proposal, reply)
    .map(({ toAnswerer, toOfferer, accepted }) =>
      accepted ? `${flowOf(toAnswerer)} / ${flowOf(toOfferer)}` : 'refused',
    )
    .join(' | ')
}

test('an offer, to the letter', () => {
  expect(
    text(offer({ ...caller, username: 'alice', streams: streams('audio 10000 PCMU,PCMA,opus sendrecv 20ms') })),
  ).toBe(
    [
      'v=0',
      'o=alice 1 1 IN IP4 192.0.2.1',
      's=-',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 10000 RTP/AVP 0 8 111',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:111 opus/48000/2',
      'a=ptime:20',
      'a=sendrecv',
      '',
    ].join('\r\n'),
  )
})

describe('stories: what comes of an offer', () => {
  test.each([
    ['audio 4000 PCMU', 'audio 5000 PCMU', 'PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 20ms to 192.0.2.1:4000'],
    ['audio 4000 PCMA,PCMU', 'audio 5000 PCMU,PCMA', 'PCMA/8 20ms to 192.0.2.2:5000 / PCMA/8 20ms to 192.0.2.1:4000'],
    ['audio 4000 G729,PCMU', 'audio 5000 PCMU', 'PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 20ms to 192.0.2.1:4000'],
    ['audio 4000 G729', 'audio 5000 PCMU', 'refused'],
    ['audio 4000 PCMU 30ms', 'audio 5000 PCMU', 'PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 30ms to 192.0.2.1:4000'],
    ['audio 4000 G723 50ms', 'audio 5000 G723 1ms', 'G723/4 30ms to 192.0.2.2:5000 / G723/4 30ms to 192.0.2.1:4000'],
    ['audio 4000 PCMU sendonly', 'audio 5000 PCMU', 'PCMU/0 20ms to 192.0.2.2:5000 / -'],
    ['audio 4000 PCMU recvonly', 'audio 5000 PCMU', '- / PCMU/0 20ms to 192.0.2.1:4000'],
    ['audio 4000 PCMU inactive', 'audio 5000 PCMU', '- / -'],
    ['audio 4000 PCMU', 'audio 5000 PCMU sendonly', '- / PCMU/0 20ms to 192.0.2.1:4000'],
    ['audio 4000 PCMU sendonly', 'audio 5000 PCMU sendonly', '- / -'],
    ['audio 0 PCMU', 'audio 5000 PCMU', 'refused'],
    ['audio 4000 PCMU', 'audio 0 PCMU', 'refused'],
    [
      'video 4000 PCMU | audio 4002 PCMU',
      'audio 5000 PCMU',
      'refused | PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 20ms to 192.0.2.1:4002',
    ],
    [
      'audio 4000 PCMU | audio 4002 PCMU',
      'audio 5000 PCMU',
      'PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 20ms to 192.0.2.1:4000 | refused',
    ],
    [
      'audio 4000 G729 | audio 4002 PCMU | audio 4004 PCMA',
      'audio 5000 PCMU,PCMA',
      'refused | PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 20ms to 192.0.2.1:4002 | refused',
    ],
    [
      'audio 0 PCMU | audio 4002 PCMU',
      'audio 5000 PCMU',
      'refused | PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 20ms to 192.0.2.1:4002',
    ],
    [
      'audio 4000 PCMA | audio 4002 PCMU',
      'audio 5000 PCMU | audio 5002 PCMA',
      'PCMA/8 20ms to 192.0.2.2:5002 / PCMA/8 20ms to 192.0.2.1:4000 | PCMU/0 20ms to 192.0.2.2:5000 / PCMU/0 20ms to 192.0.2.1:4002',
    ],
  ])('%s ← %s: %s', (offered, mine, outcome) => {
    expect(negotiate(offered, mine)).toBe(outcome)
  })

  test.each([
    ['sendrecv', 'sendrecv'],
    ['sendonly', 'recvonly'],
    ['recvonly', 'sendonly'],
    ['inactive', 'inactive'],
  ] as const)('%s is answered by %s', (offered, answered) => {
    const reply = answer(offer({ ...caller, streams: streams(`audio 4000 PCMU ${offered}`) }), {
      ...callee,
      streams: streams('audio 5000 PCMU'),
    })
    expect(mediaOf(reply)).toBe(`audio 5000 0 ${answered}`)
  })

  test('the secure stream of two is refused, the plain one taken; the time is the offer’s (§6)', () => {
    const proposal = parsed(
      new TextEncoder().encode(
        'v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=3034423619 3042462419\r\nr=7d 1h 0\r\nm=audio 4000 RTP/SAVP 0\r\nm=audio 4002 RTP/AVP 0\r\n',
      ),
    )
    const reply = answer(proposal, { ...callee, streams: streams('audio 5000 PCMU') })
    expect(mediaOf(reply)).toBe('audio 0 0 | audio 5000 0 sendrecv')
    expect(text(reply)).toContain('\r\nt=3034423619 3042462419\r\nr=7d 1h 0\r\nm=')
  })

  test('hold in the old way: nothing is sent to 0.0.0.0', () => {
    const proposal = offer({ ...caller, address: '0.0.0.0', streams: streams('audio 4000 PCMU') })
    const reply = answer(proposal, { ...callee, streams: streams('audio 5000 PCMU') })
    expect(mediaOf(reply)).toBe('audio 5000 0 recvonly')
    expect(agreed(proposal, reply)[0]?.toOfferer).toBe(undefined)
  })

  test('a refused stream keeps its formats and place', () => {
    const proposal = offer({ ...caller, streams: streams('video 4000 PCMU,PCMA | audio 4002 PCMU') })
    const reply = answer(proposal, { ...callee, streams: streams('audio 5000 PCMU') })
    expect(mediaOf(reply)).toBe('video 0 0,8 | audio 5000 0 sendrecv')
  })

  test('a dynamic number is the offer’s', () => {
    const theirs = text(offer({ ...caller, streams: streams('audio 4000 opus,PCMU') })).replaceAll('111', '96')
    const proposal = parsed(new TextEncoder().encode(theirs))
    const reply = answer(proposal, { ...callee, streams: streams('audio 5000 opus') })
    expect(mediaOf(reply)).toBe('audio 5000 96 sendrecv')
    expect(flowOf(agreed(proposal, reply)[0]?.toOfferer)).toBe('opus/96 20ms to 192.0.2.1:4000')
  })

  test('formats that only the static table explains', () => {
    const proposal = parsed(
      new TextEncoder().encode(
        'v=0\r\no=a 1 1 IN IP4 pc33.atlanta.com\r\ns=-\r\nc=IN IP4 pc33.atlanta.com\r\nt=0 0\r\nm=audio 3456 RTP/AVP 0 1 3 99 8\r\n',
      ),
    )
    expect(formatsOf(proposal.media[0]!).map(({ encoding }) => encoding)).toEqual(['PCMU', 'GSM', 'PCMA'])
  })

  test('IPv6 is announced as such', () => {
    expect(text(offer({ ...caller, address: '2001:db8::1', streams: streams('audio 4000 PCMU') }))).toContain(
      'c=IN IP6 2001:db8::1\r\n',
    )
  })

  test('the version goes up with a change, and only then', () => {
    const first = offer({ ...caller, streams: streams('audio 4000 PCMU') })
    const same = offer({ ...caller, streams: streams('audio 4000 PCMU'), previous: first })
    const held = offer({ ...caller, streams: streams('audio 4000 PCMU sendonly'), previous: same })
    const resumed = offer({ ...caller, streams: streams('audio 4000 PCMU'), previous: held })
    expect([first, same, held, resumed].map(({ origin }) => `${origin.sessionId} ${origin.version}`)).toEqual([
      '1 1',
      '1 1',
      '1 2',
      '1 3',
    ])
  })
})

function parsed(bytes: Uint8Array): SessionDescription {
  const result = parseSdp(bytes)
  if (!result.ok) throw new Error(`${result.issue.at}: ${result.issue.expected}`)
  return result.value
}

const codecs: fc.Arbitrary<Codec[]> = fc.shuffledSubarray(Object.values<Codec>(CODECS), { minLength: 1 })
const stream: fc.Arbitrary<LocalStream> = fc.record(
  {
    kind: fc.constantFrom('audio', 'video'),
    port: fc.constantFrom(0, 4000, 65535),
    codecs,
    direction: fc.constantFrom(...DIRECTIONS),
    packetMs: fc.constantFrom(10, 20, 30, 60),
  },
  { requiredKeys: ['port', 'codecs'] },
)
const someStreams = fc.array(stream, { minLength: 1, maxLength: 4 })

describe('laws', () => {
  law.prop([someStreams, someStreams])('an offer and its answer survive the wire', (theirs, ours) => {
    const proposal = offer({ ...caller, streams: theirs })
    const reply = answer(proposal, { ...callee, streams: ours })
    for (const said of [proposal, reply]) {
      expect(parsed(printSdp(said))).toEqual(said)
      expect(printSdp(parsed(printSdp(said)))).toEqual(printSdp(said))
    }
    expect(agreed(parsed(printSdp(proposal)), parsed(printSdp(reply)))).toEqual(agreed(proposal, reply))
  })

  law.prop([someStreams, someStreams])(
    'an answer has the offer’s streams, and promises nothing unasked',
    (theirs, ours) => {
      const proposal = offer({ ...caller, streams: theirs })
      const reply = answer(proposal, { ...callee, streams: ours })
      expect(reply.media.map(({ kind }) => kind)).toEqual(proposal.media.map(({ kind }) => kind))
      for (const [at, { accepted, toAnswerer, toOfferer }] of agreed(proposal, reply).entries()) {
        const { direction = 'sendrecv' } = theirs[at]!
        expect(accepted).toBe(reply.media[at]!.port !== 0)
        if (toAnswerer !== undefined) expect(['sendrecv', 'sendonly']).toContain(direction)
        if (toOfferer !== undefined) expect(['sendrecv', 'recvonly']).toContain(direction)
        for (const flow of [toAnswerer, toOfferer]) {
          if (flow === undefined) continue
          expect(theirs[at]!.codecs).toContain(flow.codec)
          expect(flow.packetMs % flow.codec.frameMs).toBe(0)
        }
      }
    },
  )

  law.prop([someStreams])('sdp-transform reads in an offer what we meant', (ours) => {
    const read = oracle(text(offer({ ...caller, streams: ours })))
    expect(
      read.media.map(({ type, port, ptime, rtp, direction }) => ({
        type,
        port,
        ptime,
        direction,
        codecs: rtp.map(({ codec }) => codec),
      })),
    ).toEqual(
      ours.map(({ kind = 'audio', port, packetMs, codecs, direction = 'sendrecv' }) => ({
        ...{ type: kind, port, ptime: packetMs, direction },
        codecs: codecs.map(({ name }) => name),
      })),
    )
  })
})
