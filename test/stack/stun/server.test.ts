// What a STUN server answers: one line a request, then the laws of RFC 5780's table 1.

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { utf8Encode } from '../../../platform/text.ts'
import type { Attribute } from '../../../stack/stun/attributes.ts'
import { challengeOf, proofOf } from '../../../stack/stun/challenge.ts'
import { parseStun, printStun, type Sealing } from '../../../stack/stun/codec.ts'
import { StunGatekeeper } from '../../../stack/stun/gatekeeper.ts'
import { isAuthentic, longTermKey } from '../../../stack/stun/integrity.ts'
import { attributeOf, type StunMessage } from '../../../stack/stun/message.ts'
import { type StunPlace, stunReply } from '../../../stack/stun/server.ts'

const SOURCE = { address: '203.0.113.9', port: 40_000 }
const A1 = '198.51.100.7'
const A2 = '198.51.100.8'
const PLACE: StunPlace = { here: { address: A1, port: 3478 }, other: { address: A2, port: 3479 } }
const ALICE = { username: 'alice', password: 'secret' }
const gatekeeper = new StunGatekeeper({
  realm: 'example.com',
  passwords: new Map([['alice', 'secret']]),
  secret: utf8Encode('nobody knows'),
})

function request(attributes: readonly Attribute[]): StunMessage {
  return { class: 'request', method: 1, transaction: '0123456789abcdef01234567', attributes }
}

interface Given {
  readonly place?: StunPlace
  readonly guarded?: boolean
  readonly sealing?: Sealing
  readonly atMs?: number
  readonly source?: typeof SOURCE
}

function reply(attributes: readonly Attribute[], given: Given = {}) {
  const { place = PLACE, guarded = false, sealing = {}, atMs = 0, source = SOURCE } = given
  const policy = { software: 'test', ...(guarded && { gatekeeper }) }
  return stunReply(printStun(request(attributes), sealing), source, place, policy, atMs)
}

/** `success` and where it goes, or the error's code; then the attributes. */
function told(attributes: readonly Attribute[], given?: Given): string {
  const made = reply(attributes, given)
  const parsed = made && parseStun(made.bytes)
  if (made === undefined || parsed?.ok !== true) return 'nothing'
  const code = attributeOf(parsed.value, 'ERROR-CODE')?.code
  const way = `${made.from.address}:${made.from.port} → ${made.to.port}`
  return `${code ?? way}: ${parsed.value.attributes.map(({ name }) => name).join(' ')}`
}

const change = (address: boolean, port: boolean): Attribute => ({ name: 'CHANGE-REQUEST', value: { address, port } })
const SUCCESS = 'XOR-MAPPED-ADDRESS MAPPED-ADDRESS RESPONSE-ORIGIN OTHER-ADDRESS'
const alone: StunPlace = { ...PLACE, other: undefined }

test.each<[string, readonly Attribute[], Given, string]>([
  ['a plain request', [], {}, `${A1}:3478 → 40000: ${SUCCESS} SOFTWARE`],
  ['a marked one', [], { sealing: { fingerprint: true } }, `${A1}:3478 → 40000: ${SUCCESS} SOFTWARE FINGERPRINT`],
  ['another address', [change(true, false)], {}, `${A2}:3478 → 40000: ${SUCCESS} SOFTWARE`],
  ['another port', [change(false, true)], {}, `${A1}:3479 → 40000: ${SUCCESS} SOFTWARE`],
  ['both', [change(true, true)], {}, `${A2}:3479 → 40000: ${SUCCESS} SOFTWARE`],
  ['RESPONSE-PORT', [{ name: 'RESPONSE-PORT', value: 99 }], {}, `${A1}:3478 → 99: ${SUCCESS} SOFTWARE`],
  ['PADDING', [{ name: 'PADDING', value: 800 }], {}, `${A1}:3478 → 40000: ${SUCCESS} PADDING SOFTWARE`],
  [
    'PADDING and RESPONSE-PORT',
    [
      { name: 'PADDING', value: 8 },
      { name: 'RESPONSE-PORT', value: 99 },
    ],
    {},
    '400: ERROR-CODE SOFTWARE',
  ],
  [
    'what must be understood and is not',
    [{ name: 'unknown', type: 0x24, value: new Uint8Array(4) }],
    {},
    '420: ERROR-CODE UNKNOWN-ATTRIBUTES SOFTWARE',
  ],
  [
    'what need not be understood',
    [{ name: 'unknown', type: 0x8024, value: new Uint8Array(4) }],
    {},
    `${A1}:3478 → 40000: ${SUCCESS} SOFTWARE`,
  ],
  ['one address alone', [], { place: alone }, `${A1}:3478 → 40000: ${SUCCESS.replace(' OTHER-ADDRESS', '')} SOFTWARE`],
  [
    'CHANGE-REQUEST where there is one address',
    [change(true, true)],
    { place: alone },
    '420: ERROR-CODE UNKNOWN-ATTRIBUTES SOFTWARE',
  ],
  [
    'a guarded server, and nobody says who it is',
    [],
    { guarded: true },
    '401: ERROR-CODE REALM NONCE PASSWORD-ALGORITHMS SOFTWARE',
  ],
  [
    'integrity without a name',
    [],
    { guarded: true, sealing: { integrity: { name: 'MESSAGE-INTEGRITY', key: utf8Encode('x') } } },
    '400: ERROR-CODE SOFTWARE',
  ],
])('%s', (_, attributes, given, expected) => {
  expect(told(attributes, given)).toBe(expected)
})

test('a datagram that is no Binding request gets no answer', () => {
  const say = (bytes: Uint8Array) => stunReply(bytes, SOURCE, PLACE, { software: 'test' }, 0)
  expect(say(utf8Encode('OPTIONS sip:example.com SIP/2.0\r\n\r\n'))).toBeUndefined()
  expect(say(printStun({ ...request([]), class: 'indication' }))).toBeUndefined()
  expect(say(printStun({ ...request([]), class: 'success' }))).toBeUndefined()
  expect(say(printStun({ ...request([]), method: 3 }))).toBeUndefined()
})

describe('long-term credentials', () => {
  const challenge = (given: Given = {}) => {
    const made = parseStun(reply([], { guarded: true, ...given })!.bytes)
    return made.ok ? challengeOf(made.value)! : undefined!
  }
  const ask = (proof: ReturnType<typeof proofOf>, given: Given = {}): string =>
    told(proof!.attributes, { guarded: true, sealing: { integrity: proof!.integrity }, ...given })

  test('the right answer to a challenge is believed, and the response is signed', () => {
    const proof = proofOf(challenge(), ALICE)!
    expect(proof.attributes.map(({ name }) => name).join(' ')).toBe(
      'USERHASH REALM NONCE PASSWORD-ALGORITHMS PASSWORD-ALGORITHM',
    )
    expect(ask(proof)).toBe(`${A1}:3478 → 40000: ${SUCCESS} SOFTWARE MESSAGE-INTEGRITY-SHA256`)
    const made = reply(proof.attributes, { guarded: true, sealing: { integrity: proof.integrity } })!
    expect(isAuthentic(made.bytes, proof.integrity)).toBe(true)
  })

  test('RFC 5389 clients are believed with MD5 and MESSAGE-INTEGRITY', () => {
    const { realm, nonce } = challenge()
    const attributes: readonly Attribute[] = [
      { name: 'USERNAME', value: 'alice' },
      { name: 'REALM', value: realm },
      { name: 'NONCE', value: nonce },
    ]
    const integrity = { name: 'MESSAGE-INTEGRITY', key: longTermKey(ALICE, realm, 1)! } as const
    expect(told(attributes, { guarded: true, sealing: { integrity } })).toBe(
      `${A1}:3478 → 40000: ${SUCCESS} SOFTWARE MESSAGE-INTEGRITY`,
    )
  })

  test('another password or name is 401; a nonce that is old, or of another source, is 438', () => {
    const right = challenge()
    expect(ask(proofOf(right, { ...ALICE, password: 'wrong' }))).toMatch(/^401: ERROR-CODE REALM NONCE/)
    expect(ask(proofOf(right, { ...ALICE, username: 'bob' }))).toMatch(/^401: ERROR-CODE REALM NONCE/)
    expect(ask(proofOf(right, ALICE), { atMs: 599_999 })).toMatch(/^198/)
    expect(ask(proofOf(right, ALICE), { atMs: 600_000 })).toMatch(/^438: ERROR-CODE REALM NONCE PASSWORD-ALGORITHMS/)
    expect(ask(proofOf(right, ALICE), { source: { ...SOURCE, port: 40_001 } })).toMatch(/^438/)
  })

  test('somebody on the way who takes the better algorithm away is found out (§9.2.5)', () => {
    const right = challenge()
    const weak = { ...right, algorithms: right.algorithms!.slice(1) }
    expect(ask(proofOf(weak, ALICE))).toBe('400: ERROR-CODE SOFTWARE')
    const made = parseStun(reply([], { guarded: true })!.bytes)
    const message = made.ok ? made.value : undefined!
    const without = { ...message, attributes: message.attributes.filter(({ name }) => name !== 'PASSWORD-ALGORITHMS') }
    expect(challengeOf(without)).toBeUndefined()
  })
})

test('RFC 5780 table 1: the answer shows its source, and its true origin and alternative, whatever is asked where', () => {
  const flags = fc.record({ address: fc.boolean(), port: fc.boolean() })
  fc.assert(
    fc.property(flags, fc.boolean(), fc.boolean(), ({ address, port }, second, alternate) => {
      const here = { address: second ? A2 : A1, port: alternate ? 3479 : 3478 }
      const other = { address: second ? A1 : A2, port: alternate ? 3478 : 3479 }
      const made = reply([change(address, port)], { place: { here, other } })!
      const parsed = parseStun(made.bytes)
      const message = parsed.ok ? parsed.value : undefined!
      const from = { address: address ? other.address : here.address, port: port ? other.port : here.port }
      expect(made.from).toEqual(from)
      expect(attributeOf(message, 'RESPONSE-ORIGIN')).toEqual(from)
      expect(attributeOf(message, 'OTHER-ADDRESS')).toEqual(other)
      expect(attributeOf(message, 'XOR-MAPPED-ADDRESS')).toEqual(SOURCE)
      expect(attributeOf(message, 'MAPPED-ADDRESS')).toEqual(SOURCE)
    }),
  )
})
