// What ladders say of STUN.

import { expect, test } from 'vitest'
import { tellStun } from '../../experiments/ladder/stun.ts'
import { utf8Encode } from '../../platform/text.ts'
import type { Attribute } from '../../stack/stun/attributes.ts'
import { printStun } from '../../stack/stun/codec.ts'
import type { StunClass } from '../../stack/stun/message.ts'

test.each<[StunClass, readonly Attribute[], string]>([
  ['request', [], 'STUN request'],
  [
    'request',
    [{ name: 'CHANGE-REQUEST', value: { address: true, port: true } }],
    'STUN request (from the other address and port)',
  ],
  [
    'request',
    [{ name: 'CHANGE-REQUEST', value: { address: false, port: true } }],
    'STUN request (from the other port)',
  ],
  ['request', [{ name: 'CHANGE-REQUEST', value: { address: false, port: false } }], 'STUN request'],
  ['request', [{ name: 'RESPONSE-PORT', value: 9 }], 'STUN request (answer to port 9)'],
  ['request', [{ name: 'PADDING', value: 1500 }], 'STUN request (with 1500 bytes of padding)'],
  ['indication', [], 'STUN indication'],
  ['success', [{ name: 'XOR-MAPPED-ADDRESS', value: { address: '192.0.2.1', port: 9 } }], 'STUN: seen as 192.0.2.1:9'],
  ['success', [], 'STUN success'],
  ['error', [{ name: 'ERROR-CODE', value: { code: 401, reason: 'Unauthenticated' } }], 'STUN 401 Unauthenticated'],
])('%s %o: %s', (kind, attributes, text) => {
  const transaction = '0'.repeat(24)
  expect(tellStun(printStun({ class: kind, method: 1, transaction, attributes })).text).toBe(text)
})

test('what is no STUN after all', () => {
  expect(tellStun(utf8Encode('no STUN')).text).toBe('STUN, malformed')
})
