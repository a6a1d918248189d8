// The messages of the RFCs' figures. They were drawn by hand: what stands in the way of a strict reader is mended here, by rules
// that are each needed, and nowhere else. Every message is then read and survives printing.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { latin1Decode, latin1Encode } from '../../../platform/text.ts'
import { data, testWith } from '../../data.ts'
import { survivor } from './survival.ts'

/** Slips of the pen: where, what is wrong, and how it is put right. */
const SLIPS: readonly (readonly [why: string, wrong: RegExp, right: string])[] = [
  ['a Request-URI without its scheme (RFC 3666 §3.2, §3.5, §3.6)', /^([A-Z]+) bob@/, '$1 sip:bob@'],
  [
    'an address without its scheme (RFC 3261 §23.4.2, RFC 3666 §2.3, RFC 5626 §9.1)',
    /<(?=(ss1|bob@|alice@|anonymous@))/g,
    '<sip:',
  ],
  ['a list that ends in a comma (RFC 3665 §3.10, RFC 7118 §8.2)', /,\r\n(?![ \t])/g, '\r\n'],
  ['a bracket too many (RFC 3666 §2.3)', />;user=phone>/, ';user=phone>'],
  ['a semicolon too many (RFC 5626 §3.2)', /;\r\n ;/, '\r\n ;'],
  ['a semicolon too few (RFC 3261 §23.3)', /(\r\nContent-Disposition: [^;]*;[^;]*\S)(?=\r\n +handling=)/, '$1;'],
  ['a URI broken for the page’s width (RFC 7118 §8.2)', /(<[^>\r\n]*)\r\n[ \t]+/g, '$1'],
  [
    'the CSeq of another method (RFC 5589 §6.1, §6.2)',
    /^([A-Z]+)( sips:[\s\S]*\r\nCSeq: \d+) (?!\1\r)[A-Z]+/,
    '$1$2 $1',
  ],
]

/** Figures that show only what they are about are completed with what every message has. */
const COMPLETED = [
  ['Via', 'SIP/2.0/UDP host.example.com;branch=z9hG4bKfigure'],
  ['From', '<sip:caller@example.com>;tag=figure'],
  ['To', '<sip:callee@example.com>'],
  ['Call-ID', 'figure@example.com'],
  ['CSeq', '1 METHOD'],
] as const

/** One message is drawn to be refused: an IPv6 address without brackets (RFC 5118 §4.2). */
const REFUSED = 'rfc5118/002_sec4.2.sip'

const used = new Set<string>()

function mended(bytes: Uint8Array): Uint8Array {
  let text = latin1Decode(bytes)
  for (const [why, wrong, right] of SLIPS) {
    const mended = text.replace(wrong, right)
    if (mended !== text) used.add(why)
    text = mended
  }
  const end = text.indexOf('\r\n\r\n') < 0 ? text.length : text.indexOf('\r\n\r\n') + 2
  let head = text.slice(0, end)
  const body = text.slice(end + 2)
  const method = /^SIP/.test(head) ? 'INVITE' : head.slice(0, head.indexOf(' '))
  for (const [name, value] of COMPLETED)
    if (!new RegExp(`\r\n${name}[ \t]*:`, 'i').test(head)) {
      used.add(`no ${name}`)
      head += `${name}: ${value.replace('METHOD', method)}\r\n`
    }
  // Content-Length is `...`, or counts a body that the figure leaves out or that was edited later.
  head = head.replace(/(\r\nContent-Length:) *(.*)/i, (line, name: string, length: string) => {
    if (Number(length) === body.length) return line
    used.add('Content-Length')
    return `${name} ${body.length}`
  })
  return latin1Encode(`${head}\r\n${body}`)
}

describe('messages of the figures', () => {
  const root = data('callflows')
  const all = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : []
  const files = all.filter((name) => name.endsWith('.sip')).sort()

  testWith('callflows')('are many', () => expect(files.length).toBeGreaterThan(400))

  const folders = [...new Set(files.map((name) => name.slice(0, name.indexOf('/'))))]
  test.each(folders)('%s', (folder) => {
    for (const name of files.filter((file) => file.startsWith(`${folder}/`))) {
      const found = survivor(mended(new Uint8Array(readFileSync(data(`callflows/${name}`)))))
      const wanted = name === REFUSED ? { at: 'Request-URI' } : { callId: expect.any(String) }
      expect(found, name).toMatchObject(wanted)
    }
  })

  testWith('callflows')('every rule of mending was needed', () => {
    const rules = [...SLIPS.map(([why]) => why), ...COMPLETED.map(([name]) => `no ${name}`), 'Content-Length']
    expect([...used].sort()).toEqual(rules.sort())
  })
})
