// Damaged captures: whatever is in a file, it is read to its end or to a packet, and never is anything thrown.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { captured } from '../captures/audited.ts'
import { inspect } from '../captures/inspect.ts'
import { data, testWith } from '../data.ts'
import { damageBytes, pick, soakCount, soakStream } from './mutation.ts'

const WORDS = [
  '\u0000\u0000\u0000\u0001',
  '\r\n\r\n',
  'SIP/2.0',
  'Content-Length: 99999',
  'GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n',
  '\u007f',
  'z9hG4bK',
]
const LARGEST = 50_000

describe('damaged captures', () => {
  testWith('pcap')('are read, as far as they can be', () => {
    const stream = soakStream('soak/captures')
    const originals = readdirSync(data('pcap'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /pcap(ng)?$/.test(file))
      .map((file) => new Uint8Array(readFileSync(data(join('pcap', file)))))
      .filter(({ length }) => length < LARGEST)
    // Of several points, with a NAT and a helper between them.
    for (const name of ['nat-idle', 'field/alg-corrupts', 'wrong-content-length']) {
      const pieces: Uint8Array[] = []
      captured(name, (bytes) => pieces.push(bytes))
      originals.push(new Uint8Array(Buffer.concat(pieces)))
    }
    for (let n = soakCount(100_000); n > 0; n--) {
      const found = inspect(damageBytes(stream, pick(stream, originals), WORDS))
      if (found.unreadable !== undefined) expect(found.unreadable.packet).toBe(found.packets + 1)
      expect(found.messages).toBeGreaterThanOrEqual(found.callRows.reduce((sum, row) => sum + row.messages, 0))
    }
  })
})
