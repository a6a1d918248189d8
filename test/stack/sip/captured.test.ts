// SIP as others speak it: every message in the captures is read and survives, but for those that were made to be refused.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sipPayloads } from '../../captures/sipPayloads.ts'
import { data, testWith } from '../../data.ts'
import { survivor } from './survival.ts'

/** Captures of bad SIP, made to try parsers: what each of their messages is refused for. */
const REFUSED: Readonly<Record<string, string>> = {
  'tests__sip-header-multi-value__sip_header_multi_val.pcap': 'To', // two of them, as in RFC 4475 §3.3.8
  'testing__btest__Traces__sip__invalid-content-length.pcap': 'Content-Length', // no number, as in RFC 4475 §3.1.2.3
  'testing__btest__Traces__sip__sip-junk-before-request.pcap': 'Via', // hardly any headers, as in RFC 4475 §3.3.1
}

/** How many messages there are in all: a reader that finds none would have nothing to complain of. */
const AT_LEAST = 270

describe('captured messages', () => {
  const root = data('pcap')
  const files = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : []
  const captures = files.filter((name) => name.endsWith('.pcap')).sort()
  const payloads = captures.map(
    (name) => [name, sipPayloads(new Uint8Array(readFileSync(data(`pcap/${name}`))))] as const,
  )

  testWith('pcap')('are many', () => {
    expect(payloads.reduce((sum, [, messages]) => sum + messages.length, 0)).toBeGreaterThan(AT_LEAST)
  })

  for (const [name, messages] of payloads) {
    if (messages.length === 0) continue
    const file = name.slice(name.lastIndexOf('/') + 1)
    const refused = REFUSED[file]
    test(`${file}: ${messages.length} ${refused === undefined ? 'survive' : `refused for ${refused}`}`, () => {
      for (const bytes of messages)
        expect(survivor(bytes)).toMatchObject(refused === undefined ? { callId: expect.any(String) } : { at: refused })
    })
  }
})
