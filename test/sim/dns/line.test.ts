// Lines of a zone file, read or refused.

import { expect, test } from 'vitest'
import { parseLine } from '../../../sim/dns/line.ts'

const read = (line: string): unknown => {
  const parsed = parseLine(line, { origin: 'example.com', ttlSeconds: 300 })
  return parsed.ok ? parsed.value : parsed.issue.expected
}

test.each([
  ['@ A 192.0.2.1', { name: 'example.com', ttlSeconds: 300, type: 'A', address: '192.0.2.1' }],
  [
    'www 60 IN aaaa 2001:db8::1 ; the web',
    { name: 'www.example.com', ttlSeconds: 60, type: 'AAAA', address: '2001:db8::1' },
  ],
  ['a.example.org. CNAME b', { name: 'a.example.org', ttlSeconds: 300, type: 'CNAME', target: 'b.example.com' }],
  ['@ NS .', { name: 'example.com', ttlSeconds: 300, type: 'NS', target: '.' }],
  ['@ TXT "v=spf1 -all; no" x', { name: 'example.com', ttlSeconds: 300, type: 'TXT', texts: ['v=spf1 -all; no', 'x'] }],
  [
    '_sips._tcp SRV 10 60 5061 sip.example.net.',
    {
      name: '_sips._tcp.example.com',
      ttlSeconds: 300,
      type: 'SRV',
      priority: 10,
      weight: 60,
      port: 5061,
      target: 'sip.example.net',
    },
  ],
  [
    '@ NAPTR 10 50 "s" "SIP+D2U" "" _sip._udp',
    {
      ...{ name: 'example.com', ttlSeconds: 300, type: 'NAPTR', order: 10, preference: 50, flags: 's' },
      ...{ service: 'SIP+D2U', regexp: '', replacement: '_sip._udp.example.com' },
    },
  ],
  [
    '@ SOA ns hostmaster 1 2 3 4 5',
    {
      ...{
        name: 'example.com',
        ttlSeconds: 300,
        type: 'SOA',
        primary: 'ns.example.com',
        mailbox: 'hostmaster.example.com',
      },
      ...{ serial: 1, refreshSeconds: 2, retrySeconds: 3, expireSeconds: 4, minimumSeconds: 5 },
    },
  ],
  ['www IN 60 A 192.0.2.1', { name: 'www.example.com', ttlSeconds: 60, type: 'A', address: '192.0.2.1' }],
])('%s', (line, record) => expect(read(line)).toEqual(record))

const TYPES = 'a line such as "www 60 A 192.0.2.1", of a type A, AAAA, NS, CNAME, PTR, TXT, SOA, SRV, NAPTR'
test.each([
  ['', TYPES],
  ['www', TYPES],
  ['www MX 10 mail', TYPES],
  ['www 4294967296 A 192.0.2.1', 'a TTL of 2147483647 s at most, not 4294967296'],
  ['www A 192.0.2.256', 'A with an IPv4 address, not "192.0.2.256"'],
  ['www A 2001:db8::1', 'A with an IPv4 address, not "2001:db8::1"'],
  ['www AAAA 192.0.2.1', 'AAAA with an IPv6 address, not "192.0.2.1"'],
  [
    '_sip._udp SRV 10 60 5060 192.0.2.1',
    'SRV with a name for its target and no address (RFC 2782), not "10 60 5060 192.0.2.1"',
  ],
  ['www CNAME 192.0.2.1', 'CNAME with a name and no address, not "192.0.2.1"'],
  ['www PTR 192.0.2.1', 'PTR with a name and no address, not "192.0.2.1"'],
  ['www IN 60 IN A 192.0.2.1', TYPES],
  ['_sip._udp SRV 10 60 sip', 'SRV with priority, weight, port and target, not "10 60 sip"'],
  ['_sip._udp SRV 10 60 99999 sip', 'SRV with priority, weight, port and target, not "10 60 99999 sip"'],
  [
    '@ NAPTR 10 50 "s" "SIP+D2U" _sip._udp',
    'NAPTR with order, preference, "flags", "service", "regexp" and replacement, not "10 50 s SIP+D2U _sip._udp"',
  ],
  ['@ TXT "open', 'a quote at the end of each quoted text'],
  ['a..b A 192.0.2.1', 'a domain name such as sip.example.com, not "a..b.example.com"'],
])('%s is refused', (line, expected) => expect(read(line)).toBe(expected))
