// DNS messages, bytes to values and back.

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { hex, unhex } from '../../../platform/hex.ts'
import type { DnsMessage, Resource } from '../../../sim/dns/message.ts'
import { canonicalName, isWithin, labelsOf, parentOf } from '../../../sim/dns/name.ts'
import { parseDns } from '../../../sim/dns/parse.ts'
import { printDns } from '../../../sim/dns/print.ts'

const QUERY: DnsMessage = {
  ...{ id: 0x1234, isResponse: false, opcode: 0, isAuthoritative: false, isTruncated: false },
  ...{ recursionDesired: true, recursionAvailable: false, code: 0 },
  ...{ questions: [{ name: 'sip.example.com', type: 1 }], answers: [], authorities: [], additionals: [] },
}
const answer = (answers: readonly Resource[], more: Partial<DnsMessage> = {}): DnsMessage => {
  return { ...QUERY, isResponse: true, recursionAvailable: true, answers, ...more }
}
const parsed = (bytes: Uint8Array): DnsMessage => {
  const read = parseDns(bytes)
  if (!read.ok) throw new Error(`${read.issue.at}: ${read.issue.expected}`)
  return read.value
}
const issue = (digits: string): string => {
  const read = parseDns(unhex(digits.replaceAll(' ', ''))!)
  return read.ok ? 'fine' : `${read.issue.at}: ${read.issue.expected}`
}

describe('on the wire', () => {
  test('a query is as RFC 1035 §4.1 has it', () => {
    expect(hex(printDns(QUERY))).toBe('12340100000100000000000003736970076578616d706c6503636f6d0000010001')
  })

  test('names that have been there become pointers, but for the targets of SRV and NAPTR', () => {
    const bytes = printDns(
      answer([
        { name: 'sip.example.com', ttlSeconds: 60, type: 'CNAME', target: 'a.example.com' },
        { name: 'A.EXAMPLE.com', ttlSeconds: 60, type: 'A', address: '192.0.2.1' },
        {
          name: '_sip._udp.example.com',
          ttlSeconds: 60,
          type: 'SRV',
          priority: 1,
          weight: 2,
          port: 5060,
          target: 'a.example.com',
        },
      ]),
    )
    const [, first, second, third] = hex(bytes).split(/c00c0005|c02d0001|c0100021/)
    expect([first, second]).toEqual(['00010000003c00040161c010', '00010000003c0004c0000201045f736970045f756470'])
    expect(third).toBe(`00010000003c0015${'0001000213c4'}${'0161076578616d706c6503636f6d00'}`)
  })

  test.each([
    ['1234 0100 0001 0000 0000', 'byte 0: a header of 12 bytes, not 10'],
    ['1234 0100 0001 0000 0000 0000', 'byte 12: a domain name'],
    ['1234 0100 0001 0000 0000 0000 c00c 0001 0001', 'byte 12: a domain name'],
    ['1234 0100 0001 0000 0000 0000 c00e 00 0001 0001', 'byte 12: a domain name'],
    ['1234 0100 0001 0000 0000 0000 40 00 0001 0001', 'byte 12: a domain name'],
    ['1234 0100 0001 0000 0000 0000 00 0001 0003', 'byte 17: a question of class IN, not 3'],
    ['1234 0100 0001 0000 0000 0000 00 0001', 'byte 15: more bytes'],
    ['1234 0100 0001 0000 0000 0000 00 0001 0001 00', 'byte 17: nothing more'],
    ['1234 8100 0000 0001 0000 0000 00 0001 0001 00000000 0003 c00002', 'byte 23: the data of a record of type 1'],
    ['1234 8100 0000 0001 0000 0000 00 0001 0001 00000000 0004 c00002', "byte 23: 4 bytes of a record's data"],
    [
      '1234 8100 0000 0000 0000 0002 00 0029 0200 00000000 0000 00 0029 0200 00000000 0000',
      'byte 34: one OPT record at most',
    ],
  ])('%s: %s', (digits, expected) => expect(issue(digits)).toBe(expected))

  test('a TTL with its highest bit set is none (RFC 2181 §8)', () => {
    const bytes = unhex('123481000000000100000000000001000180000000000401020304')!
    expect(parsed(bytes).answers[0]?.ttlSeconds).toBe(0)
  })

  test('what does not fit is left out: additional records without a word, others with TC', () => {
    const many = Array.from({ length: 40 }, (_, i): Resource => {
      return { name: 'sip.example.com', ttlSeconds: 60, type: 'A', address: `192.0.2.${i}` }
    })
    const short = printDns(answer(many), 512)
    expect(short.length).toBeLessThanOrEqual(512)
    expect(parsed(short)).toMatchObject({ isTruncated: true, answers: many.slice(0, 29) })
    const edns = parsed(printDns(answer(many, { udpBytes: 1232 }), 1232))
    expect(edns).toMatchObject({ isTruncated: false, udpBytes: 1232 })
    expect(edns.answers).toHaveLength(40)
    const extra = parsed(printDns(answer(many.slice(0, 2), { additionals: many }), 512))
    expect(extra.isTruncated).toBe(false)
    expect(extra.additionals.length).toBeLessThan(40)
  })
})

describe('names', () => {
  test('have labels of 63 bytes and 255 bytes at most', () => {
    const long = 'x'.repeat(63)
    expect(labelsOf(`${long}.com`).ok).toBe(true)
    expect(labelsOf(`${long}x.com`).ok).toBe(false)
    expect(labelsOf([long, long, long, 'x'.repeat(61)].join('.')).ok).toBe(true)
    expect(labelsOf([long, long, long, 'x'.repeat(62)].join('.')).ok).toBe(false)
    for (const bad of ['', 'a..b', '.a', 'ü€.com']) expect(labelsOf(bad).ok).toBe(false)
  })

  test('are the same in any case, and one within another by whole labels', () => {
    expect(canonicalName('SIP.Example.COM.')).toBe('sip.example.com')
    expect(isWithin('sip.example.com', 'example.com')).toBe(true)
    expect(isWithin('notexample.com', 'example.com')).toBe(false)
    expect(['a.b', 'b', '.'].map(parentOf)).toEqual(['b', '.', undefined])
  })
})

const byteText = fc.uint8Array({ maxLength: 40 }).map((bytes) => String.fromCharCode(...bytes))
const label = fc.oneof(
  fc.stringMatching(/^[a-z0-9_-]{1,12}$/),
  fc
    .uint8Array({ minLength: 1, maxLength: 63 })
    .map((bytes) => [...bytes].map((one) => `\\${String(one).padStart(3, '0')}`).join('')),
)
/** As the codec prints them. */
const name = fc
  .array(label, { maxLength: 5 })
  .filter((labels) => labels.length === 0 || labelsOf(labels.join('.')).ok)
  .map((labels) => {
    const text = labels.length === 0 ? '.' : labels.join('.')
    return parsed(printDns({ ...QUERY, questions: [{ name: text, type: 1 }] })).questions[0]!.name
  })
const u16 = fc.nat(65535)
const u32 = fc.nat(0x7fffffff)
const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((four) => four.join('.'))
const data = fc.oneof(
  fc.record({ type: fc.constant('A' as const), address: ipv4 }),
  fc.record({ type: fc.constant('AAAA' as const), address: fc.constantFrom('2001:db8::1', '::', 'fe80::2') }),
  fc.record({ type: fc.constantFrom('NS' as const, 'CNAME' as const, 'PTR' as const), target: name }),
  fc.record({
    ...{ type: fc.constant('SOA' as const), primary: name, mailbox: name, serial: fc.nat(0xffffffff) },
    ...{ refreshSeconds: u32, retrySeconds: u32, expireSeconds: u32, minimumSeconds: u32 },
  }),
  fc.record({ type: fc.constant('TXT' as const), texts: fc.array(byteText, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant('SRV' as const), priority: u16, weight: u16, port: u16, target: name }),
  fc.record({
    ...{ type: fc.constant('NAPTR' as const), order: u16, preference: u16 },
    ...{ flags: byteText, service: byteText, regexp: byteText, replacement: name },
  }),
  fc.record({ type: fc.constantFrom(64, 99, 65280), bytes: fc.uint8Array({ maxLength: 30 }) }),
)
const resource = fc
  .tuple(name, u32, data)
  .map(([of, ttlSeconds, what]): Resource => ({ name: of, ttlSeconds, ...what }))
const resources = fc.array(resource, { maxLength: 5 })
const message: fc.Arbitrary<DnsMessage> = fc
  .record({
    ...{ id: u16, isResponse: fc.boolean(), opcode: fc.nat(15), code: fc.nat(15) },
    ...{ isAuthoritative: fc.boolean(), isTruncated: fc.boolean() },
    ...{ recursionDesired: fc.boolean(), recursionAvailable: fc.boolean() },
    questions: fc.array(fc.record({ name, type: u16 }), { maxLength: 2 }),
    ...{ answers: resources, authorities: resources, additionals: resources },
  })
  .chain((made) =>
    fc.oneof(
      fc.constant(made),
      u16.map((udpBytes) => ({ ...made, udpBytes })),
    ),
  )

/** Names compare without case. */
const lower = (made: DnsMessage): unknown =>
  JSON.parse(JSON.stringify(made, (_, value) => (typeof value === 'string' ? value.toLowerCase() : value)))

describe('laws', () => {
  test('what is printed reads back as it was', () => {
    fc.assert(
      fc.property(message, (made) => {
        expect(lower(parsed(printDns(made)))).toEqual(lower(made))
      }),
    )
  })

  test('any bytes give a message or an issue, and what is read prints to what reads the same', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(message, fc.nat(), fc.nat(255)).map(([made, at, byte]) => {
        const printed = printDns(made)
        printed[at % printed.length] = byte
        return printed
      }),
    )
    fc.assert(
      fc.property(bytes, (some) => {
        const read = parseDns(some)
        if (read.ok) expect(lower(parsed(printDns(read.value)))).toEqual(lower(read.value))
        else expect(read.issue.at).toMatch(/^byte \d+$/)
      }),
    )
  })

  test('a limit is kept, and what is left is the beginning', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 300, max: 600 }), (made, limit) => {
        fc.pre(printDns({ ...made, answers: [], authorities: [], additionals: [] }).length <= limit)
        const printed = printDns(made, limit)
        expect(printed.length).toBeLessThanOrEqual(limit)
        const { answers } = parsed(printed)
        expect(lower({ ...made, answers })).toEqual(lower({ ...made, answers: made.answers.slice(0, answers.length) }))
      }),
    )
  })

  test('pointers that lead backwards for ever cost no more than their bytes', () => {
    const links: number[] = []
    for (let at = 14; links.length < 4000; at += 2) links.push(0xc0 | ((at - 2) >> 8), (at - 2) & 255)
    const bytes = Uint8Array.from([0, 1, 0x81, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, ...links])
    expect(parseDns(bytes).ok).toBe(false)
  })
})
