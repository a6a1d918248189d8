import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { uriEqual } from '../../../stack/sip/message/equality.ts'
import { parseUri, type Uri } from '../../../stack/sip/message/uri.ts'

function uri(text: string): Uri {
  const parsed = parseUri(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.issue.expected}`)
  return parsed.value
}

describe('uriEqual', () => {
  // RFC 3261 §19.1.4's own pairs
  it.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+49301234', 'tel:+49301234'],
    ['sip:bob@[2001:db8::9:1]', 'sip:bob@[2001:DB8:0:0:0:0:9:01]'], // RFC 5954 §4.2
    ['sip:bob@[::ffff:192.0.2.1]:5060', 'sip:bob@[::FFFF:c000:201]:5060'],
  ])('%s is %s', (one, other) => expect(uriEqual(uri(one), uri(other))).toBe(true))

  it.each([
    ['sip:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:bob@biloxi.com', 'sips:bob@biloxi.com'],
    ['sip:bob@biloxi.com', 'sip:biloxi.com'],
    ['sip:a%40b@biloxi.com', 'sip:a%41b@biloxi.com'],
  ])('%s is not %s', (one, other) => expect(uriEqual(uri(one), uri(other))).toBe(false))

  const anyUri = fc
    .tuple(
      fc.constantFrom('', 'bob@', '%62ob@', 'BOB@'),
      fc.constantFrom('a.com', 'A.com', '10.0.0.1', '[2001:db8::1]'),
      fc.constantFrom('', ':5060'),
      fc.subarray([';lr', ';x=1', ';transport=udp', ';Transport=UDP'], { maxLength: 2 }),
    )
    .map(([user, host, port, parameters]) => uri(`sip:${user}${host}${port}${parameters.join('')}`))

  test.prop([anyUri])('is reflexive', (one) => {
    expect(uriEqual(one, one)).toBe(true)
  })
  test.prop([anyUri, anyUri])('is symmetric', (one, other) => {
    expect(uriEqual(one, other)).toBe(uriEqual(other, one))
  })
})
