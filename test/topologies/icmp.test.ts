import { describe, expect, test } from 'vitest'
import { ErrorLimits } from '../../sim/network/errorLimits.ts'
import { errorLimitsOf, icmp } from '../../topologies/icmp.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

/** The complaints about a network in which each kind of node says `icmp: …`, as `line:column sentence`. */
function complaints(host: string, router = 'linux', nat = 'cisco', firewall = 'rfc4443'): readonly string[] {
  const text = `nodes:
  a: { icmp: ${host}, kind: host, address: 10.0.1.10/24, gateway: n }
  n: { icmp: ${nat}, kind: nat, inside: 10.0.1.1/24, outside: 192.0.2.1/24 }
  r: { icmp: ${router}, kind: router }
  f: { icmp: ${firewall}, kind: firewall, inside: 10.2.0.1/24 }
  b: { kind: host, address: 10.2.0.10/24, gateway: f }
links:
  - { between: [a, n] }
  - { between: [n, r] }
  - { between: [r, f] }
  - { between: [f, b] }
`
  const reading = readTopology(readYaml('t.yaml', text))
  return reading.ok ? [] : reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)
}

describe('what a node says of ICMP', () => {
  test.each([
    ['linux'],
    ['{ every: 500 ms }'],
    ['{ every: 1 h, burst: 1000, per: destination, of: [port unreachable], version: 6 }'],
    ['[{ every: 1 s, burst: 6, per: destination }, { every: 1 ms, burst: 50 }]'],
  ])('%s is sound', (text) => expect(complaints(text)).toEqual([]))

  test.each([
    ['{ every: 0 s }', '2:23 a time from 1 ns to 1 h after which the next error may be sent, not 0 s (in whole ns)'],
    ['{ every: 2 h }', '2:23 a time from 1 ns to 1 h after which the next error may be sent, not 2 h'],
    ['{ every: -1 s }', '2:23 a duration of zero or more, not -1 s'],
    ['{ every: 5 }', '2:23 a duration such as 20 ms: "5" has no unit (d, h, min, s, ms, µs, ns)'],
    ['{ every: 5 kB }', '2:23 a duration such as 20 ms: "5 kB" is a size'],
    ['{ every: 1 s, burst: 0 }', '2:35 a whole number from 1 to 1000'],
    ['{ every: 1 s, burst: 2.5 }', '2:35 a whole number from 1 to 1000'],
    ['{ burst: 6 }', '2:8 `every` is missing here'],
    ['{ every: 1 s, rate: 6 }', '2:28 there is no key "rate" here: one of every, burst, per, of, version'],
    ['{ every: 1 s, per: host }', '2:33 one of node, destination, not "host"'],
    [
      '{ every: 1 s, of: [] }',
      '2:32 at least one of network unreachable, host unreachable, port unreachable, administratively prohibited, fragmentation needed, time exceeded, reassembly time exceeded',
    ],
    [
      '{ every: 1 s, of: [port unreachble] }',
      '2:33 one of network unreachable, host unreachable, port unreachable, administratively prohibited, fragmentation needed, time exceeded, reassembly time exceeded, not "port unreachble": did you mean port unreachable?',
    ],
    ['{ every: 1 s, version: 5 }', '2:37 one of 4, 6, not 5'],
    [
      '{ every: 1 s, of: [port unreachable, time exceeded] }',
      '2:51 an error that this host sends: port unreachable or reassembly time exceeded; "time exceeded" is what routers and boxes say',
    ],
    [
      '[{ every: 1 s }, { every: 1 s, of: [host unreachable] }]',
      '2:50 an error that this host sends: port unreachable or reassembly time exceeded; "host unreachable" is what routers and boxes say',
    ],
    ['linus', '2:14 one of linux, cisco, rfc4443, or a map of keys and values, or a list, not "linus"'],
    ['[]', '2:14 at least one limit'],
    ['[linux]', '2:15 a limit such as { every: 500 ms }: a preset stands alone, not in a list'],
    ['[{ every: 1 s }, cisco]', '2:31 a limit such as { every: 500 ms }: a preset stands alone, not in a list'],
    ['""', '2:14 one of linux, cisco, rfc4443, or a map of keys and values, or a list, not ""'],
    ['', '2:14 one of linux, cisco, rfc4443, or a map of keys and values, or a list, not nothing'],
    ['{ every: 0.4 ns }', '2:23 a time from 1 ns to 1 h after which the next error may be sent, not 0 s (in whole ns)'],
  ])('%s is not', (text, complaint) => expect(complaints(text)).toEqual([complaint]))

  test('routers, NATs and firewalls may limit what hosts may not', () => {
    const some = '{ every: 1 s, of: [time exceeded, host unreachable] }'
    expect(complaints('linux', some, some, some)).toEqual([])
  })

  test.each([
    [
      'router',
      'administratively prohibited',
      '4:34 an error that this router sends: network unreachable, host unreachable, fragmentation needed or time exceeded; "administratively prohibited" needs an `unreachable:` that says so',
    ],
    [
      'router',
      'port unreachable',
      '4:34 an error that this router sends: network unreachable, host unreachable, fragmentation needed or time exceeded; "port unreachable" needs an `unreachable:` that says so, or an address of its own',
    ],
    [
      'router',
      'reassembly time exceeded',
      '4:34 an error that this router sends: network unreachable, host unreachable, fragmentation needed or time exceeded; "reassembly time exceeded" needs an address of its own',
    ],
    [
      'nat',
      'administratively prohibited',
      '3:34 an error that this NAT sends: network unreachable, host unreachable, port unreachable, fragmentation needed, time exceeded or reassembly time exceeded; "administratively prohibited" is what routers and firewalls say',
    ],
    [
      'firewall',
      'administratively prohibited',
      '5:34 an error that this firewall sends: network unreachable, host unreachable, port unreachable, fragmentation needed, time exceeded or reassembly time exceeded; "administratively prohibited" needs a rule that rejects',
    ],
  ])('a %s that limits "%s" is told that it never says so', (kind, why, complaint) => {
    const limit = `[{ every: 1 s, of: [${why}] }]`
    const of = (one: string): string => (one === kind ? limit : 'linux')
    expect(complaints('linux', of('router'), of('nat'), of('firewall'))).toEqual([complaint])
  })

  test('what a router is told to refuse, its own ports and what a firewall rejects can be limited', () => {
    const limit = '{ every: 1 s, of: [administratively prohibited, port unreachable] }'
    const own = '{ every: 1 s, of: [port unreachable, reassembly time exceeded] }, addresses: [192.0.2.2/24]'
    expect(complaints('linux', own)).toEqual([])
    const refuses = `${limit}, addresses: [192.0.2.2/24], unreachable: [{ to: 10.9.0.0/16, why: administratively prohibited }]`
    expect(complaints('linux', refuses, 'linux', `${limit}, rules: [{ reject: { ports: 9 } }]`)).toEqual([])
  })
})

test('several limits and what they leave out', () => {
  const read = icmp.parse([{ every: '1.5 ms' }, { every: '1 s', burst: 6, per: 'destination', of: ['time exceeded'] }])
  expect(errorLimitsOf(read)).toEqual([
    { everyNs: 1_500_000, burst: 1, per: 'node' },
    { everyNs: 1e9, burst: 6, per: 'destination', of: ['time exceeded'] },
  ])
})

/** How many of so many errors at once go out, in both versions of IP. */
test.each([
  ['linux', 'port unreachable', [6, 50]],
  ['linux', 'fragmentation needed', [99, 99]],
  ['cisco', 'port unreachable', [1, 10]],
  ['cisco', 'fragmentation needed', [1, 10]],
  ['cisco', 'time exceeded', [99, 10]],
  ['rfc4443', 'time exceeded', [10, 10]],
] as const)('%s, %s to one destination: %j of 99', (preset, why, expected) => {
  const sent = [false, true].map((isIpv6) => {
    const limits = new ErrorLimits(errorLimitsOf(preset), 1)
    return Array.from({ length: 99 }).filter(() => limits.forbids({ why, to: 1, isIpv6 }, 0) === undefined).length
  })
  expect(sent).toEqual(expected)
})
