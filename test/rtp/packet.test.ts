import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { parseRtp, printRtp, RTP_HEAD_BYTES, type RtpPacket, writeRtpHead } from '../../stack/rtp/packet.ts'

const half = fc.integer({ min: 0, max: 0xffff })
const word = fc.integer({ min: 0, max: 0xffff_ffff })

const packets: fc.Arbitrary<RtpPacket> = fc
  .record({
    marker: fc.boolean(),
    payloadType: fc.integer({ min: 0, max: 127 }),
    sequence: half,
    timestamp: word,
    ssrc: word,
    contributors: fc.array(word, { maxLength: 15 }),
    extension: fc.option(fc.record({ profile: half, words: fc.array(word, { maxLength: 5 }) }), { nil: undefined }),
    payload: fc.uint8Array({ maxLength: 200 }),
    paddingBytes: fc.integer({ min: 0, max: 255 }),
  })
  .map(({ extension, ...rest }) => {
    if (extension === undefined) return rest
    return {
      ...rest,
      extension: { profile: extension.profile, data: new Uint8Array(extension.words.length * 4).fill(7) },
    }
  })

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/\w\w/g) ?? [], (two) => Number.parseInt(two, 16))
const issueOf = (hex: string): string => {
  const parsed = parseRtp(bytes(hex))
  return parsed.ok ? 'no issue' : `${parsed.issue.at}: ${parsed.issue.expected}`
}

describe('stories', () => {
  test.each([
    ['8000', 'byte 2: the 12 bytes of an RTP head'],
    ['400000010000000000000000', 'byte 0: RTP version 2, not 1'],
    ['820000010000000000000000aaaaaaaa', 'byte 16: 2 contributing sources'],
    ['900000010000000000000000bede', 'byte 14: the head of the extension that byte 0 announces'],
    ['900000010000000000000000bede0001', 'byte 16: an extension of 1 words'],
    ['a00000010000000000000000112200', 'byte 14: a padding of 1 to 3 bytes, not 0'],
    ['a00000010000000000000000112204', 'byte 14: a padding of 1 to 3 bytes, not 4'],
  ])('%s: %s', (hex, issue) => {
    expect(issueOf(hex)).toBe(issue)
  })

  test('a marked PCMA packet', () => {
    expect(parseRtp(bytes('8088fffe000000a0deadbeefd5d5'))).toEqual({
      ok: true,
      value: {
        marker: true,
        payloadType: 8,
        sequence: 65534,
        timestamp: 160,
        ssrc: 0xdeadbeef,
        contributors: [],
        payload: bytes('d5d5'),
        paddingBytes: 0,
      },
    })
  })
})

describe('laws', () => {
  law.prop([packets])('what is printed parses to the same packet', (packet) => {
    expect(parseRtp(printRtp(packet))).toEqual({ ok: true, value: packet })
  })

  law.prop([fc.uint8Array({ maxLength: 80 })])('any bytes: an issue or a packet of those bytes', (any) => {
    const parsed = parseRtp(any)
    if (!parsed.ok) return
    const printed = printRtp(parsed.value)
    const padding = parsed.value.paddingBytes
    expect(printed.subarray(0, any.length - padding)).toEqual(any.subarray(0, any.length - padding))
    expect(printed.length).toBe(any.length)
  })

  law.prop([packets])('the head written alone is the head of the packet printed', (packet) => {
    const plain = { ...packet, contributors: [], paddingBytes: 0 }
    const { extension: _, ...bare } = plain
    const head = new Uint8Array(RTP_HEAD_BYTES)
    writeRtpHead(head, bare.marker, bare.payloadType, bare.sequence, bare.timestamp, bare.ssrc)
    expect(printRtp(bare).subarray(0, RTP_HEAD_BYTES)).toEqual(head)
  })
})
