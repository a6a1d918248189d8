// What RFC 3261 §25.1 allows in each header and start line, however odd, and what it does not.

import { describe, expect, test } from 'vitest'
import { utf8Encode } from '../../../platform/text.ts'
import { parseMessage } from '../../../stack/sip/message/parse.ts'

const BASE: Readonly<Record<string, string>> = {
  Via: 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1',
  From: '<sip:a@b>;tag=1',
  To: '<sip:b@c>',
  'Call-ID': 'x',
  CSeq: '1 INVITE',
  'Content-Length': '0',
}
const COMPACT: Readonly<Record<string, string>> = { v: 'Via', f: 'From', t: 'To', i: 'Call-ID', l: 'Content-Length' }

/** Where the parser finds a fault in a message with this line in the place of its header's; undefined: nowhere. */
function fault(line: string, start = 'INVITE sip:b@c SIP/2.0'): string | undefined {
  const name = line.split(':')[0]!.trim()
  const others = Object.entries(BASE).filter(([other]) => other !== (COMPACT[name] ?? name))
  const lines = [start, ...others.map(([other, value]) => `${other}: ${value}`), ...(line === '' ? [] : [line]), '', '']
  const reading = parseMessage(utf8Encode(lines.join('\r\n')))
  return reading.ok ? undefined : reading.issue.at
}

describe('legal', () => {
  test.each([
    'Via: SIP / 2.0 / UDP   10.0.0.1 : 5060 ; branch = z9hG4bK1 ; received = 10.0.0.2 ; rport',
    'Via: SIP/2.0/UDP [2001:db8::1]:5060;received=2001:db8::9;rport, SIP/2.0/TCP x.example.com;hidden;p="a,b;c"',
    'Via:\r\n SIP/2.0/UDP a;\r\n\tbranch=z9hG4bK1',
    'v:SIP/2.0/X-y.z a.example.com.;branch="quoted",sip/2.0/udp b',
    'From: "A \\"q\\" \\\\ B" <sip:a@b>;tag=1;x="y;z"',
    'From: A B C <sip:a@b> ; tag = 1',
    'From: sip:a@b;tag="1"',
    "f : !a%b*c_d+e`f'g~ <sip:a@b>",
    'From: "" <tel:+1-201-555-0123;phone-context=example.com>',
    'From: "Jürgen 日本" <urn:service:sos>;p=[2001:db8::1]',
    'To: "x"<http://x.y/z?a=b&c>',
    'Call-ID: !%*_+`\'~()<>:\\"/[]?{}@x',
    'CSeq: 0 INVITE',
    'CSeq:\t2147483647   INVITE',
    'l:0',
    'Max-Forwards: 0255',
    'm:*',
    'Contact: <sip:a@b>;q=0.5;expires=3600,"x, y" <sip:c@d>;q=1.000 , sip:e@f;q=0',
    'Contact: <sip:a@b>;+sip.instance="<urn:uuid:0>";reg-id=1',
    "Contact: <sip:a%20-_.!~*'()&=+$,;?/:p&=+$,w@b:5060;p=%41;lr?a=%20&z=>",
    'Route: "A, B" <sip:a;lr>;p="x,y" , <sip:b>',
    'Accept:',
    'Accept: application/sdp;level=1, */*;q=0.1',
    'Accept: text / * ; charset="a,b;" , application/*;q=0.5;x',
    'Content-Disposition: session ; handling = optional;x',
    'Content-Disposition: x-other',
    'Alert-Info: <http://www.example.com/sounds/moo.wav>;a=b, <x:y>',
    'Allow: INVITE,ACK , BYE',
    'k:',
    'Content-Type: application / sdp ; boundary="a b;c"',
    'Date: sat, 13 nov 2010 23:29:00 gmt',
    'Organization:',
    "Retry-After: 120 (I'm in (a) meeting)",
    's:\r\n a\r\n\t b',
    'Timestamp: 54.21 0.5',
    'User-Agent: Softphone Beta1.5 (x (y))',
    'Warning: 307 isi.edu "Session parameter \'foo\' not understood", 301 [::1]:5060 "x"',
    '!odd%name*: ;;,, "unbalanced',
  ])('%s', (line) => expect(fault(line)).toBeUndefined())

  test.each([
    'INVITE sip:+1-212-555-1212:1234@gateway.com;user=phone SIP/2.0',
    'INVITE sip:alice;day=tuesday@1host.a-b.c-d SIP/2.0',
    'INVITE SIP:[2001:db8::1]:5060;LR;p=[::1] sip/2.0',
    'INVITE tel:+1(201)555-0123;ext=1;phone-context=+44 SIP/2.0',
    'INVITE http://a.b/c?d SIP/2.0',
    'SIP/2.0 200 ',
    'sip/2.0 699 äö "d"',
  ])('%s', (start) => expect(fault('', start)).toBeUndefined())
})

describe('not legal', () => {
  test.each([
    ['Via: SIP/2.0/UDP a;;branch=x', 'Via'],
    ['Via: HTTP/1.1/UDP a', 'Via'],
    ['From: "unterminated <sip:a@b>;tag=1', 'From'],
    ['From: a, b <sip:a@b>;tag=1', 'From'],
    ['To: sip:b@c?x=y', 'To'],
    ['Call-ID: a@b@c', 'Call-ID'],
    ['CSeq: 1 BYE', 'CSeq'],
    ['CSeq: 4294967296 INVITE', 'CSeq'],
    ['Max-Forwards: 256', 'Max-Forwards'],
    ['Content-Length: 5', 'Content-Length'],
    ['Contact: *, <sip:a@b>', 'Contact'],
    ['Contact: <sip:a@b>\r\nContact: *', 'Contact'],
    ['Contact: sip:a@b, sip:c@d?x=y', 'Contact'],
    ['Date: 13 Nov 2010', 'Date'],
    ['Content-Type: application/sdp;', 'Content-Type'],
    ['Content-Type: application/sdp;;charset=x', 'Content-Type'],
    ['Content-Type: application/sdp, text/plain', 'Content-Type'],
    ['c: application/', 'Content-Type'],
    ['Content-Disposition: session;', 'Content-Disposition'],
    ['Content-Disposition: session;handling=', 'Content-Disposition'],
    ['Content-Disposition:', 'Content-Disposition'],
    ['Accept: application/sdp;', 'Accept'],
    ['Accept: *', 'Accept'],
    ['Require:', 'Require'],
    ['Proxy-Require: ', 'Proxy-Require'],
    ['e:', 'Content-Encoding'],
    ['Accept: application/sdp,', 'Accept'],
    ['Expires: -1', 'Expires'],
  ])('%s', (line, at) => expect(fault(line)).toBe(at))

  test.each([
    ['INVITE <sip:b@c> SIP/2.0', 'Request-URI'],
    ['INVITE sip:b@c?x=y SIP/2.0', 'Request-URI'],
    ['INVITE sip:b@c  SIP/2.0', 'start line'],
    ['INVITE sip:b@c SIP/2.0 ', 'start line'],
    ['INVITE sip:b@1.2.3.4.5 SIP/2.0', 'Request-URI'],
    ['INVITE sip:b%zz@c SIP/2.0', 'Request-URI'],
    ['SIP/2.0 99 x', 'start line'],
    ['SIP/2.0 700 x', 'start line'],
  ])('%s', (start, at) => expect(fault('', start)).toBe(at))
})
