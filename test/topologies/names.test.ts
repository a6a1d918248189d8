// Mistakes about names, sizes and headers in a topology are found where they stand, each with a sentence that says what to do.

import { expect, test } from 'vitest'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

const SOUND = `nodes:
  alice:
    kind: host
    address: 192.0.2.10/24
    gateway: r
    pathMtu: { discovery: on, lifetime: 5 min }
    reassembly: { timeout: 10 s, limit: 1 MiB }
    resolver: { servers: [198.51.100.53], timeout: 2 s, attempts: 1 }
    runs: { program: phone, aor: sip:alice@example.com, inviteHeaders: { User-Agent: Desk Phone 7 } }
  dns:
    kind: host
    address: 198.51.100.53/24
    gateway: r
    runs: { program: dns, zones: { example.com: { ttl: 60 s, records: [sip A 203.0.113.5] } } }
  r: { kind: router, fragments: first-only }
links:
  - { between: [alice, r], mtu: 1492 }
  - { between: [dns, r], up: { mtu: 9000 } }
`

function complaints(before: string, after: string): readonly string[] {
  expect(SOUND).toContain(before)
  const reading = readTopology(readYaml('t.yaml', SOUND.replace(before, after)))
  return reading.ok ? [] : reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)
}

const PROXY = `nodes:
  alice: { kind: host, address: 192.0.2.10/24, runs: { program: phone, aor: sip:alice@example.com, proxy: proxy } }
  proxy: { kind: host, address: 192.0.2.5/24, runs: { program: proxy, domain: example.com, users: { bob: [] } } }
links: [{ between: [alice, proxy] }]
`

test.each([
  ['proxy: proxy', 'proxy: prxy:5070', '2:107 a host that alice can find, not "prxy": did you mean proxy?'],
  ['proxy: proxy', 'proxy: elsewhere', undefined],
  [
    '{ program: phone, aor: sip:alice@example.com, proxy: proxy }',
    '{ program: load, to: proxy, rate: 999999999999 Gbps }',
    '2:88 a rate of at most 80 Gbps for packets of 1 kB: one each 100 ns',
  ],
  ['proxy: proxy', 'proxy: proxy, dscp: AF41', undefined],
  ['proxy: proxy', 'dscp: 64', '2:106 a whole number from 0 to 63'],
  ['proxy: proxy', 'answerAfter: 1 s, reject: 486', undefined],
  ['proxy: proxy', 'forwardTo: [sip:carol@example.com, sip:dave@example.com], redirects: report', undefined],
  ['proxy: proxy', 'forwardTo: sip:carol@example.com, reject: 301', undefined],
  ['proxy: proxy', 'forwardTo: []', '2:111 at least one URI'],
  ['proxy: proxy', 'redirects: never', '2:111 one of follow, report, not "never"'],
  [
    'proxy: proxy',
    'forwardTo: sip:carol@example.com, reject: 486',
    '2:142 a status from 300 to 399, such as 302: no other names whom to call instead',
  ],
  ['domain: example.com', 'domain: example.com, redirect: true', undefined],
  [
    'domain: example.com',
    'domain: example.com, redirect: true, recurse: true',
    '3:117 false, or no `redirect` beside it: a proxy that forwards nothing gets no 3xx to follow',
  ],
  [
    'program: phone, aor: sip:alice@example.com',
    'program: phones, count: 2, aor: sip:a*@example.com, transport: tcp, keepAlive: { by: stun }',
    '2:141 crlf: STUN keeps no TCP connection alive (RFC 5626 §4.4.2)',
  ],
  ['domain: example.com', 'domain: sip:example.com', '3:79 a domain such as example.com, not "sip:example.com"'],
  ['domain: example.com', 'domain: exa mple', '3:79 a domain such as example.com, not "exa mple"'],
  ['domain: example.com', 'domain: "[2001:db8::5]"', undefined],
  ['domain: example.com', 'domain: "2001:db8::5"', undefined],
  [
    'bob: []',
    'sip:bob@example.com: []',
    '3:101 a user such as bob, the part of a URI before its @, not "sip:bob@example.com"',
  ],
  ['users: { bob: [] }', 'algorithms: []', '3:104 at least one algorithm'],
  [
    'users: { bob: [] }',
    'challengeRequests: true',
    '3:111 false, or `passwords` beside it: without them nobody is challenged',
  ],
  ['users: { bob: [] }', 'registrar: { minimum: 2 d }', '3:114 at most the maximum, 1 d, not 2 d'],
  ['users: { bob: [] }', 'registrar: { maximum: 30 s }', '3:114 at least the minimum, 1 min, not 30 s'],
])('%s → %s', (before, after, expected) => {
  expect(PROXY).toContain(before)
  const reading = readTopology(readYaml('t.yaml', PROXY.replace(before, after)))
  expect(reading.ok ? undefined : reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)[0]).toBe(
    expected,
  )
})

test.each([
  ['ttl: 60 s', 'ttl: 1000000 d', '14:56 a TTL in whole seconds, at most 2147483647 s (RFC 2181 §8), not 1000000 d'],
  ['ttl: 60 s', 'negative: 400 ms', '14:61 a TTL in whole seconds, at most 2147483647 s (RFC 2181 §8), not 400 ms'],
  ['example.com: {', 'Example.com.: {}, example.com: {', '14:67 each zone once: Example.com. is the same'],
])('%s → %s', (before, after, expected) => expect(complaints(before, after)).toEqual([expected]))

test.each(['1000000000', '9007199254740991', '1e308'])('a STUN client that asks %s times is refused at once', (rc) => {
  const probe = `program: nat-probe, server: 192.0.2.5, timers: { rc: ${rc} }`
  const reading = readTopology(readYaml('t.yaml', PROXY.replace(/program: phone.*proxy: proxy/, probe)))
  expect(reading.ok ? [] : reading.mistakes.map(({ expected }) => expected)).toEqual(['a whole number from 1 to 20'])
})

test('the sound one has none', () => expect(complaints('alice', 'alice')).toEqual([]))

test.each([
  [
    'User-Agent: Desk Phone 7',
    'Priority: not so urgent',
    '9:84 what Priority can hold in an INVITE: the end of the line, not "so urgent"',
  ],
  [
    'User-Agent: Desk Phone 7',
    'Subject: [a, b]',
    '9:83 what Subject can hold in an INVITE: this header once only, not "Subject: b"',
  ],
  [
    'User-Agent: Desk Phone 7',
    'Subject: a, s: b',
    '9:89 what Subject can hold in an INVITE: this header once only, not "s: b"',
  ],
  ['mtu: 1492', 'mtu: 67', '17:33 a whole number from 68 to 65535'],
  ['mtu: 1492', 'mtu: 1492 B', '17:33 a whole number from 68 to 65535'],
  ['address: 192.0.2.10/24\n    gateway: r', 'addresses: [192.0.2.10/24, "2001:db8::1/64"]\n    gateway: r', []],
  ['discovery: on', 'discovery: yes', '6:27 one of off, on, strict, not "yes"'],
  ['lifetime: 5 min', 'lifetime: 5', '6:41 a duration such as 20 ms: "5" has no unit (d, h, min, s, ms, µs, ns)'],
  ['limit: 1 MiB', 'limit: 1 MB/s', '7:41 a size such as 64 kB: there is no unit "MB/s" (did you mean MB?)'],
  ['[198.51.100.53]', '[dns]', '8:27 the address of a DNS server such as 203.0.113.53, not "dns"'],
  ['[198.51.100.53]', '[]', '8:26 at least one server'],
  ['attempts: 1', 'attempts: 0', '8:67 a whole number from 1 to 100'],
  ['User-Agent: Desk Phone 7', 'Expires: 30', []],
  ['User-Agent: Desk Phone 7', 'Expires: -1', '9:83 what Expires can hold in an INVITE: seconds, 0 or more, not "-1"'],
  ['User-Agent: Desk Phone 7', 'Subject: { a: b }', '9:83 a line of text, or a number, or a list, not a map'],
  [
    'User-Agent: Desk Phone 7',
    'Expires: soon',
    '9:83 what Expires can hold in an INVITE: seconds, 0 or more, not "soon"',
  ],
  ['User-Agent: ', 'Via: ', '9:74 a header that the phone does not write itself, not Via'],
  ['User-Agent: ', '"User Agent": ', '9:74 a header\'s name such as User-Agent, not "User Agent"'],
  ['Desk Phone 7', '"a\\nb"', '9:86 one line of text, without control characters'],
  ['sip A 203.0.113.5', 'sip A 203.0.113', '14:72 A with an IPv4 address, not "203.0.113"'],
  [
    'sip A 203.0.113.5',
    'sip MX 10 mail',
    '14:72 a line such as "www 60 A 192.0.2.1", of a type A, AAAA, NS, CNAME, PTR, TXT, SOA, SRV, NAPTR',
  ],
  [
    'sip A 203.0.113.5',
    'www.a.org. A 203.0.113.5',
    '14:72 a name in example.com, not www.a.org: its server has no such zone',
  ],
  [
    'sip A 203.0.113.5',
    'sip A 203.0.113.5, sip CNAME www',
    '14:91 an alias alone: sip.example.com has other lines as well',
  ],
  ['example.com: { ttl', 'example..com: { ttl', '14:36 a domain name such as sip.example.com, not "example..com"'],
  ['first-only', 'some', '15:33 one of pass, first-only, drop, not "some"'],
] as const)('%s → %s', (before, after, expected) => {
  expect(complaints(before, after)).toEqual(typeof expected === 'string' ? [expected] : expected)
})

test('IPv6 needs 1280 bytes on every link', () => {
  const six = SOUND.replace('address: 192.0.2.10/24', 'addresses: [192.0.2.10/24, "2001:db8::1/64"]')
  const reading = readTopology(readYaml('t.yaml', six.replace('mtu: 1492', 'mtu: 1279')))
  expect(reading.ok ? [] : reading.mistakes.map(({ expected }) => expected)).toEqual([
    'an MTU of 1280 or more, as IPv6 needs (RFC 8200 §5) and alice has IPv6, not 1279',
  ])
})
