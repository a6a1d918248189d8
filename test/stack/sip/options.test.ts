// What a phone answers to OPTIONS: what it would to an INVITE, and all that it can do (RFC 3261 §11, RFC 3264 §9).

import { describe, expect, test } from 'vitest'
import { utf8Encode } from '../../../platform/text.ts'
import type { PhoneOptions } from '../../../stack/programs/phoneOptions.ts'
import { parseSdp } from '../../../stack/sdp/parse.ts'
import { ACK, converse, INVITE, line, write } from './converse.ts'

const OPTIONS = write('OPTIONS', { call: 'o', branch: 'o' })
const ask = (...more: string[]) => write('OPTIONS', { call: 'o', branch: 'o', more })
const within = write('OPTIONS', { to: 'TAG', cseq: 2, branch: 'o' })

/** The answers to OPTIONS. */
function answers(said: readonly string[], options: Partial<PhoneOptions> = {}): string[] {
  return converse(said, options).filter((text) => line(text).endsWith(' OPTIONS'))
}
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

test.each<[string, readonly string[], Partial<PhoneOptions>, readonly string[]]>([
  ['ready', [OPTIONS], {}, ['200 OPTIONS']],
  ['busy, as long as it rings', [INVITE, OPTIONS], {}, ['486 OPTIONS']],
  ['busy in a call', [INVITE, 'do answer', ACK, OPTIONS], {}, ['486 OPTIONS']],
  ['with a second line', [INVITE, OPTIONS], { lines: 2 }, ['200 OPTIONS']],
  ['that refuses everybody', [OPTIONS], { reject: 603 }, ['603 OPTIONS']],
  [
    'in a dialog that rings: of the dialog’s other side, whatever it would answer to others',
    [INVITE, within],
    {},
    ['200 OPTIONS'],
  ],
  ['in a call', [INVITE, 'do answer', ACK, within], {}, ['200 OPTIONS']],
  [
    'after the call',
    [
      INVITE,
      'do answer',
      ACK,
      write('BYE', { to: 'TAG', cseq: 2, branch: 'b' }),
      write('OPTIONS', { to: 'TAG', cseq: 3, branch: 'o' }),
    ],
    {},
    ['481 OPTIONS'],
  ],
])('%s', (_what, said, options, expected) => expect(answers(said, options).map(line)).toEqual(expected))

test('every answer says what the phone can do', () => {
  const said = [answers([OPTIONS]), answers([INVITE, within]), answers([INVITE, OPTIONS])].map(([text = '']) => text)
  for (const text of said)
    for (const header of [
      'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS',
      'Accept: application/sdp',
      'Accept-Encoding: identity',
      'Accept-Language: en',
      'Supported:',
    ])
      expect(text).toContain(`\r\n${header}`)
})

describe('the body', () => {
  test('has its codecs, and no port (RFC 3264 §9): nobody can take it for an offer', () => {
    const [text = ''] = answers([OPTIONS], { codecs: ['PCMA', 'PCMU'] })
    expect(text).toContain('\r\nContent-Type: application/sdp\r\n')
    const read = parseSdp(utf8Encode(bodyOf(text)))
    expect(read.ok && read.value.media.map(({ kind, port, formats }) => ({ kind, port, formats }))).toEqual([
      { kind: 'audio', port: 0, formats: ['8', '0'] },
    ])
    expect(bodyOf(text)).toContain('t=0 0\r\n')
  })

  test('within a dialog is the same, each time under a number of its own, and the dialog goes on', () => {
    const [one = '', other = ''] = answers([
      INVITE,
      'do answer',
      ACK,
      within,
      write('OPTIONS', { to: 'TAG', cseq: 3, branch: 'p' }),
    ])
    const origins = [one, other].map((text) => /^o=- (\d+) /m.exec(text)?.[1])
    expect(new Set([...origins, '1']).size).toBe(3) // the call's own is the first
    expect(bodyOf(one).replace(/^o=.*/m, '')).toBe(bodyOf(other).replace(/^o=.*/m, ''))
  })

  test.each([
    ['Accept: application/sdp', true],
    ['Accept: application/*;q=0.1, text/plain', true],
    ['Accept: text/plain', false],
    ['Accept: application/sdp;q=0, */*', false],
    ['Accept:', false],
  ])('%s: %s', (accept, isThere) => {
    const [text = ''] = answers([ask(accept)])
    expect([line(text), bodyOf(text) !== '']).toEqual(['200 OPTIONS', isThere])
  })

  test('is not in a refusal', () => expect(bodyOf(answers([OPTIONS], { reject: 486 })[0]!)).toBe(''))
})
