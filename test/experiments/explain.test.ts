// Explanations: every header has its purpose, mistakes are pointed at where they stand, and any bytes end in a sentence.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Explanation, explain } from '../../experiments/explain/explanation.ts'
import { HEADER_PURPOSES } from '../../experiments/explain/headerPurposes.ts'
import { printExplanation } from '../../experiments/explain/print.ts'
import { latin1Encode, utf8Encode } from '../../platform/text.ts'
import { HEADERS } from '../../stack/sip/message/headers.ts'
import { data } from '../data.ts'

/** An INVITE as teaching pages have it: the SDP has 201 bytes on the wire, and Content-Length does not say so. */
const WRONG_LENGTH = `INVITE sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP caller.example.com:5060;branch=z9hG4bK776
Max-Forwards: 70
From: Alice <sip:alice@example.com>;tag=1928301774
To: Bob <sip:bob@example.com>
Call-ID: a84b4c76e66710@caller.example.com
CSeq: 314159 INVITE
Contact: <sip:alice@192.168.1.100:5060>
Content-Type: application/sdp
Content-Length: 142

v=0
o=alice 53655765 2353687637 IN IP4 192.168.1.100
s=Session SDP
c=IN IP4 192.168.1.100
t=0 0
m=audio 49170 RTP/AVP 0 8 97
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:97 opus/48000/2
`

const OPTIONS = `OPTIONS sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa
Max-Forwards: 70
From: <sip:alice@example.com>;tag=1
To: <sip:bob@example.com>
Call-ID: a
CSeq: 1 OPTIONS
Content-Length: 0

`

function explained(text: string): Explanation {
  return explain(utf8Encode(text.replaceAll('\n', '\r\n')))
}

/** `line:column sentence` of every remark; ✗ for what makes the codec refuse the message. */
function remarks(text: string): string[] {
  return explained(text).problems.map(
    ({ column, line, refuses, sentence }) => `${refuses ? '✗ ' : ''}${line}:${column} ${sentence}`,
  )
}

test('a capture is sent to where captures are read, though lines of SIP are in it', () => {
  const packet = `\r\n${OPTIONS}`
  for (const magic of ['\n\r\r\n', '\xd4\xc3\xb2\xa1'])
    expect(explain(latin1Encode(`${magic}${packet}`)).summary).toBe(
      'This is no SIP message but a capture of packets: siptwin audit reads it.',
    )
})

test('every header of the codec’s table has a purpose, and no other', () => {
  expect(Object.keys(HEADER_PURPOSES).sort()).toEqual(HEADERS.map(({ name }) => name).sort())
})

describe('remarks', () => {
  test('none on a sound message', () => {
    expect(remarks(OPTIONS)).toEqual([])
    expect(explained(OPTIONS).summary).toBe(
      'A request, OPTIONS, with 7 headers and 0 bytes after them: siptwin accepts it, nothing is wrong with it.',
    )
  })

  test('a Content-Length that is too small, and where it ends the body', () => {
    expect(remarks(WRONG_LENGTH)).toEqual([
      '8:0 192.168.1.100 can be reached only within its own network: behind a NAT, requests to this Contact get lost',
      '10:17 Content-Length says 142, but 201 bytes follow: over UDP the body is cut after 142 bytes, inside the line ' +
        'that begins "a=rtpmap:0 "; over TCP the other 59 would be taken for the next message',
      '18:12 here Content-Length ends the body',
    ])
    expect(printExplanation(explained(WRONG_LENGTH))).toContain('a=rtpmap:0 PCMU/8000\n           ^\n')
  })

  test('a file with line feeds alone is explained as it would be sent', () => {
    expect(explain(utf8Encode(WRONG_LENGTH)).problems.map(({ line }) => line)).toEqual([8, 10, 18, 0])
  })

  // biome-ignore format: a table
  test.each([
    ['Content-Length: 0',          'Content-Length: 5',     ['✗ 8:17 Content-Length says 5, but only 0 bytes follow: over UDP the message is refused, over TCP its receiver waits for the rest']],
    ['Call-ID: a\n',               '',                      ['✗ 0:0 Call-ID is missing, which every message has']],
    ['CSeq: 1 OPTIONS',            'CSeq: 1 INVITE',        ['✗ 7:9 CSeq: expected the method of the start line, OPTIONS, not "INVITE"']],
    ['<sip:bob@example.com>\n',    '<sip:bob@example.com\n', ['✗ 5:25 To: expected > after the URI, not its end']],
    ['Max-Forwards: 70\n',         '',                      ['0:0 Max-Forwards is missing, which every request has']],
    ['Max-Forwards: 70',           'Max-Forwards: 256',     ['✗ 3:15 Max-Forwards: expected a number, 0–255, not "256"']],
    ['Max-Forwards: 70',           'Max-Forwards: é\u0085', ['✗ 3:15 Max-Forwards: expected a number, 0–255, not "é\\x85"']],
    [';branch=z9hG4bKa',           '',                      ['2:0 the first Via has no branch: its sender follows RFC 2543']],
    [';tag=1',                     '',                      ['4:0 From has no tag: its sender follows RFC 2543']],
    ['Via: SIP/2.0/UDP 192.0.2.1', 'Via: SIP/2.0/UDP 192.0.2.256', ['✗ 2:18 Via: expected a host, not "192.0.2.256;branch=z9hG4"']],
    ['sip:bob@example.com SIP',    'sip:bob@example.com  SIP', ['✗ 1:29 start line: expected SIP/2.0, not " SIP/2.0"']],
    ['To: ',                       'To ',                   ['✗ 5:1 line 5: expected a header, Name: value, not "To <sip:bob@example.com>"', '✗ 0:0 To is missing, which every message has']],
  ])('%j changed to %j', (old, made, expected) => {
    expect(remarks(OPTIONS.replace(old, made))).toEqual(expected)
  })
})

describe('any bytes end in a sentence', () => {
  const ends = (bytes: Uint8Array): void => {
    const explanation = explain(bytes)
    const { summary } = explanation
    expect(summary).toMatch(/^(A request|A response|This is no SIP message)[\s\S]*\.$/)
    const printed = printExplanation(explanation)
    expect(printed.endsWith(`${summary}\n`)).toBe(true)
    expect(/[\0-\x09\x0b-\x1f\x7f]/.test(printed)).toBe(false)
  }

  test('of any kind', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), ends))
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => ends(utf8Encode(`INVITE ${text} SIP/2.0\r\n${text}`))),
    )
  })

  test('damaged messages', () => {
    const original = utf8Encode(WRONG_LENGTH.replaceAll('\n', '\r\n'))
    const damage = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = original.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        ends(bytes)
      }),
    )
  })

  // Of many thousand bytes each: what is not linear does not end in time.
  test.each([
    'Via: a,',
    'a: b\r\n',
    ' \r\n',
    '"',
    '\\"',
    '<',
    '%',
    ';a=b',
    ',',
    '::',
    '\r\n',
    '\n',
    'é',
    'm=a 1 b c\r\n',
  ])('many of %j', (piece) => {
    const many = piece.repeat(60_000 / piece.length)
    ends(utf8Encode(many))
    ends(utf8Encode(`${OPTIONS.replaceAll('\n', '\r\n').replace('To: ', `To: ${many}`)}`))
    ends(utf8Encode(`INVITE sip:${many} SIP/2.0\r\nContent-Type: application/sdp\r\nVia: ${many}\r\n\r\n${many}`))
  })

  test('a line of more parts than a call has room for as arguments', () => {
    const { summary, ...rest } = explain(utf8Encode(OPTIONS.replaceAll('\n', '\r\n')))
    const [line] = rest.head as [Explanation['head'][number]]
    const parts = Array.from({ length: 700_000 }, () => ({ text: 'a', meaning: 'b', section: '' }))
    const printed = printExplanation({ ...rest, summary, head: [{ ...line, parts }] })
    expect(printed.split('\n      a  b').length).toBe(parts.length + 1)
    expect(printed.endsWith(`${summary}\n`)).toBe(true)
  })

  test('the torture messages', () => {
    for (const rfc of ['rfc4475', 'rfc5118'])
      for (const name of existsSync(data(`torture/${rfc}`)) ? readdirSync(data(`torture/${rfc}`)) : [])
        ends(new Uint8Array(readFileSync(data(`torture/${rfc}/${name}`))))
  })
})

test('what is not seen on the screen is made visible, such as the mark that an editor puts before a text', () => {
  const { problems, head } = explain(
    utf8Encode('\ufeffINVITE sip:bob@example.com SIP/2.0\r\nCall-ID: 1\u200b2\r\n\r\n'),
  )
  expect(head.map(({ text }) => text)).toEqual(['\\ufeffINVITE sip:bob@example.com SIP/2.0', 'Call-ID: 1\\u200b2'])
  expect(problems[0]?.sentence).toContain('not "\\ufeffINVITE')
})
