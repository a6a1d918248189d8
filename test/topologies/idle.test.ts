// Words that change nothing in their company are legal, and told of: a sweep goes through them.

import { describe, expect, test } from 'vitest'
import { readExperiment } from '../../experiments/experiment.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

const NETWORK = `nodes:
  a: { kind: host, address: 192.0.2.1/24, gateway: wall, runs: { program: load, to: b, rate: 1 Mbps } }
  b: { kind: host, address: 198.51.100.2/24, gateway: nat }
  wall: { kind: firewall, inside: 192.0.2.254/24 }
  nat: { kind: nat, inside: 198.51.100.1/24, outside: 203.0.113.1/24 }
links:
  - { between: [a, wall] }
  - { between: [wall, nat] }
  - { between: [nat, b] }
`

/** What is told of NETWORK with its first `before` turned into `after`: the line, the word that stands there, the sentence. */
function told(before: string, after: string): readonly string[] {
  expect(NETWORK).toContain(before)
  const reading = readTopology(readYaml('t', NETWORK.replace(before, after)))
  if (!reading.ok) return reading.mistakes.map(({ at, expected }) => `refused: ${at} ${expected}`)
  return (reading.remarks ?? []).map(({ line, column, text, expected }) => {
    return `${line} ${/^\w+/.exec(text.slice(column - 1))} ${expected}`
  })
}

const HOST = '{ program: load, to: b, rate: 1 Mbps }'
const changesNothing = (line: string, word: string, needs: string): string =>
  `${line} ${word} \`${word}\` changes nothing here: it counts with ${needs}`

describe('words that change nothing', () => {
  test.each<[string, string, string[]]>([
    ['a', 'a', []],
    [HOST, '{ program: load, to: b, rate: 1 Mbps, on: 1 s }', [changesNothing('2', 'on', '`pattern: on-off`')]],
    [HOST, '{ program: load, to: b, rate: 1 Mbps, on: 1 s, pattern: on-off }', []],
    [
      HOST,
      '[{ program: sink }, { program: load, to: b, rate: 1 Mbps, pattern: poisson, off: 2 s }]',
      [changesNothing('2', 'off', '`pattern: on-off`')],
    ],
    [
      HOST,
      '{ program: phone, aor: sip:a@example.com, talk: false, dscp: EF }',
      [changesNothing('2', 'dscp', '`talk: true`')],
    ],
    [
      HOST,
      '{ program: proxy, domain: example.com, redirectLimit: 3, algorithms: [MD5] }',
      [changesNothing('2', 'redirectLimit', '`recurse: true`'), changesNothing('2', 'algorithms', '`passwords`')],
    ],
    [
      HOST,
      '{ program: phone, aor: sip:a@example.com, redirects: report, redirectLimit: 3 }',
      [changesNothing('2', 'redirectLimit', '`redirects: follow`')],
    ],
    [
      HOST,
      '{ program: stun-server, nonce: 5 s, realm: here, alternatePort: 4000 }',
      [
        changesNothing('2', 'nonce', '`passwords`'),
        changesNothing('2', 'realm', '`passwords`'),
        changesNothing('2', 'alternatePort', 'a second address of its host'),
      ],
    ],
    [
      'gateway: wall,',
      'gateway: wall, tcp: { keepAliveAfter: 5 s },',
      [changesNothing('2', 'keepAliveAfter', '`keepAlive: true`')],
    ],
    ['gateway: wall,', 'gateway: wall, tcp: { keepAliveAfter: 5 s, keepAlive: true },', []],
    ['192.0.2.254/24', '192.0.2.254/24, stateful: false, idle: 5 s', [changesNothing('4', 'idle', '`stateful: true`')]],
    [
      '192.0.2.254/24',
      '192.0.2.254/24, rules: [{ allow: { direction: in } }, { drop: { direction: in, ports: 5060 } }, { drop: {} }]',
      [changesNothing('4', 'drop', 'packets that no earlier rule matches')],
    ],
    [
      '203.0.113.1/24',
      '203.0.113.1/24, preset: carrier grade, ports: { assignment: random }',
      [changesNothing('5', 'assignment', 'a NAT without `blocks`')],
    ],
  ])('%s → %s', (before, after, expected) => {
    expect(told(before, after)).toEqual(expected)
  })

  test('four thousand rules are looked through in a moment', () => {
    const rule = (port: number) => `{ allow: { direction: in, protocol: udp, ports: ${port} } }`
    const rules = Array.from({ length: 4000 }, (_, n) => rule(1 + n))
    const found = told('192.0.2.254/24', `192.0.2.254/24, rules: [${rules.join(', ')}, ${rule(7)}]`)
    expect(found).toEqual([changesNothing('4', 'allow', 'packets that no earlier rule matches')])
  })

  test('faults that a sweep begins with', () => {
    const text = `question: Is it slow?
topology: t
faults:
  - { at: 1 s, slow: { node: a, packet: 0 ms } }
  - { at: 1 s, slow: { node: a, packet: 0 ms, timer: 1 ms } }
  - { at: 1 s, clock: { node: a, step: 0 s } }
  - { at: 1 s, clock: { node: a, step: 0 s, drift: 0 ppm } }
`
    const reading = readExperiment(readYaml('e', text), () => readYaml('t', NETWORK))
    const remarks = reading.ok ? (reading.value.remarks ?? []) : []
    expect(remarks.map(({ at, expected }) => `${at} ${expected}`)).toEqual([
      'e:4:16 `slow` changes nothing here: it adds 0 s to each packet and timer',
      'e:6:16 `clock` changes nothing here: it steps by 0 s',
    ])
  })

  test('marks of a matrix that no cell can get are refused', () => {
    const axis = '{ title: x, values: { one: {} } }'
    const text = `question: Which?
topology: t
matrix:
  rows: ${axis}
  columns: ${axis}
  marks: [{ mark: yes! }, { mark: never, when: [call is established] }]
`
    const reading = readExperiment(readYaml('e', text), () => readYaml('t', NETWORK))
    expect(reading.ok ? [] : reading.mistakes.map(({ at, expected }) => `${at} ${expected}`)).toEqual([
      'e:6:27 no mark after one without `when`: every cell that comes so far is yes!',
    ])
  })
})
