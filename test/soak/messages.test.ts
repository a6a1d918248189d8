// Damaged messages: any bytes are a message or an issue, and a message survives being printed and read again.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { explain } from '../../experiments/explain/explanation.ts'
import { printExplanation } from '../../experiments/explain/print.ts'
import { parseSdp } from '../../stack/sdp/parse.ts'
import { parseMessage } from '../../stack/sip/message/parse.ts'
import { print } from '../../stack/sip/message/print.ts'
import { damageBytes, pick, soakCount, soakStream } from './mutation.ts'

const WORDS = [
  ...[
    '\r\n',
    '\n',
    '\r',
    ' ',
    '\t',
    ';',
    ',',
    ':',
    '<',
    '>',
    '"',
    '\\',
    '%',
    '%00',
    '@',
    '[',
    ']',
    '::1',
    '\u0000',
    '\u00ff',
    'é',
  ],
  ...[
    'SIP/2.0',
    'INVITE',
    'sip:',
    'sips:',
    'tel:',
    'Via: ',
    'v: ',
    'Content-Length: 99999',
    'l: -1',
    'CSeq: 4294967296 INVITE',
  ],
  ...[
    ';branch=',
    ';tag=',
    ';lr',
    ';q=1.0001',
    '\r\n ',
    '\r\n\r\n',
    'Content-Type: multipart/mixed',
    'Contact: *',
    'a'.repeat(300),
  ],
]
const FOLDER = 'bench/corpus'
const originals = readdirSync(FOLDER).map((file) => new Uint8Array(readFileSync(`${FOLDER}/${file}`)))

describe('damaged messages', () => {
  test('are messages or issues, and messages survive print and parse', () => {
    const stream = soakStream('soak/messages')
    let messages = 0
    for (let n = soakCount(1_000_000); n > 0; n--) {
      const bytes = damageBytes(stream, pick(stream, originals), WORDS)
      const reading = parseMessage(bytes)
      if (!reading.ok) {
        expect(reading.issue.expected.length).toBeGreaterThan(0)
        continue
      }
      messages++
      const again = parseMessage(print(reading.value))
      expect(again.ok).toBe(true)
      if (again.ok) expect(print(again.value)).toEqual(print(reading.value))
      parseSdp(reading.value.body)
    }
    expect(messages).toBeGreaterThan(0)
  })

  test('are explained, in text that ends with a sentence and has no control characters', () => {
    const stream = soakStream('soak/explain')
    for (let n = soakCount(1_000_000); n > 0; n--) {
      const explanation = explain(damageBytes(stream, pick(stream, originals), WORDS))
      const printed = printExplanation(explanation)
      if (!printed.endsWith(`${explanation.summary}\n`) || /[\0-\x09\x0b-\x1f\x7f]/.test(printed))
        expect(printed).toBe(explanation.summary)
    }
  })
})
