import { expect, test } from 'vitest'
import { addressIn, printEndpoint } from '../../platform/endpoint.ts'

test.each([
  ['192.0.2.1', 5060, '192.0.2.1:5060'],
  ['2001:db8::1', 5060, '[2001:db8::1]:5060'],
  ['::', 1, '[::]:1'],
])('%s and %d are %s, and back', (address, port, text) => {
  expect(printEndpoint({ address, port })).toBe(text)
  expect(addressIn(text)).toBe(address)
})
