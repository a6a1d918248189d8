// What can be wrong with the NATs and firewalls of a topology, and that a private address may stand behind each of them.

import { describe, expect, test } from 'vitest'
import { facesOf } from '../../topologies/boxes.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

const SOUND = `nodes:
  alice: { kind: host, address: 192.168.1.10/24, gateway: homeA }
  homeA: { kind: nat, inside: 192.168.1.1/24, outside: 100.64.0.2/24 }
  bob:   { kind: host, address: 192.168.1.10/24, gateway: homeB }
  homeB: { kind: nat, inside: 192.168.1.1/24, outside: 100.64.0.3/24, forwards: [{ port: 5060, to: 192.168.1.10 }] }
  cgn:   { kind: nat, inside: 100.64.0.1/24, outside: 203.0.113.1/24, preset: carrier grade, pool: [203.0.113.2] }
  carol: { kind: host, address: 203.0.113.10/24, gateway: wall }
  wall:  { kind: firewall, inside: 203.0.113.9/29, rules: [{ allow: { direction: in, protocol: udp, ports: 5060 } }] }
links:
  - { between: [alice, homeA] }
  - { between: [bob, homeB] }
  - { between: [homeA, cgn] }
  - { between: [homeB, cgn] }
  - { between: [wall, cgn] }
  - { between: [carol, wall] }
`

function complaints(before: string, after: string): readonly string[] {
  expect(SOUND).toContain(before)
  const reading = readTopology(readYaml('t.yaml', SOUND.replace(before, after)))
  return reading.ok ? [] : reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)
}

describe('boxes between an inside and an outside', () => {
  test.each<[string, string, string[]]>([
    ['alice', 'alice', []],
    [
      '192.168.1.1/24',
      '192.168.1.1',
      ['3:31 an IPv4 address with its prefix such as 192.168.1.1/24, not "192.168.1.1"'],
    ],
    [
      '192.168.1.1/24',
      "'2001:db8::1/64'",
      [
        '3:31 an IPv4 address with its prefix such as 192.168.1.1/24, not "2001:db8::1/64": NATs translate IPv4 alone, and IPv6 homes stand behind `kind: firewall` or `kind: router`',
      ],
    ],
    [
      'outside: 100.64.0.2/24',
      'outside: 100.64.0.2/24, ports: { overload: by remote }',
      [
        '3:90 true or false: `by remote` needs `mapping: address-and-port-dependent`, a mapping for each remote endpoint',
      ],
    ],
    ['to: 192.168.1.10 }', 'to: 192.168.1.1 }', ['5:100 a host behind homeB, not homeB itself']],
    [
      'to: 192.168.1.10 }',
      'to: 192.168.1.10, from: 192.168.1.10 }',
      ['5:120 an address outside 192.168.1.1/24: it says who may come in from there'],
    ],
    [
      'protocol: udp, ports: 5060',
      'from: "2001:db8::/32", to: 203.0.113.0/24',
      ['8:113 addresses of one version of IP: nothing goes from 2001:db8::/32 to 203.0.113.0/24'],
    ],
    ['protocol: udp, ports: 5060', 'protocol: icmp, types: [echo, too big]', []],
    [
      'protocol: udp, ports: 5060',
      'protocol: icmp, ports: 5060',
      ['8:109 no ports with `protocol: icmp`: its messages have none, but `types`'],
    ],
    [
      'protocol: udp, ports: 5060',
      'protocol: udp, types: [echo]',
      ['8:108 `protocol: icmp` beside `types`: no other protocol has them'],
    ],
    [
      'protocol: udp, ports: 5060',
      'types: [echo]',
      ['8:93 `protocol: icmp` beside `types`: no other protocol has them'],
    ],
    [
      'protocol: udp, ports: 5060',
      'protocol: icmp, types: [echo, too bg]',
      ['8:116 one of echo, unreachable, time exceeded, too big, not "too bg": did you mean too big?'],
    ],
    [
      'protocol: udp, ports: 5060',
      'protocol: icmp, types: []',
      ['8:109 at least one of echo, unreachable, time exceeded, too big; without `types` it is all of them'],
    ],
    [
      '5060 } }] }',
      '5060 } }], limits: [{ from: 10.0.0.0/8, to: "::/0", packetsPerSecond: 1 }] }',
      ['8:152 addresses of one version of IP: nothing goes from 10.0.0.0/8 to ::/0'],
    ],
    ['203.0.113.9/29, ', '203.0.113.9/29, idle: 0 s, ', ['8:58 a time above zero']],
    [
      'outside: 100.64.0.2/24',
      'outside: 192.168.1.2/24',
      ['3:56 an address outside its own inside prefix, 192.168.1.1/24'],
    ],
    ['outside: 100.64.0.2/24', 'outside: 100.64.0.3/24', ["5:56 an address of its own: 100.64.0.3 is homeA's already"]],
    [
      '  - { between: [alice, homeA] }\n',
      '',
      [
        '2:3 a link to alice: no link reaches it, so no other node can',
        '3:3 a link from homeA to something with an address in 192.168.1.1/24: nothing is inside',
      ],
    ],
    [
      '  - { between: [homeA, cgn] }\n',
      '',
      ['3:3 a link from homeA to something outside 192.168.1.1/24: nothing is outside'],
    ],
    [
      '[carol, wall] }',
      '[carol, wall] }\n  - { between: [alice, cgn] }',
      ['3:3 homeA to be the only way between its inside and its outside: other links lead around it'],
    ],
    ['to: 192.168.1.10', 'to: 10.0.0.1', ['5:100 an address inside 192.168.1.1/24, not 10.0.0.1']],
    ['pool: [203.0.113.2]', 'pool: [203.0.113.1]', ["6:101 an address of its own: 203.0.113.1 is cgn's already"]],
    [
      'carrier grade',
      'carrier graet',
      [
        '6:79 one of full cone, restricted cone, port restricted cone, symmetric, by the book, linux masquerade, bsd pf, cheap home router, carrier grade, not "carrier graet": did you mean carrier grade?',
      ],
    ],
    [
      'preset: carrier grade',
      'blocks: { ports: 2048 }, ports: { range: 1024-2047 }',
      ['6:79 blocks that fit into the ports 1024-2047'],
    ],
    [
      'to: 192.168.1.10 }',
      'to: 192.168.1.11 }',
      ['5:100 the address of a host behind homeB, such as 192.168.1.10: nobody has 192.168.1.11'],
    ],
    [
      'outside: 100.64.0.2/24',
      'outside: 100.64.0.2/24, pooling: arbitrary',
      ['3:71 no `pooling` without a `pool`: it says which of several outside addresses a host is given'],
    ],
    ['pool: [203', 'pooling: arbitrary, pool: [203', []],
    ['ports: 5060 }', 'ports: 70000 }', ['8:108 a whole number from 0 to 65535']],
    ['allow: {', 'allow: {}, drop: {', ['8:60 exactly one of allow, drop, reject in each rule']],
  ])('%s → %s', (before, after, expected) => {
    expect(complaints(before, after)).toEqual(expected)
  })

  test('a node is known by the addresses of all NATs that hide it', () => {
    const reading = readTopology(readYaml('t.yaml', SOUND))
    expect(reading.ok && facesOf(reading.value, 'bob')).toEqual([
      '192.168.1.10',
      '100.64.0.3',
      '203.0.113.1',
      '203.0.113.2',
    ])
    expect(reading.ok && facesOf(reading.value, 'carol')).toEqual(['203.0.113.10'])
  })
})
