// A host's `tcp` in a topology: what it becomes, and what is wrong with a wrong one.

import { describe, expect, test } from 'vitest'
import { tcpSettingsOf } from '../../topologies/tcp.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

function read(tcp: string) {
  const text = `nodes:\n  a: { kind: host, address: 10.0.0.1/24, tcp: { ${tcp} } }\n`
  const reading = readTopology(readYaml('t.yaml', text))
  if (!reading.ok) return reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)
  const { a } = reading.value.nodes
  return a?.kind === 'host' && a.tcp !== undefined ? tcpSettingsOf(a.tcp) : undefined
}

describe('tcp', () => {
  test('the defaults are those of the settings', () => {
    expect(read('')).toEqual({
      ...{ nagle: true, delayedAckMs: 40, keepAlive: false, keepAliveAfterMs: 7.2e6, keepAliveEveryMs: 75_000 },
      ...{ keepAliveProbes: 9, timestamps: true, windowScale: true, receiveBufferBytes: 1_048_576 },
      selectiveAcknowledgments: true,
      ...{
        sendBufferBytes: 1_048_576,
        minimumRtoMs: 1000,
        mslMs: 120_000,
        giveUpMs: 300_000,
        giveUpOpeningMs: 180_000,
      },
    })
  })
  test('values have units', () => {
    expect(
      read('nagle: false, delayedAck: 0 s, receiveBuffer: 64 KiB, mss: 536, initialWindow: 10, sack: false'),
    ).toMatchObject({
      ...{ nagle: false, delayedAckMs: 0, receiveBufferBytes: 65_536, mss: 536, initialWindowSegments: 10 },
      selectiveAcknowledgments: false,
    })
  })
  test.each([
    ['delayedAck: 500 ms', ['2:61 less than 500 ms (RFC 9293 §3.8.6.3)']],
    ['receiveBuffer: 2 GiB', ['2:64 a size from 1 B to 1 GiB']],
    ['keepAliveAfter: 1 µs', ['2:65 at least 1 ms: more often there would be nothing else']],
    ['keepAliveEvery: 1 ns', ['2:65 at least 1 ms: more often there would be nothing else']],
    ['minimumRto: 1 ns', ['2:61 at least 1 ms: more often there would be nothing else']],
    ['msl: 0 s', ['2:54 a duration of more than zero']],
    ['mss: 20', ['2:54 a whole number from 64 to 65495']],
    ['sack: 3 blocks', ['2:55 true or false, not "3 blocks"']],
    ['keepAlive: 5 s', ['2:60 true or false, not "5 s"']],
  ])('%s is refused in place', (tcp, expected) => {
    expect(read(tcp)).toEqual(expected)
  })
})
