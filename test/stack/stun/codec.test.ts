// STUN's codec: the vectors of RFC 5769 and RFC 8489 appendix B, what is refused, then laws over any message.

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { parseAddress, printAddress } from '../../../platform/address.ts'
import { hex, unhex } from '../../../platform/hex.ts'
import { hmacSha256 } from '../../../platform/hmac.ts'
import { utf8Encode } from '../../../platform/text.ts'
import type { Attribute } from '../../../stack/stun/attributes.ts'
import { parseStun, printStun } from '../../../stack/stun/codec.ts'
import { isAuthentic, longTermKey, userHash } from '../../../stack/stun/integrity.ts'
import { attributeOf, notUnderstood, type StunMessage } from '../../../stack/stun/message.ts'

const bytesOf = (text: string): Uint8Array => unhex(text.replace(/\s+/g, ''))!
const read = (bytes: Uint8Array): StunMessage | string => {
  const parsed = parseStun(bytes)
  return parsed.ok ? parsed.value : `${parsed.issue.at}: ${parsed.issue.expected}`
}

const ID = 'b7e7a701bc34d686fa87dfae'
/** RFC 5769 §2.1: ICE's attributes have no row here. */
const REQUEST = bytesOf(`00010058 2112a442 ${ID} 80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff 80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2 80280004 e57a3bcf`)
/** §2.2 */
const IPV4 = bytesOf(`0101003c 2112a442 ${ID} 8022000b 74657374 20766563 746f7220 00200008 0001a147 e112a643
  00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96`)
/** §2.3 */
const IPV6 = bytesOf(`01010048 2112a442 ${ID} 8022000b 74657374 20766563 746f7220
  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41 80280004 c8fb0b4c`)
/** RFC 8489 §B.1 */
const LONG_TERM = bytesOf(`0001009c 2112a442 78ad3433 c6ad72c0 29da412e 001e0020 4a3cf38f ef6992bd a952c678 0417da0f
  24819415 569e60b2 05c46e41 407f1704 00150029 6f624d61 744a6f73 32414141 43662f2f 3439396b 39353464 364f4c33 346f4c39
  46535476 79363473 41000000 0014000b 6578616d 706c652e 6f726700 001c0020 e4686c8f 0edeb590 13e07090 010a93ef
  ccbccc54 4c0a45d9 f830aa6d 6f735a01`)
const SHORT_TERM = { name: 'MESSAGE-INTEGRITY', key: utf8Encode('VOkJxbRl1RmTxUk/WvJxBt') } as const

describe('vectors', () => {
  test('RFC 5769 §2.1: a request with short-term credentials', () => {
    const message = read(REQUEST) as StunMessage
    expect(message).toMatchObject({ class: 'request', method: 1, transaction: ID })
    expect(message.attributes.map(({ name }) => name).join(' ')).toBe(
      'SOFTWARE unknown unknown USERNAME MESSAGE-INTEGRITY FINGERPRINT',
    )
    expect([attributeOf(message, 'SOFTWARE'), attributeOf(message, 'USERNAME')]).toEqual([
      'STUN test client',
      'evtj:h6vY',
    ])
    expect(notUnderstood(message)).toEqual([0x24])
    expect(isAuthentic(REQUEST, SHORT_TERM)).toBe(true)
    expect(isAuthentic(REQUEST, { ...SHORT_TERM, key: utf8Encode('another') })).toBe(false)
    expect(isAuthentic(LONG_TERM, SHORT_TERM)).toBe(false)
  })

  test.each([
    ['§2.2', IPV4, '192.0.2.1'],
    ['§2.3', IPV6, '2001:db8:1234:5678:11:2233:4455:6677'],
  ])('RFC 5769 %s: a response with XOR-MAPPED-ADDRESS', (_, bytes, address) => {
    const message = read(bytes) as StunMessage
    expect(message).toMatchObject({ class: 'success', method: 1, transaction: ID })
    expect(attributeOf(message, 'XOR-MAPPED-ADDRESS')).toEqual({ address, port: 32853 })
    expect(attributeOf(message, 'SOFTWARE')).toBe('test vector')
    expect(isAuthentic(bytes, SHORT_TERM)).toBe(true)
  })

  // Its header counts 20 bytes that are not there, in the RFC as printed: the hash is of that header, and no reader takes the message.
  test('RFC 8489 §B.1: USERHASH, the key of SHA-256, and the hash of MESSAGE-INTEGRITY-SHA256', () => {
    const credentials = { username: '\u30de\u30c8\u30ea\u30c3\u30af\u30b9', password: 'TheMatrIX' }
    const key = longTermKey(credentials, 'example.org', 2)!
    expect(hex(hmacSha256(key, LONG_TERM.subarray(0, -36)))).toBe(hex(LONG_TERM.subarray(-32)))
    expect(read(LONG_TERM)).toBe('byte 2: the length of the attributes, 136, not 156')
    const mended = LONG_TERM.slice()
    mended[3] = 136
    const message = read(mended) as StunMessage
    expect(hex(attributeOf(message, 'USERHASH')!)).toBe(hex(userHash(credentials.username, 'example.org')))
    expect(attributeOf(message, 'NONCE')).toBe('obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA')
    const unsigned = { ...message, attributes: message.attributes.slice(0, -1) }
    const printed = printStun(unsigned, { integrity: { name: 'MESSAGE-INTEGRITY-SHA256', key } })
    expect(hex(printed.subarray(0, -32))).toBe(hex(mended.subarray(0, -32)))
  })
})

test.each([
  ['00010000 2112a442', 'byte 0: a STUN header of 20 bytes with its magic cookie'],
  [`00010000 2112a443 ${ID}`, 'byte 0: a STUN header of 20 bytes with its magic cookie'],
  [`40010000 2112a442 ${ID}`, 'byte 0: a STUN header of 20 bytes with its magic cookie'],
  [`00010004 2112a442 ${ID}`, 'byte 2: the length of the attributes, 0, not 4'],
  [`00010003 2112a442 ${ID} 000000`, 'byte 2: the length of the attributes, 3, not 3'],
  [`00010004 2112a442 ${ID} 00060001`, 'byte 22: a length that ends within the message, not 1'],
  [`0101000c 2112a442 ${ID} 00200008 0002a147 e112a643`, 'byte 24: a value of XOR-MAPPED-ADDRESS'],
  [`01010008 2112a442 ${ID} 80280004 00000000`, 'byte 24: the right FINGERPRINT'],
  [`01110008 2112a442 ${ID} 00090004 00000264`, 'byte 24: a value of ERROR-CODE'],
])('%s is refused: %s', (text, issue) => {
  expect(read(bytesOf(text))).toBe(issue)
})

test('what follows an integrity attribute does not count, but for the other one and FINGERPRINT', () => {
  const message: StunMessage = { class: 'request', method: 1, transaction: ID, attributes: [] }
  const software: Attribute = { name: 'SOFTWARE', value: 'late' }
  const signed = printStun(message, { integrity: SHORT_TERM })
  const sneaked = printStun({ ...message, attributes: [...(read(signed) as StunMessage).attributes, software] })
  expect((read(sneaked) as StunMessage).attributes.map(({ name }) => name)).toEqual(['MESSAGE-INTEGRITY'])
  expect(isAuthentic(sneaked, SHORT_TERM)).toBe(true)
})

const half = fc.nat({ max: 65_535 })
const place = fc.record({
  address: fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => {
    const parsed = parseAddress(text)
    return parsed.ok ? printAddress(parsed.value) : '192.0.2.1'
  }),
  port: half,
})
const words = fc.string({ maxLength: 40 })
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const algorithm = fc.record({ number: half, parameters: fc.uint8Array({ maxLength: 9 }) })
const one = <Value>(name: string, value: fc.Arbitrary<Value>) => value.map((it) => ({ name, value: it }) as Attribute)
const anyAttribute: fc.Arbitrary<Attribute> = fc.oneof(
  ...['MAPPED-ADDRESS', 'XOR-MAPPED-ADDRESS', 'RESPONSE-ORIGIN', 'OTHER-ADDRESS', 'ALTERNATE-SERVER'].map((name) =>
    one(name, place),
  ),
  ...['USERNAME', 'REALM', 'NONCE', 'SOFTWARE', 'ALTERNATE-DOMAIN'].map((name) => one(name, words)),
  one('CHANGE-REQUEST', fc.record({ address: fc.boolean(), port: fc.boolean() })),
  one('ERROR-CODE', fc.record({ code: fc.integer({ min: 300, max: 699 }), reason: words })),
  one('UNKNOWN-ATTRIBUTES', fc.array(half, { maxLength: 5 })),
  one('PASSWORD-ALGORITHM', algorithm),
  one('PASSWORD-ALGORITHMS', fc.array(algorithm, { maxLength: 3 })),
  one('USERHASH', bytes(32)),
  one('PADDING', fc.nat({ max: 1500 })),
  one('RESPONSE-PORT', half),
  fc.record({
    name: fc.constant('unknown' as const),
    type: fc.constantFrom(0x24, 0x25, 0x7fff, 0x8029, 0xffff),
    value: fc.uint8Array({ maxLength: 30 }),
  }),
)
const anyMessage: fc.Arbitrary<StunMessage> = fc.record({
  class: fc.constantFrom('request', 'indication', 'success', 'error'),
  method: fc.nat({ max: 0xfff }),
  transaction: bytes(12).map(hex),
  attributes: fc.array(anyAttribute, { maxLength: 8 }),
})

describe('laws', () => {
  test('what was written is read; signed and marked it is authentic, and no byte of it can change unnoticed', () => {
    const names = fc.constantFrom('MESSAGE-INTEGRITY' as const, 'MESSAGE-INTEGRITY-SHA256' as const)
    fc.assert(
      fc.property(anyMessage, names, bytes(16), fc.nat(), (message, name, key, where) => {
        expect(read(printStun(message))).toEqual(message)
        const sealed = printStun(message, { integrity: { name, key }, fingerprint: true })
        expect(sealed.length % 4).toBe(0)
        expect((read(sealed) as StunMessage).attributes.slice(0, -2)).toEqual(message.attributes)
        expect(isAuthentic(sealed, { name, key })).toBe(true)
        sealed[where % sealed.length]! ^= 1
        const changed = read(sealed)
        expect(typeof changed === 'string' || attributeOf(changed, 'FINGERPRINT') === undefined).toBe(true)
      }),
    )
  })

  test('any bytes are a message or an issue, and never a crash', () => {
    const cookie = fc.tuple(bytes(2), fc.uint8Array({ maxLength: 60 }), bytes(12)).map(([type, rest, id]) => {
      const body = rest.subarray(0, rest.length & ~3)
      return Uint8Array.of(type[0]! & 0x3f, type[1]!, 0, body.length, 0x21, 0x12, 0xa4, 0x42, ...id, ...body)
    })
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), cookie), (some) => void read(some)))
  })
})
