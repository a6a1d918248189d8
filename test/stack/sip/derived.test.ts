// What a message says that was made of another is what its bytes say when they are read again.

import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answer } from '../../../stack/sip/message/answer.ts'
import { change, type Edit } from '../../../stack/sip/message/change.ts'
import type { Message } from '../../../stack/sip/message/message.ts'
import { parseMessage } from '../../../stack/sip/message/parse.ts'
import { print } from '../../../stack/sip/message/print.ts'

const FOLDER = 'bench/corpus'
const originals = readdirSync(FOLDER).map((file) => read(new Uint8Array(readFileSync(`${FOLDER}/${file}`))))

function read(bytes: Uint8Array): Message {
  const parsed = parseMessage(bytes)
  if (!parsed.ok) throw new Error(`${parsed.issue.at}: ${parsed.issue.expected}`)
  return parsed.value
}

/** All that elements ask of a message, each field by its name, in an order that a draw decides: what was read is kept. */
const FIELDS: readonly (readonly [name: string, say: (message: Message) => unknown])[] = [
  ['start', (message) => (message.kind === 'request' ? message.uri : [message.status, message.reason])],
  ['via', ({ via }) => via],
  ['vias', ({ vias }) => vias],
  ['from', ({ from }) => from],
  ['from tag', ({ fromTag }) => fromTag],
  ['to', ({ to }) => to],
  ['to tag', ({ toTag }) => toTag],
  ['call', ({ callId }) => callId],
  ['cseq', ({ cseq }) => cseq],
  ['hops', ({ maxForwards }) => maxForwards],
  ['contacts', ({ contacts }) => contacts],
  ['routes', ({ routes }) => routes],
  ['recorded', ({ recordRoutes }) => recordRoutes],
  ['type', ({ contentType }) => contentType],
  ['subject', (message) => message.first('s')],
  ['supported', (message) => message.all('Supported')],
  ['body', ({ body }) => body],
]
const fields = fc.shuffledSubarray([...FIELDS], { minLength: FIELDS.length })

/** What the fields say, in words: parameters are kept as they are first wanted, so objects are not compared. */
function said(message: Message, asked: typeof FIELDS): string {
  const plain = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'with' in value ? String(value) : value
  const words = asked.map(([name, say]) => [name, say(message)] as const)
  return JSON.stringify(
    words.sort(([one], [other]) => (one < other ? -1 : 1)),
    plain,
  )
}

const EDITS: readonly Edit[] = [
  { setFirst: 'Via', value: 'SIP/2.0/UDP p;branch=z9hG4bKp;received=192.0.2.1' },
  { prepend: 'Via', value: 'SIP/2.0/TCP q;branch=z9hG4bKq' },
  { set: 'From', value: '"Zoë" <sip:z@example.com>;tag=zz' },
  { set: 'To', value: '<sip:y@example.com>;tag=yy' },
  { set: 'Call-ID', value: 'another@example.com' },
  { set: 'Max-Forwards', value: '9' },
  { remove: 'Max-Forwards' },
  { set: 'Contact', value: '<sip:c@192.0.2.9>' },
  { remove: 'Contact' },
  { prepend: 'Route', value: '<sip:r;lr>' },
  { removeFirst: 'Route' },
  { prepend: 'Record-Route', value: '<sip:rr;lr>' },
  { remove: 'Subject' },
  { append: 'Supported', value: 'path' },
  { body: new Uint8Array([118, 61, 48]), contentType: 'text/plain' },
]

describe('a message made of another', () => {
  test('says what its bytes say, however often it was changed', () => {
    const edits = fc.array(fc.subarray([...EDITS], { maxLength: 4 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(fc.constantFrom(...originals), edits, fields, (original, rounds, asked) => {
        const changed = rounds.reduce((message, round) => change(message, round), original)
        expect(said(changed, asked)).toBe(said(read(print(changed)), asked))
      }),
    )
  })

  test('as a response says what its bytes say, with a tag or without', () => {
    const requests = originals.flatMap((message) => (message.kind === 'request' ? [message] : []))
    const status = fc.constantFrom(100, 180, 200, 486)
    fc.assert(
      fc.property(fc.constantFrom(...requests), status, fc.boolean(), fields, (request, number, tagged, asked) => {
        const stamped = change(request, [{ setFirst: 'Via', value: 'SIP/2.0/UDP p;branch=z9hG4bKp;rport=7' }])
        const headers = [['Contact', '<sip:bob@192.0.2.4>']] as const
        const response = answer(stamped, number, tagged ? { toTag: 'fresh', headers } : {})
        expect(said(response, asked)).toBe(said(read(print(response)), asked))
      }),
    )
  })
})
