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

describe('what a call goes to', () => {
  test('To has nothing of how to get there, the Request-URI no headers (§19.1.1, Table 1)', () => {
    const to = 'sip:t;x=y@10.0.0.1:5060;transport=udp;user=phone;lr;method=INVITE;z=1?Subject=hi'
    for (const verb of ['call', 'options']) {
      const [request = ''] = converse([`do ${verb} ${to}`])
      expect(request).toMatch(/^[A-Z]+ sip:t;x=y@10\.0\.0\.1:5060;transport=udp;user=phone;lr;z=1 SIP/)
      expect(request).toContain('To: <sip:t;x=y@10.0.0.1;user=phone;z=1>\r\n')
    }
  })

  test('a sips URI it does not call, and says why', () => {
    expect(converse(['do call sips:t@10.0.0.1'])).toEqual([])
  })

  test('the first description of a fork is its answer, whatever its 200 holds (§13.2.1)', () => {
    const early = SDP.replace('4000', '4444')
    const tester = (last: string): Tester => {
      return (text) =>
        text.startsWith('INVITE')
          ? [
              reply(text, '183 Session Progress', ['Contact: <sip:t@10.0.0.1>', ...TYPED], early),
              reply(text, '183 Session Progress', ['Contact: <sip:t@10.0.0.1>', 'Content-Type: text/plain'], 'hello'),
              reply(text, '183 Session Progress', ['Contact: <sip:t@10.0.0.1>', ...TYPED], 'v=0 again'),
              reply(text, '200 OK', ['Contact: <sip:t@10.0.0.1>', ...(last === '' ? [] : TYPED)], last),
            ]
          : []
    }
    for (const last of ['', 'another thing', early]) {
      const heard = converse(['do call sip:t@10.0.0.1', ''], { talk: true }, tester(last))
      expect(heard.map((text) => text.split(' ')[0])).toEqual(['INVITE', 'ACK'])
    }
  })

  test('a description for another use is no answer (§20.11, RFC 3959)', () => {
    const early = ['Contact: <sip:t@10.0.0.1>', ...TYPED, 'Content-Disposition: early-session;handling=optional']
    const tester: Tester = (text) => {
      if (!text.startsWith('INVITE')) return []
      const ok = reply(text, '200 OK', ['Contact: <sip:t@10.0.0.1>', ...TYPED, 'Content-Disposition: session'], SDP)
      return [reply(text, '183 Session Progress', early, 'v=0 of another kind'), ok]
    }
    const heard = converse(['do call sip:t@10.0.0.1', ''], {}, tester)
    expect(heard.map((text) => text.split(' ')[0])).toEqual(['INVITE', 'ACK'])
  })

  test('an INVITE that says when it expires is cancelled then (§13.2.1)', () => {
    const tester: Tester = (text) =>
      text.startsWith('INVITE') ? [reply(text, '180 Ringing', ['Contact: <sip:t@10.0.0.1>'])] : []
    const story = ['do call sip:t@10.0.0.1', '', '', '', '']
    const starts = (options: object) => converse(story, options, tester).map((text) => text.split(' ')[0])
    expect(starts({})).toEqual(['INVITE'])
    expect(starts({ inviteHeaders: { Expires: '2' } })).toEqual(['INVITE', 'CANCEL'])
  })

  test.each([
    [{ Expires: 'soon' }, 'Expires is wrong: expected seconds, 0 or more, not "soon"'],
    [{ Expires: ['2', '3'] }, 'Expires is wrong: expected this header once only, not "Expires: 3"'],
    [{ 'User Agent': 'x' }, 'User Agent is wrong: expected a name that a header can have, and one line of text'],
    [{ Subject: 'a\r\nb' }, 'Subject is wrong: expected a name that a header can have, and one line of text'],
    [{ From: '<sip:x@y>' }, 'From is wrong: expected this header once only, not "From: <sip:x@y>"'],
  ])('headers that no INVITE can have are refused when the phone starts: %j', (inviteHeaders, sentence) => {
    expect(() => converse([], { inviteHeaders })).toThrow(sentence)
  })
})

describe('a BYE that is challenged (§22.2)', () => {
  const isBye = (text: string) => text.startsWith('BYE')
  const challenging: Tester = (text) => {
    if (text.startsWith('INVITE')) return [reply(text, '200 OK', ['Contact: <sip:t@10.0.0.1>', ...TYPED], SDP)]
    const asked = text.includes('Authorization: Digest username="bob"')
    const challenge = 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"'
    return isBye(text) ? [asked ? reply(text, '200 OK') : reply(text, '401 Unauthorized', [challenge])] : []
  }

  test.each([
    ['by its caller', ['do call sip:t@10.0.0.1', 'do hang up', '']],
    ['by its callee', [write('INVITE', { more: TYPED, body: SDP }), 'do answer', ACK, 'do hang up', '']],
  ])('%s, goes again with credentials and the next CSeq', (_who, story) => {
    const byes = converse(story, { password: 'p' }, challenging).filter(isBye)
    const [first = 0, second = 0] = byes.map((text) => Number(/CSeq: (\d+)/.exec(text)?.[1]))
    expect([byes.length, second - first]).toEqual([2, 1])
  })

  test('without a password it is over', () => {
    expect(converse(['do call sip:t@10.0.0.1', 'do hang up', ''], {}, challenging).filter(isBye).length).toBe(1)
  })
})
