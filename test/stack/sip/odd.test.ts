// What is odd, and legal or nearly so, as peers say it: a phone goes on, and does what RFC 3261 has for it.

import { describe, expect, test } from 'vitest'
import { ACK, converse, lines, reply, SDP, type Tester, write } from './converse.ts'

const TYPED = ['Content-Type: application/sdp']

describe('a Via that leads nowhere, or elsewhere (§18.2.2)', () => {
  test.each([
    ['a name in maddr: back to where it came from', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;maddr=all.example.com', 1],
    ['an address in maddr', 'SIP/2.0/UDP pc.example;branch=z9hG4bKa;maddr=10.0.0.1', 1],
    ['an IPv6 address in maddr, in brackets', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;maddr=[2001:db8::1]', 0],
    ['port 0, where nobody listens', 'SIP/2.0/UDP 10.0.0.1:0;branch=z9hG4bKa', 0],
  ])('%s', (_what, via, answers) => {
    expect(converse([write('OPTIONS', { via }), '']).length).toBe(answers)
    expect(converse([write('OPTIONS', { via, more: ['Date: today'] }), '']).length).toBe(answers)
    expect(lines([write('OPTIONS', { via }), write('OPTIONS', { branch: 'b' })])).toMatch(/200 OPTIONS$/)
  })
})

describe('a Contact that is no Request-URI, or no place', () => {
  const invite = (contact: string) => write('INVITE', { contact, more: TYPED, body: SDP })

  test.each([
    ['<sip:t@10.0.0.1?Subject=x>', 'BYE sip:t@10.0.0.1 SIP/2.0'],
    ['<sip:t@10.0.0.1;method=BYE>', 'BYE sip:t@10.0.0.1 SIP/2.0'],
    ['<sip:t@pc.example;maddr=10.0.0.1;x=%20y>;q=0.1', 'BYE sip:t@pc.example;maddr=10.0.0.1;x=%20y SIP/2.0'],
    ['sip:t@10.0.0.1;lost=x', 'BYE sip:t@10.0.0.1 SIP/2.0'],
    ['"A, B" <sip:%74,t@10.0.0.1>', 'BYE sip:%74,t@10.0.0.1 SIP/2.0'],
  ])('%s: headers and method stay out of the request line (§19.1.1)', (contact, startLine) => {
    const heard = converse([invite(contact), 'do answer', ACK, 'do hang up'])
    expect(heard.at(-1)?.split('\r\n')[0]).toBe(startLine)
  })

  test.each(['<sip:t@10.0.0.1:0>', '<tel:+123>', '<mailto:t@10.0.0.1>', '<sips:t@10.0.0.1>', '<sip:t@[2001:db8::1]>'])(
    '%s: the phone cannot hang up there, and the call is over all the same',
    (contact) => {
      const again = write('OPTIONS', { call: 'd', branch: 'd' })
      const heard = converse([invite(contact), 'do answer', ACK, 'do hang up', again])
      expect(heard.at(-1)).toMatch(/^SIP\/2\.0 200 OK/)
      expect(heard.some((text) => text.startsWith('BYE'))).toBe(false)
    },
  )

  test('in a 200, too: its ACK goes to the URI without its headers', () => {
    const tester: Tester = (text) =>
      text.startsWith('INVITE')
        ? [reply(text, '200 OK', ['Contact: <sip:t@10.0.0.1;method=X?a=b>', ...TYPED], SDP)]
        : []
    const heard = converse(['do call sip:t@10.0.0.1', 'do hang up'], {}, tester)
    expect(heard.map((text) => text.split(' SIP')[0])).toEqual([
      'INVITE sip:t@10.0.0.1',
      'ACK sip:t@10.0.0.1',
      'BYE sip:t@10.0.0.1',
    ])
  })

  test('behind a strict router: what is last in Route has no headers either', () => {
    const tester: Tester = (text) => {
      const more = ['Record-Route: <sip:10.0.0.1;a=b>', 'Contact: <sip:t@10.0.0.1?a=b>', ...TYPED]
      return text.startsWith('INVITE') ? [reply(text, '200 OK', more, SDP)] : []
    }
    const [, ack = ''] = converse(['do call sip:t@10.0.0.1'], {}, tester)
    expect(ack).toMatch(/^ACK sip:10\.0\.0\.1;a=b SIP/)
    expect(ack).toContain('Route: <sip:t@10.0.0.1>\r\n')
  })
})
