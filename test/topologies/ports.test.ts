// Two programs of one host that want the same port: the second is pointed at, and told who has it.

import { expect, test } from 'vitest'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

const PHONE = 'program: phone, aor: "sip:a@x.y"'

test.each([
  [`{ ${PHONE} }, { ${PHONE}, port: 5062 }`, []],
  [`{ ${PHONE} }, { ${PHONE} }`, ['1:106 a port that no other program of a has: its phone is on UDP 5060 already']],
  [
    '{ program: sink }, { program: dns, zones: {}, port: 9 }',
    ['1:87 a port that no other program of a has: its sink is on UDP 9 already'],
  ],
  ['{ program: bulk-receiver }, { program: sink, port: 5001 }', []],
  [`{ program: bulk-receiver }, { ${PHONE}, port: 5001 }`, []],
  [
    `{ program: bulk-receiver }, { ${PHONE}, port: 5001, transport: tcp }`,
    ['1:96 a port that no other program of a has: its bulk-receiver is on TCP 5001 already'],
  ],
  [
    '{ program: bulk-receiver }, { program: dns, zones: {}, port: 5001 }',
    ['1:96 a port that no other program of a has: its bulk-receiver is on TCP 5001 already'],
  ],
  [
    '{ program: stun-server }, { program: sender, port: 3478 }',
    ['1:94 a port that no other program of a has: its stun-server is on UDP 3478 already'],
  ],
  ['{ program: stun-server }, { program: sender, port: 3479 }', []],
  ['{ program: stun-server, port: 3479 }', ['1:87 another port than `alternatePort`, not 3479 twice']],
  ['{ program: stun-server, alternatePort: 3478 }', ['1:96 another port than `port`, not 3478 twice']],
  [
    `{ program: phones, count: 10, aor: "sip:p*@x.y", firstPort: 5055 }, { ${PHONE} }`,
    ['1:136 a port that no other program of a has: its phones is on UDP 5060 already'],
  ],
  [`{ ${PHONE}, rtpPorts: 9-5061 }, { program: sink }`, []],
  [`{ ${PHONE}, rtpPorts: 5060-5061 }`, ['1:103 a range with an even port that no program of a is on, for RTP']],
  [
    `{ program: phones, count: 9, aor: "sip:p*@x.y", firstPort: 9999 }, { ${PHONE}, rtpPorts: 10000-10007 }`,
    ['1:170 a range with an even port that no program of a is on, for RTP'],
  ],
  [`{ program: phones, count: 5, aor: "sip:p*@x.y", firstPort: 5055 }, { ${PHONE} }`, []],
])('%s', (programs, expected) => {
  const text = `nodes: { a: { kind: host, address: 192.0.2.1/24, runs: [${programs}] } }\nlinks: []\n`
  const reading = readTopology(readYaml('t.yaml', text))
  const complaints = reading.ok ? [] : reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)
  expect(complaints).toEqual(expected)
})

test.each([
  ['addresses: [192.0.2.1/24, 192.0.2.2/24]', ['its stun-server is on UDP 3479 already']],
  ['addresses: [192.0.2.1/24, "2001:db8::1/64"]', []],
])('a STUN server has a second port where it has two addresses of a version: %s', (addresses, expected) => {
  const programs = '{ program: stun-server }, { program: sender, port: 3479 }'
  const text = `nodes: { a: { kind: host, ${addresses}, runs: [${programs}] } }\nlinks: []\n`
  const reading = readTopology(readYaml('t.yaml', text))
  expect(reading.ok ? [] : reading.mistakes.map((one) => one.expected.split(': ')[1])).toEqual(expected)
})

test('of one program without a list, the ports themselves are pointed at', () => {
  const node = `{ kind: host, address: 192.0.2.1/24, runs: { ${PHONE}, rtpPorts: 5060-5061 } }`
  const reading = readTopology(readYaml('t', `nodes: { a: ${node} }`))
  const told = reading.ok ? [] : reading.mistakes.map(({ at, expected }) => `${at} ${expected}`)
  const column = `nodes: { a: ${node} }`.indexOf('5060-5061') + 1
  expect(told).toEqual([`t:1:${column} a range with an even port that no program of a is on, for RTP`])
})
