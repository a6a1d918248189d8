// Where requests go, by what DNS says (RFC 3263 §4), in one line each.

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { DnsRecord } from '../../../../platform/host.ts'
import { RandomStreams } from '../../../../platform/random.ts'
import { Network } from '../../../../sim/network/network.ts'
import { parseUri } from '../../../../stack/sip/message/uri.ts'
import { type Located, locate } from '../../../../stack/sip/transport/locate.ts'
import { inOrder, type SrvRecord } from '../../../../stack/sip/transport/weights.ts'

const a = (address: string): DnsRecord => ({ type: 'A', ttlSeconds: 60, address })
const srv = (priority: number, weight: number, port: number, target: string): SrvRecord => {
  return { type: 'SRV', ttlSeconds: 60, priority, weight, port, target }
}
const naptr = (order: number, preference: number, service: string, replacement: string, flags = 's'): DnsRecord => {
  return { type: 'NAPTR', ttlSeconds: 60, order, preference, flags, service, regexp: '', replacement }
}

/** The places of a URI, where names have these records; or why there are none. */
function places(
  text: string,
  names: Readonly<Record<string, readonly DnsRecord[]>>,
  preferred: 'udp' | 'tcp' = 'udp',
): string {
  const network = new Network({ seed: '1', level: 'counters', classify: () => ({ name: '', media: false }), sinks: [] })
  network.host('alice', { interfaces: [{ address: '192.0.2.10/24' }, { address: '2001:db8::10/64' }] })
  for (const [name, records] of Object.entries(names)) network.names.set(name, records)
  network.seal()
  const uri = parseUri(text)
  if (!uri.ok) throw new Error(uri.issue.expected)
  let said = 'nothing yet'
  const found: Located = (all, why) => {
    said = all.length === 0 ? why : all.map(({ address, port }) => `${address}:${port}`).join(' ')
  }
  locate(network.hostOf('alice'), uri.value, found, preferred)
  network.run()
  return said
}

const ONE = { 'p1.example.com': [a('203.0.113.1')], 'p2.example.com': [a('203.0.113.2'), a('203.0.113.3')] }
const SRV = {
  'example.com': [],
  '_sip._udp.example.com': [srv(2, 0, 5070, 'p2.example.com'), srv(1, 0, 5060, 'p1.example.com')],
}

describe('a URI leads to', () => {
  test.each<[string, string, Parameters<typeof places>[1]]>([
    ['sip:bob@203.0.113.9', '203.0.113.9:5060', {}],
    ['sip:bob@203.0.113.9:5080', '203.0.113.9:5080', {}],
    ['sip:bob@example.com;maddr=203.0.113.8', '203.0.113.8:5060', {}],
    ['sip:bob@example.com;maddr=[2001:DB8::1]', '2001:db8::1:5060', {}],
    ['sip:bob@203.0.113.9:0', 'nobody listens on port 0', {}],
    ['sips:bob@203.0.113.9', 'TLS is not spoken here', {}],
    ['sip:bob@203.0.113.9;transport=TLS', 'tls is not spoken here', {}],
    ['tel:+123', 'a tel URI has no host', {}],
    ['mailto:bob@203.0.113.9', 'a mailto URI has no host', {}],
    ['sip:p2.example.com', '203.0.113.2:5060 203.0.113.3:5060', ONE],
    [
      'sip:p2.example.com:5090',
      '203.0.113.2:5090 203.0.113.3:5090',
      { ...ONE, '_sip._udp.p2.example.com': [srv(1, 1, 1, 'p1.example.com')] },
    ],
    ['sip:bob@example.com', '203.0.113.1:5060 203.0.113.2:5070 203.0.113.3:5070', { ...ONE, ...SRV }],
    [
      'sip:bob@example.com;transport=udp',
      '203.0.113.1:5060 203.0.113.2:5070 203.0.113.3:5070',
      { ...ONE, ...SRV, 'example.com': [naptr(1, 1, 'SIP+D2U', '_other')] },
    ],
    [
      'sip:bob@example.com',
      '203.0.113.1:5061',
      {
        ...ONE,
        'example.com': [naptr(20, 1, 'SIP+D2U', '_b'), naptr(10, 2, 'sip+d2u', '_a'), naptr(1, 1, 'SIP+D2T', '_c')],
        _a: [srv(1, 1, 5061, 'p1.example.com')],
      },
    ],
    [
      'sip:bob@example.com',
      '203.0.113.1:5060',
      { ...ONE, 'example.com': [naptr(1, 1, 'SIP+D2U', 'p1.example.com', 'A')] },
    ],
    [
      'sip:bob@example.com',
      '203.0.113.1:5060 203.0.113.2:5070 203.0.113.3:5070',
      { ...ONE, ...SRV, 'example.com': [naptr(1, 1, 'SIPS+D2T', '_tls')] },
    ],
    ['sip:bob@example.com', 'no such service', { 'example.com': [], '_sip._udp.example.com': [srv(0, 0, 0, '.')] }],
    ['sip:bob@example.com', 'no such name', ONE],
    ['sip:bob@example.com', 'no such record', { 'example.com': [] }],
    [
      'sip:bob@example.com',
      '203.0.113.1:5060',
      {
        ...ONE,
        'example.com': [],
        '_sip._udp.example.com': [srv(1, 0, 5060, 'gone.example.com'), srv(2, 0, 5060, 'p1.example.com')],
      },
    ],
    [
      'sip:six.example.com',
      '2001:db8::6:5060',
      { 'six.example.com': [{ type: 'AAAA', ttlSeconds: 60, address: '2001:db8::6' }] },
    ],
  ])('%s: %s', (text, expected, names) => expect(places(text, names)).toBe(expected))
})

test('who speaks TCP asks for servers of TCP', () => {
  const both = [naptr(1, 1, 'SIP+D2U', '_u'), naptr(2, 1, 'SIP+D2T', '_t')]
  const names = {
    ...ONE,
    'example.com': both,
    _t: [srv(1, 1, 5061, 'p1.example.com')],
    _u: [srv(1, 1, 5062, 'p1.example.com')],
  }
  expect(places('sip:bob@example.com', names, 'tcp')).toBe('203.0.113.1:5061')
  expect(places('sip:bob@example.com', names, 'udp')).toBe('203.0.113.1:5062')
  const plain = { ...ONE, 'example.com': [], '_sip._tcp.example.com': [srv(1, 1, 5063, 'p1.example.com')] }
  expect(places('sip:bob@example.com', plain, 'tcp')).toBe('203.0.113.1:5063')
})

describe('the order of SRV records', () => {
  const host = (seed: string) => {
    const stream = new RandomStreams(seed).take('srv')
    return { random: () => stream }
  }

  test('is by priority, and within one by weight: three times the weight is first three times as often', () => {
    let first = 0
    const one = host('1')
    const records = [srv(1, 75, 1, 'a'), srv(1, 25, 1, 'b'), srv(2, 99, 1, 'c')]
    for (let i = 0; i < 4000; i++) {
      const order = inOrder(records, one)
      expect(order[2]!.target).toBe('c')
      if (order[0]!.target === 'a') first++
    }
    expect(Math.abs(first / 4000 - 75 / 101 - 0.5 / 101)).toBeLessThan(0.03)
  })

  test('has every record once, whatever they say (law)', () => {
    const record = fc.record({
      priority: fc.nat(3),
      weight: fc.nat(100),
      port: fc.nat(65535),
      target: fc.constantFrom('a', 'b', 'c'),
    })
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.nat().map(String), (some, seed) => {
        const records = some.map(({ priority, weight, port, target }) => srv(priority, weight, port, target))
        const order = inOrder(records, host(seed))
        expect(new Set(order)).toEqual(new Set(records))
        expect(order).toHaveLength(records.length)
        expect(order.map(({ priority }) => priority)).toEqual(
          records.map(({ priority }) => priority).sort((x, y) => x - y),
        )
      }),
    )
  })
})
