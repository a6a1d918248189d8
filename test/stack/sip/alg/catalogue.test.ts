// What each ALG makes of four messages, line by line: 10.0.0.2:5060 is 203.0.113.9:6000 outside, and media port n gets n + 1.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { Crossing } from '../../../../platform/rewriter.ts'
import { utf8Decode, utf8Encode } from '../../../../platform/text.ts'
import { ALGS, type AlgName } from '../../../../stack/sip/alg/catalogue.ts'

const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 10.0.0.2',
  's=-',
  'c=IN IP4 10.0.0.2',
  't=0 0',
  'm=audio 4000 RTP/AVP 0',
  'm=video 4002 RTP/AVP 31',
  '',
]
const BODY = SDP.join('\r\n')

const INVITE = [
  'INVITE sip:bob@example.com SIP/2.0',
  'v: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKa;rport',
  'From: <sip:alice@example.com>;tag=a',
  'Call-ID: 1@10.0.0.2',
  'Contact: <sip:alice@10.0.0.2:5060>',
  `Content-Length: ${BODY.length}`,
]
const OK = [
  'SIP/2.0 200 OK',
  'Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKb',
  'Contact: <sip:alice@10.0.0.2>',
  `Content-Length: ${BODY.length}`,
]
const INVITED = [
  'INVITE sip:alice@203.0.113.9:6000 SIP/2.0',
  'Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKb',
  'Route: <sip:203.0.113.9:6000;lr>',
  'Contact: <sip:bob@198.51.100.7>',
]
const ANSWERED = [
  'SIP/2.0 200 OK',
  'Via: SIP/2.0/UDP 203.0.113.9:6000;branch=z9hG4bKa;rport=6000;received=203.0.113.9',
  'Contact: <sip:alice@203.0.113.9:6000>',
]

function crossing(direction: 'out' | 'in', opened: string[]): Crossing {
  const inside = { address: '10.0.0.2', port: 5060 }
  const outside = { address: '203.0.113.9', port: 6000 }
  return {
    ...{ direction, inside, outside, remote: { address: '198.51.100.7', port: 5060 } },
    open: ({ port }, lifetimeMs) => {
      opened.push(lifetimeMs === undefined ? `${port}` : `${port} for ${lifetimeMs} ms`)
      return { address: outside.address, port: port + 1 }
    },
    behind: ({ port }) => (port === 6000 ? inside : undefined),
  }
}

/** The lines that are another after the ALG, and the ways in that it opened; or that it dropped the message. */
function made(name: AlgName, direction: 'out' | 'in', lines: readonly string[], body = ''): readonly string[] {
  const opened: string[] = []
  const text = `${lines.join('\r\n')}\r\n\r\n${body}`
  const bytes = ALGS[name].make().rewrite(utf8Encode(text), crossing(direction, opened))
  if (bytes === undefined) return ['dropped']
  const before = text.split('\r\n')
  const changed = utf8Decode(bytes)
    .split('\r\n')
    .filter((line, n) => line !== before[n])
  return opened.length === 0 ? changed : [...changed, `opened ${opened.join(', ')}`]
}

const VIA = 'v: SIP/2.0/UDP 203.0.113.9:6000;branch=z9hG4bKa;rport'
const CONTACT = 'Contact: <sip:alice@203.0.113.9:6000>'
const LENGTH = `Content-Length: ${BODY.length + 6}`
const ADDRESSES = ['o=- 1 1 IN IP4 203.0.113.9', 'c=IN IP4 203.0.113.9']
const MEDIA = ['m=audio 4001 RTP/AVP 0', 'm=video 4003 RTP/AVP 31']
const OPENED = 'opened 4000, 4001, 4002, 4003'
const RESTORED = ['INVITE sip:alice@10.0.0.2:5060 SIP/2.0', 'Route: <sip:10.0.0.2:5060;lr>']
const BACK = [
  'Via: SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bKa;rport=6000;received=203.0.113.9',
  'Contact: <sip:alice@10.0.0.2:5060>',
]
const DESCRIBED = [LENGTH, ...ADDRESSES, ...MEDIA, OPENED]

describe('an ALG', () => {
  test.each<[AlgName, readonly string[], readonly string[]]>([
    // name, an INVITE on its way out, and a 200 to an INVITE that came in
    ['complete', [VIA, CONTACT, ...DESCRIBED], [CONTACT, ...DESCRIBED]],
    ['via only', [VIA, ...DESCRIBED], DESCRIBED],
    ['contact only', [CONTACT, ...DESCRIBED], [CONTACT, ...DESCRIBED]],
    ['responses not rewritten', [VIA, CONTACT, ...DESCRIBED], []],
    [
      'body without its length',
      [VIA, CONTACT, ...ADDRESSES, ...MEDIA, OPENED],
      [CONTACT, ...ADDRESSES, ...MEDIA, OPENED],
    ],
    [
      'first media only',
      [VIA, CONTACT, LENGTH, ...ADDRESSES, MEDIA[0]!, 'opened 4000, 4001'],
      [CONTACT, LENGTH, ...ADDRESSES, MEDIA[0]!, 'opened 4000, 4001'],
    ],
    ['address without ports', [VIA, CONTACT, LENGTH, ...ADDRESSES], [CONTACT, LENGTH, ...ADDRESSES]],
    ['bodies not rewritten', [VIA, CONTACT], [CONTACT]],
    [
      'port 5060 always',
      [VIA.replace('6000', '5060'), CONTACT.replace('6000', '5060'), ...DESCRIBED],
      [CONTACT.replace(':6000', ''), ...DESCRIBED],
    ],
    [
      'pinholes closed early',
      [
        VIA,
        CONTACT,
        LENGTH,
        ...ADDRESSES,
        ...MEDIA,
        'opened 4000 for 5000 ms, 4001 for 5000 ms, 4002 for 5000 ms, 4003 for 5000 ms',
      ],
      [
        CONTACT,
        LENGTH,
        ...ADDRESSES,
        ...MEDIA,
        'opened 4000 for 5000 ms, 4001 for 5000 ms, 4002 for 5000 ms, 4003 for 5000 ms',
      ],
    ],
  ])('%s, outwards', (name, request, response) => {
    expect(made(name, 'out', INVITE, BODY)).toEqual(request)
    expect(made(name, 'out', OK, BODY)).toEqual(response)
  })

  test.each<[AlgName, readonly string[], readonly string[]]>([
    // name, an INVITE on its way in, and the 200 to an INVITE that went out
    ['complete', RESTORED, BACK],
    ['contact not restored', RESTORED, BACK.slice(0, 1)],
    ['contact only', RESTORED, BACK.slice(1)],
    ['request line not restored', RESTORED.slice(1), BACK],
  ])('%s, inwards', (name, request, response) => {
    expect(made(name, 'in', INVITED)).toEqual(request)
    expect(made(name, 'in', ANSWERED)).toEqual(response)
  })

  test('drops what is too large for it, and only that', () => {
    expect(made('large messages dropped', 'out', INVITE, BODY + ' '.repeat(300))).toEqual(['dropped'])
    expect(made('large messages dropped', 'out', INVITE)).toEqual([VIA, CONTACT])
  })

  law.prop([
    fc.constantFrom(...(Object.keys(ALGS) as AlgName[])),
    fc.uint8Array({ maxLength: 400 }),
    fc.constantFrom('in', 'out'),
  ])('leaves alone what is no SIP', (name, bytes, direction) => {
    expect(ALGS[name].make().rewrite(bytes, crossing(direction as 'in' | 'out', []))).toBe(bytes)
  })
})
