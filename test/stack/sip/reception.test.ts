// What a phone answers to requests written by hand, sent from another host's socket: RFC 3261 §8.2, §11.2, §12.2.2, §15.1.2.

import { describe, expect, it } from 'vitest'
import { ACK, converse, INVITE, line, lines, reply, SDP, type Tester, write } from './converse.ts'

describe('a request outside a dialog', () => {
  // §8.2.1 to §8.2.3; what must stand in the response
  it.each<[string, string, string, string]>([
    ['recognised but not allowed', write('SUBSCRIBE', {}), '405 SUBSCRIBE', 'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS'],
    ['of a method that nobody knows', write('DANCE', {}), '501 DANCE', 'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS'],
    ['with a URI that is no SIP URI', write('OPTIONS', { uri: 'tel:+4930123' }), '416 OPTIONS', 'CSeq: 1'],
    ['that asks for TLS', write('OPTIONS', { uri: 'sips:bob@10.0.0.2' }), '416 OPTIONS', 'CSeq: 1'],
    ['for another user', write('OPTIONS', { uri: 'sip:carol@10.0.0.2' }), '404 OPTIONS', 'CSeq: 1'],
    ['for nobody in particular', write('OPTIONS', { uri: 'sip:10.0.0.2' }), '200 OPTIONS', 'CSeq: 1'],
    ['for our user, escaped', write('OPTIONS', { uri: 'sip:%62ob@10.0.0.2' }), '200 OPTIONS', 'CSeq: 1'],
    [
      'that requires what we lack',
      write('OPTIONS', { more: ['Require: 100rel, foo'] }),
      '420 OPTIONS',
      'Unsupported: 100rel, foo',
    ],
    [
      'with a strange body',
      write('INVITE', { more: ['Content-Type: text/plain'], body: 'hi' }),
      '415 INVITE',
      'Accept: application/sdp',
    ],
    [
      'with a description that is not the session’s',
      write('INVITE', { more: ['Content-Type: application/sdp', 'Content-Disposition: early-session'], body: SDP }),
      '415 INVITE',
      'Accept: application/sdp',
    ],
    [
      'that bears no description in the answer',
      write('INVITE', {
        more: ['Content-Type: application/sdp', 'Accept: text/plain, application/sdp;q=0.0'],
        body: SDP,
      }),
      '406 INVITE',
      'CSeq: 1',
    ],
    [
      'that takes the narrowest range by its word',
      write('INVITE', { more: ['Accept: */*, application / SDP ; q=0'] }),
      '406 INVITE',
      'CSeq: 1',
    ],
    [
      'that has a semicolon in quotes',
      write('INVITE', { more: ['Accept: application/sdp;note="a;q=0;b"'] }),
      '180 INVITE',
      'CSeq: 1',
    ],
    [
      'whose body is optional in quotes only',
      write('OPTIONS', {
        more: ['Content-Type: text/plain', 'Content-Disposition: render;note=";handling=optional"'],
        body: 'hi',
      }),
      '415 OPTIONS',
      'Accept: application/sdp',
    ],
    ['that bears nothing at all', write('INVITE', { more: ['Accept:'] }), '406 INVITE', 'CSeq: 1'],
    [
      'that bears anything',
      write('INVITE', { more: ['Accept: text/plain;level=1', 'Accept: */*;q=0.1'] }),
      '180 INVITE',
      'CSeq: 1',
    ],
    [
      'with a coded body',
      write('INVITE', { more: ['Content-Type: application/sdp', 'Content-Encoding: gzip'], body: 'x' }),
      '415 INVITE',
      'Accept-Encoding: identity',
    ],
    [
      'with a strange body that is optional',
      write('OPTIONS', {
        more: ['Content-Type: text/plain', 'Content-Disposition: render;handling=optional'],
        body: 'hi',
      }),
      '200 OPTIONS',
      'CSeq: 1',
    ],
    ...[
      'Content-Type: application/sdp;',
      'Content-Disposition: session;handling=',
      'Content-Encoding:',
      'Accept: application/sdp;',
      'Require:',
    ].map((line): [string, string, string, string] => {
      const more = line.startsWith('Content-Type') ? [line] : ['Content-Type: application/sdp', line]
      const reason = `SIP/2.0 400 Bad Request (${line.slice(0, line.indexOf(':'))})`
      return [`that says ${line}`, write('INVITE', { more, body: SDP }), '400 INVITE', reason]
    }),
    ['BYE', write('BYE', {}), '481 BYE', 'CSeq: 1'],
    ['CANCEL of nothing', write('CANCEL', {}), '481 CANCEL', 'CSeq: 1'],
    ['with a tag that is none of ours', write('OPTIONS', { to: 'stale' }), '481 OPTIONS', 'CSeq: 1'],
  ])('%s', (_name, request, status, header) => {
    const [response = ''] = converse([request])
    expect(line(response)).toBe(status)
    expect(response).toContain(header)
    expect(response).toMatch(/To: .*;tag=/)
  })
  it('OPTIONS learns all that the phone can do (§11.2)', () => {
    const [response = ''] = converse([write('OPTIONS', {})])
    for (const header of [
      'Allow: INVITE',
      'Accept: application/sdp',
      'Accept-Encoding:',
      'Accept-Language:',
      'Supported:',
    ]) {
      expect(response).toContain(header)
    }
  })
  it('that came on another way before is merged (§8.2.2.2)', () => {
    expect(lines([INVITE, INVITE.replace('bK1', 'bK2')])).toBe('180 INVITE, 482 INVITE')
  })
  it('may have its offer in the ACK (§13.2.1)', () => {
    const answered = write('ACK', { to: 'TAG', branch: 'ack', more: ['Content-Type: application/sdp'], body: SDP })
    const [ringing, ok = ''] = converse([
      write('INVITE', {}),
      'do answer',
      answered,
      write('BYE', { to: 'TAG', cseq: 2, branch: 'b' }),
    ])
    expect([line(ringing ?? ''), line(ok)]).toEqual(['180 INVITE', '200 INVITE'])
    expect(ok).toContain('m=audio 10000 RTP/AVP 0 8')
  })
  it('with a body that is optional, and not understood: as if it had none, the offer is the phone’s', () => {
    const more = ['Content-Type: text/plain', 'Content-Disposition: render;handling=optional']
    const [ringing, ok = ''] = converse([write('INVITE', { more, body: 'hello' }), 'do answer'])
    expect([line(ringing ?? ''), line(ok)]).toEqual(['180 INVITE', '200 INVITE'])
    expect(ok).toContain('m=audio 10000 RTP/AVP 0 8')
  })
  it('waits for what the phone must find out first: 100 after 200 ms, once (§17.2.1)', () => {
    const heard = converse([INVITE, ...Array<string>(9).fill(''), INVITE], { stun: '10.0.0.1' })
    expect(heard.map(line).filter((one) => one.endsWith('INVITE'))).toEqual(['100 INVITE', '180 INVITE', '180 INVITE'])
    expect(heard.find((text) => text.startsWith('SIP/2.0 100'))).not.toMatch(/To: .*tag=/)
  })
  it('with an offer in the 200 whose answer is none: hung up at once', () => {
    expect(lines([write('INVITE', {}), 'do answer', ACK], {})).toMatch(
      /^180 INVITE, 200 INVITE, (200 INVITE, )?undefined BYE/,
    )
  })
  it('with Expires: 487 when it has passed (§13.3.1)', () => {
    const invite = write('INVITE', { more: ['Expires: 1'] })
    expect(lines([invite, '', '', '', ''])).toMatch(/^180 INVITE, 487 INVITE/)
  })
})

describe('a request within a dialog', () => {
  const within = (method: string, cseq: number, branch: string) => write(method, { to: 'TAG', cseq, branch })

  it.each<[string, readonly string[], string]>([
    ['BYE', [within('BYE', 2, 'b')], '200 BYE'],
    ['out of order (§12.2.2)', [within('OPTIONS', 5, 'o'), within('BYE', 4, 'b')], '200 OPTIONS, 500 BYE'],
    ['with a gap', [within('BYE', 900, 'b')], '200 BYE'],
    [
      're-INVITE is refused, the call goes on',
      [within('INVITE', 2, 'r'), within('BYE', 3, 'b')],
      '488 INVITE, 200 BYE',
    ],
    ['after the end', [within('BYE', 2, 'b'), within('BYE', 3, 'c')], '200 BYE, 481 BYE'],
    ['UPDATE, not allowed yet', [within('UPDATE', 2, 'u')], '405 UPDATE'],
    ['of an unknown method', [within('DANCE', 2, 'u')], '501 DANCE'],
    [
      'CANCEL after the answer: answered, and without effect (§9.2)',
      [write('CANCEL', {}), within('BYE', 2, 'b')],
      '200 CANCEL, 200 BYE',
    ],
  ])('%s', (_name, requests, expected) => {
    const got = lines([INVITE, 'do answer', ACK, ...requests]).split(', ')
    expect(got.slice(0, 2).join(', ')).toBe('180 INVITE, 200 INVITE')
    expect(
      got
        .slice(2)
        .filter((one) => one !== '200 INVITE')
        .slice(0, expected.split(', ').length)
        .join(', '),
    ).toBe(expected)
  })
  it('INVITE while the first one is pending: 500 with Retry-After, and the first goes on (§14.2)', () => {
    const second = write('INVITE', {
      to: 'TAG',
      cseq: 2,
      branch: 'r',
      more: ['Content-Type: application/sdp'],
      body: SDP,
    })
    const heard = converse([INVITE, second, write('ACK', { to: 'TAG', cseq: 2, branch: 'r' }), 'do answer', ACK])
    expect(heard.map(line).join(', ')).toMatch(/^180 INVITE, 500 INVITE, (500 INVITE, )?200 INVITE/)
    expect(Number(/Retry-After: (\d+)/.exec(heard[1] ?? '')?.[1])).toBeLessThanOrEqual(10)
  })
  it('INVITE while the phone’s own is pending: 491 (§14.2)', () => {
    const tester: Tester = (text) => {
      if (!text.startsWith('INVITE')) return []
      const [call = '', from = ''] = [/Call-ID: (\S+)/, /From: .*;tag=(\S+)/].map((part) => part.exec(text)?.[1] ?? '')
      const glare = write('INVITE', { to: from, call, more: ['Content-Type: application/sdp'], body: SDP })
      return [reply(text, '180 Ringing', ['Contact: <sip:t@10.0.0.1>']), glare.replace(';tag=t', ';tag=r')]
    }
    expect(lines(['do call sip:t@10.0.0.1'], {}, tester)).toMatch(/^undefined INVITE, 491 INVITE/)
  })
  it('of a fork that has hung up: there is none any more, and the call goes on', () => {
    const tester: Tester = (text) => {
      if (!text.startsWith('INVITE')) return []
      const [call = '', from = ''] = [/Call-ID: (\S+)/, /From: .*;tag=(\S+)/].map((part) => part.exec(text)?.[1] ?? '')
      const ofFork = (method: string, cseq: number) =>
        write(method, { to: from, call, cseq, branch: method }).replace(';tag=t', ';tag=s')
      const ringing = reply(text, '180 Ringing', ['Contact: <sip:t@10.0.0.1>'])
      return [ringing, ringing.replace(';tag=r', ';tag=s'), ofFork('BYE', 1), ofFork('OPTIONS', 2)]
    }
    expect(lines(['do call sip:t@10.0.0.1', 'do cancel'], {}, tester)).toBe(
      'undefined INVITE, 200 BYE, 481 OPTIONS, undefined CANCEL',
    )
  })
  it('of a fork that has hung up, and whose 200 comes late: acknowledged and ended, it is not the call', () => {
    const tester: Tester = (text) => {
      if (text.startsWith('BYE')) return [reply(text, '200 OK')]
      if (!text.startsWith('INVITE')) return []
      const [call = '', from = ''] = [/Call-ID: (\S+)/, /From: .*;tag=(\S+)/].map((part) => part.exec(text)?.[1] ?? '')
      const bye = write('BYE', { to: from, call, branch: 'b' }).replace(';tag=t', ';tag=s')
      const contact = 'Contact: <sip:t@10.0.0.1>'
      const ofFork = (answer: string): string => answer.replace(';tag=r', ';tag=s')
      const ringing = reply(text, '180 Ringing', [contact])
      const late = ofFork(reply(text, '200 OK', [contact, 'Content-Type: application/sdp'], SDP))
      return [ringing, ofFork(ringing), bye, late]
    }
    // The INVITE has had its answer, which leaves no call: the phone is free again.
    const heard = converse(['do call sip:t@10.0.0.1', write('INVITE', { branch: 'n' })], {}, tester)
    expect(heard.map((text) => text.split('\r\n', 1)[0])).toEqual([
      'INVITE sip:t@10.0.0.1 SIP/2.0',
      'SIP/2.0 200 OK',
      'ACK sip:t@10.0.0.1 SIP/2.0',
      'BYE sip:t@10.0.0.1 SIP/2.0',
      'SIP/2.0 180 Ringing',
    ])
  })
  it('BYE while it rings ends the INVITE with 487 (§15.1.2)', () => {
    expect(lines([INVITE, within('BYE', 2, 'b')])).toMatch(/^180 INVITE, 200 BYE, 487 INVITE/)
  })
  it('CANCEL while it rings: 200 with the INVITE’s tag, and 487', () => {
    const heard = converse([INVITE, write('CANCEL', {})])
    expect(heard.map(line).slice(0, 3)).toEqual(['180 INVITE', '200 CANCEL', '487 INVITE'])
    expect(new Set(heard.slice(0, 3).map((text) => /To: .*tag=(\S+)/.exec(text)?.[1])).size).toBe(1)
  })
})
