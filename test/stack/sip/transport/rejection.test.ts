import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { latin1Encode, utf8Decode } from '../../../../platform/text.ts'
import { parseMessage } from '../../../../stack/sip/message/parse.ts'
import { rejectionOf } from '../../../../stack/sip/transport/rejection.ts'

const SOURCE = { address: '192.0.2.7', port: 5060 }
const HEADERS = [
  'v: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa, SIP/2.0/UDP 10.0.0.2',
  'f: "J" <sip:j@example.com>;tag=1',
  'To: <sip:b@example.com>',
  'i: 17',
  'CSeq: 1 OPTIONS',
]

/** The start line of the answer to what cannot be read; undefined for silence. */
function answerTo(startLine: string, headers: readonly string[] = HEADERS): string[] | undefined {
  const issue = { at: 'CSeq', expected: 'a number' }
  const rejection = rejectionOf(latin1Encode([startLine, ...headers, '', ''].join('\r\n')), issue, SOURCE)
  return rejection === undefined ? undefined : utf8Decode(rejection.bytes).trimEnd().split('\r\n')
}

test('a request is answered 400 with its own headers, and where it came from', () => {
  const lines = answerTo('OPTIONS sip:b@example.com SIP/2.0')
  expect(lines?.map((line) => line.replace(/tag=[0-9a-f]{16}$/, 'tag=TAG'))).toEqual([
    'SIP/2.0 400 Bad Request (CSeq)',
    'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;received=192.0.2.7',
    'Via: SIP/2.0/UDP 10.0.0.2',
    'From: "J" <sip:j@example.com>;tag=1',
    'To: <sip:b@example.com>;tag=TAG',
    'Call-ID: 17',
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
  ])
})

test('the tag that the answer puts into To (§8.2.6.2) is the same for each copy; one that is there stays', () => {
  const to = (...headers: string[]) => answerTo('OPTIONS sip:b@example.com SIP/2.0', headers)?.[4]
  const [via = '', from = '', , call = '', cseq = ''] = HEADERS
  expect(to(...HEADERS)).toMatch(/^To: <sip:b@example\.com>;tag=[0-9a-f]{16}$/)
  expect(to(...HEADERS)).toBe(to(...HEADERS))
  expect(to(via, from, 'To: "b;tag=1" <sip:b@e;tag=2>', call, cseq)).toMatch(/> *;tag=[0-9a-f]{16}$/)
  for (const there of ['To: <sip:b@e>; Tag = x', 'To: sip:b@e;tag=x'])
    expect(to(via, from, there, call, cseq)).toBe(there)
})

test('another version is answered 505 (RFC 4475 §3.1.2.16)', () => {
  expect(answerTo('OPTIONS sip:b@example.com SIP/7.0')?.[0]).toBe('SIP/2.0 505 Version Not Supported')
  const newer = HEADERS.with(0, 'Via:     SIP/7.0/UDP 10.0.0.1;branch=z9hG4bKa')
  expect(answerTo('OPTIONS sip:b@example.com SIP/7.0', newer)?.slice(0, 2)).toEqual([
    'SIP/2.0 505 Version Not Supported',
    'Via: SIP/7.0/UDP 10.0.0.1;branch=z9hG4bKa;received=192.0.2.7',
  ])
})

test.each([
  ['an ACK', 'ACK sip:b@example.com SIP/2.0', HEADERS],
  ['a response', 'SIP/2.0 200 OK SIP/2.0', HEADERS],
  ['another protocol', 'GET / HTTP/1.1', HEADERS],
  ['nothing', '', []],
  ['a request without Via', 'OPTIONS sip:b@example.com SIP/2.0', HEADERS.slice(1)],
  ['a request without Call-ID', 'OPTIONS sip:b@example.com SIP/2.0', HEADERS.toSpliced(3, 1)],
  ['a request with an unreadable Via', 'OPTIONS sip:b@example.com SIP/2.0', ['Via: ;;,;,,', ...HEADERS]],
])('%s is not answered', (_what, startLine, headers) => expect(answerTo(startLine, headers)).toBeUndefined())

const anyLine = fc.oneof(fc.constantFrom(...HEADERS, 'OPTIONS sip:b@e SIP/2.0', ' folded', ':'), fc.string())
law.prop([fc.array(anyLine)])('whatever came in, there is an answer or there is none', (lines) => {
  const bytes = latin1Encode(lines.join('\r\n'))
  const parsed = parseMessage(bytes)
  if (parsed.ok) return
  const rejection = rejectionOf(bytes, parsed.issue, SOURCE)
  expect(utf8Decode(rejection?.bytes ?? latin1Encode('SIP/2.0 400 '))).toMatch(/^SIP\/2\.0 (?:400|505) /)
})
