import { describe, expect, test } from 'vitest'
import { utf8Decode, utf8Encode } from '../../../platform/text.ts'
import { request, response } from '../../../stack/sip/message/build.ts'
import { change } from '../../../stack/sip/message/change.ts'
import { peekLabel } from '../../../stack/sip/message/label.ts'
import { parseMessage } from '../../../stack/sip/message/parse.ts'
import { print } from '../../../stack/sip/message/print.ts'
import { parseUri } from '../../../stack/sip/message/uri.ts'

const INVITE = `INVITE sip:bob@example.com SIP/2.0
v: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKp, SIP/2.0/UDP 192.168.1.10:5062;branch=z9hG4bKa;received=192.0.2.1
Max-Forwards: 70
Route: <sip:p1.example.com;lr>,<sip:p2.example.com;lr>
f: "Alice \\"A\\" Ямб" <sip:alice@example.com>;tag=1928
t: Bob the Builder <sip:bob@example.com>
i: a84b4c76e66710@pc33
CSeq: 314159 INVITE
m: <sip:alice@[2001:db8::1]:5070;transport=tcp>;q=0.5
Subject: one
  two
Content-Length: 4

v=0
`.replaceAll('\n', '\r\n')

function parsed(text: string) {
  const result = parseMessage(utf8Encode(text))
  if (!result.ok) throw new Error(`${result.issue.at}: ${result.issue.expected}`)
  return result.value
}

describe('a message', () => {
  test('gives its fields', () => {
    const message = parsed(INVITE)
    expect(message.kind === 'request' && [message.method, message.uri.user, message.uri.host]).toEqual([
      'INVITE',
      'bob',
      'example.com',
    ])
    expect(
      message.vias.map((via) => [via.host, via.port, via.parameters.get('branch'), via.parameters.get('received')]),
    ).toEqual([
      ['10.0.0.9', undefined, 'z9hG4bKp', undefined],
      ['192.168.1.10', 5062, 'z9hG4bKa', '192.0.2.1'],
    ])
    expect(message.from.display).toBe('Alice "A" Ямб')
    expect(message.from.parameters.get('tag')).toBe('1928')
    expect(message.to.display).toBe('Bob the Builder')
    expect(message.callId).toBe('a84b4c76e66710@pc33')
    expect(message.cseq).toEqual({ number: 314159, method: 'INVITE' })
    expect(message.routes.map((route) => route.uri.host)).toEqual(['p1.example.com', 'p2.example.com'])
    expect(message.contacts !== '*' && message.contacts.map(({ uri }) => [uri.host, uri.port])).toEqual([
      ['2001:db8::1', 5070],
    ])
    expect(message.first('s')).toBe('one two')
    expect(message.all('ROUTE')).toHaveLength(2)
    expect(utf8Decode(message.body)).toBe('v=0\r')
  })

  test('is printed as it came', () => {
    expect(utf8Decode(print(parsed(INVITE)))).toBe(INVITE.slice(0, -1))
  })

  test('is changed in places', () => {
    const uri = parseUri('sip:bob@10.0.0.2')
    if (!uri.ok) throw new Error('uri')
    const changed = change(parsed(INVITE), [
      { uri: uri.value },
      { prepend: 'Via', value: 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx' },
      { set: 'Max-Forwards', value: '69' },
      { removeFirst: 'Route' },
      { append: 'X-New', value: 'Ω' },
      { body: new Uint8Array(0) },
    ])
    expect(changed.vias).toHaveLength(3)
    expect(utf8Decode(print(changed))).toBe(
      INVITE.replace('bob@example.com SIP', 'bob@10.0.0.2 SIP')
        .replace('v: SIP', 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx\r\nv: SIP')
        .replace('Forwards: 70', 'Forwards: 69')
        .replace('<sip:p1.example.com;lr>,', '')
        .replace('Content-Length: 4\r\n\r\nv=0\r\n', 'Content-Length: 0\r\nX-New: Ω\r\n\r\n'),
    )
  })

  test('keeps the spelling of a Request-URI that is set to itself', () => {
    const message = parsed(INVITE.replace('sip:bob@example.com SIP', 'SIP:bob@Example.COM SIP'))
    if (message.kind !== 'request') throw new Error('no request')
    expect(print(change(message, [{ uri: message.uri }]))).toEqual(print(message))
    expect(utf8Decode(print(change(message, [{ uri: { ...message.uri, user: 'eve' } }])))).toContain(
      'INVITE sip:eve@Example.COM SIP/2.0',
    )
  })

  test('has a Contact of addresses or a star alone (RFC 3261 §20.10)', () => {
    const contacts = (...values: string[]): string => {
      const lines = values.map((value) => `m: ${value}\r\n`).join('')
      const result = parseMessage(utf8Encode(INVITE.replace(/m: .*\r\n/, lines)))
      if (!result.ok) return `${result.issue.at}: ${result.issue.expected}`
      return result.value.contacts === '*' ? '*' : `${result.value.contacts.length}`
    }
    expect(contacts('*')).toBe('*')
    expect(contacts('*', '* ')).toContain('Contact: * alone, or addresses, not "m: *')
    expect(contacts('<sip:a@b>', '*')).toContain('Contact: * alone')
    expect(contacts('*', '<sip:a@b>')).toContain('Contact: * alone')
    expect(contacts('<sip:a@b>', '*x <sip:c@d>, sip:e')).toBe('3')
  })

  test('has a head of at most 256 KiB, and any body', () => {
    const long = (bytes: number): string => `Subject: ${'x'.repeat(bytes)}\r\nContent-Length: 4`
    expect(parseMessage(utf8Encode(INVITE.replace('Content-Length: 4', `Organization: ${long(200_000)}`))).ok).toBe(
      true,
    )
    const refused = parseMessage(utf8Encode(INVITE.replace('Content-Length: 4', `Organization: ${long(262_144)}`)))
    expect(refused.ok ? '' : refused.issue.expected).toContain('headers of at most 262144 bytes')
    const body = INVITE.replace('Length: 4', 'Length: 300000') + 'y'.repeat(300_000)
    expect(parsed(body).body).toHaveLength(300_000)
  })

  test('is built, and labelled', () => {
    const uri = parseUri('sip:bob@10.0.0.2')
    if (!uri.ok) throw new Error('uri')
    const headers: [string, string][] = [
      ['Via', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx'],
      ['From', '<sip:a@b>;tag=1'],
      ['To', '<sip:c@d>'],
      ['Call-ID', 'x'],
      ['CSeq', '1 OPTIONS'],
    ]
    const made = request({ method: 'OPTIONS', uri: uri.value, headers })
    expect(peekLabel(print(made))).toEqual({ name: 'OPTIONS', call: 'x' })
    expect(peekLabel(print(response({ status: 200, headers })))).toEqual({ name: '200 OPTIONS', call: 'x' })
    expect(peekLabel(new Uint8Array([0x80, 0, 1]))).toBe(undefined)
    expect(() => request({ method: 'INVITE', uri: uri.value, headers })).toThrow('CSeq')
  })
})
