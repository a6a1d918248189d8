import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import {
  canonicalAddress,
  inPrefix,
  isLoopback,
  parseAddress,
  parseCidr,
  printAddress,
} from '../../platform/address.ts'

const canonical = (text: string): string => canonicalAddress(text) ?? 'none'
const within = (prefix: string, text: string): boolean => {
  const cidr = parseCidr(prefix)
  const address = parseAddress(text)
  return cidr.ok && address.ok && inPrefix(cidr.value, address.value)
}

describe('an address is read and written in its one form', () => {
  it.each([
    ['192.168.1.10', '192.168.1.10'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['192.168.1', 'none'],
    ['192.168.1.256', 'none'],
    ['192.168.01.1', 'none'],
    ['1.2.3.4.5', 'none'],
    ['1.2.3.', 'none'],
    ['', 'none'],
    ['alice', 'none'],
    // RFC 5952 §4 and §5
    ['2001:0DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['fe80::', 'fe80::'],
    ['::ffff:c000:0201', '::ffff:192.0.2.1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['1:2:3:4:5:6:7:8:9', 'none'],
    ['1::2::3', 'none'],
    ['::12345', 'none'],
    ['192.0.2.1::', 'none'],
    ['1:2:3:4:5:6:7:8::', 'none'],
    [':1', 'none'],
    ['fe80::1%eth0', 'none'],
  ])('%s is %s', (text, expected) => expect(canonical(text)).toBe(expected))
})

describe('a prefix holds addresses', () => {
  it.each([
    ['192.168.1.10/24', '192.168.1.99', true],
    ['192.168.1.10/24', '192.168.2.10', false],
    ['10.0.0.0/9', '10.127.255.255', true],
    ['10.0.0.0/9', '10.128.0.0', false],
    ['0.0.0.0/0', '8.8.8.8', true],
    ['0.0.0.0/0', '::1', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['2001:db8::1/33', '2001:db8:7fff::', true],
    ['2001:db8::1/33', '2001:db8:8000::', false],
    ['::/128', '::', true],
    ['10.0.0.1/33', '10.0.0.1', false],
    ['10.0.0.1/', '10.0.0.1', false],
  ])('%s, %s: %s', (prefix, text, expected) => expect(within(prefix, text)).toBe(expected))
})

const bytes = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }).map((some) => Uint8Array.from(some)),
)

test.prop([bytes])('what is printed reads back', (address) => {
  const read = parseAddress(printAddress(address))
  expect(read.ok && [...read.value]).toEqual([...address])
})

test.prop([fc.string()])('no text throws, and what is accepted is canonical after one round', (text) => {
  const once = canonicalAddress(text)
  if (once !== undefined) expect(canonicalAddress(once)).toBe(once)
})

it('the loopback addresses are 127.0.0.0/8 and ::1', () => {
  const loops = ['127.0.0.1', '127.255.0.1', '::1', '128.0.0.1', '::', '1::1'].map((text) => {
    const parsed = parseAddress(text)
    return parsed.ok && isLoopback(parsed.value)
  })
  expect(loops).toEqual([true, true, true, false, false, false])
})
