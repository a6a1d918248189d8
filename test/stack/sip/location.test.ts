// Whose users a location table knows: the domain in any spelling.

import { expect, test } from 'vitest'
import { StaticLocations } from '../../../stack/sip/location.ts'
import { parseUri } from '../../../stack/sip/message/uri.ts'

test.each([
  ['Example.com', 'sip:bob@example.COM', true],
  ['example.com', 'sip:bob@example.org', false],
  ['192.0.2.5', 'sip:bob@192.0.2.5', true],
  ['2001:db8::5', 'sip:bob@[2001:db8::5]', true],
  ['[2001:db8::5]', 'sip:bob@[2001:DB8:0::5]', true],
  ['[2001:db8::5]', 'sip:bob@[2001:db8::6]', false],
])('%s is responsible for %s: %s', (domain, text, expected) => {
  const uri = parseUri(text)
  expect(uri.ok && new StaticLocations(domain, new Map()).isResponsible(uri.value)).toBe(expected)
})
