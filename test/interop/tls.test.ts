// Wireshark reads captures of the TLS model: nothing malformed, the messages that each version has, and the name that the client said.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import { classify } from '../../experiments/classify.ts'
import type { TlsVersion } from '../../platform/tls.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { Network } from '../../sim/network/network.ts'
import { testWithTshark, tshark } from '../tshark.ts'

/** Two connections, one after the other, captured at the client. */
function captured(version: TlsVersion, trusted: boolean): string {
  const records: TraceRecord[] = []
  const network = new Network({ seed: '1', level: 'everything', classify, sinks: [(one) => records.push(one)] })
  network.host('a', {
    interfaces: [{ address: '10.0.0.1/24' }],
    tls: { versions: [version], trusts: trusted ? ['public'] : [] },
  })
  network.host('b', {
    interfaces: [{ address: '10.0.0.2/24' }],
    tls: { certificates: { one: { names: ['b.example.com', '10.0.0.2'] } } },
  })
  network.link({ between: ['a', 'b'], up: { delayNs: 1e6 }, down: { delayNs: 1e6 } })
  network.seal()
  const nobody = { received: () => {}, ended: () => {}, closed: () => {} }
  network
    .hostOf('b')
    .tls.listen(
      { port: 443, alpn: ['sip'] },
      { accepted: (connection) => ({ ...nobody, ended: () => connection.close() }) },
    )
  for (const at of [0, 1e9]) {
    network.ask(at, 'a', () => {
      const host = network.hostOf('a')
      const opened = host.tls.connect(
        host.endpoint('10.0.0.2', 443),
        { serverName: 'b.example.com', alpn: ['sip'] },
        nobody,
      )
      if (!opened.ok) return
      opened.value.send(new Uint8Array(20_000).fill(65))
      opened.value.close()
    })
  }
  network.run(20e9)
  const chunks: Uint8Array[] = []
  const direction = (from: string, to: string) => ({ name: `a--b from ${from}`, from, to })
  const capture = new Capture({
    ...{ directions: [direction('a', 'b'), direction('b', 'a')], application: 'siptwin' },
    nodes: [
      { name: 'a', addresses: ['10.0.0.1'] },
      { name: 'b', addresses: ['10.0.0.2'] },
    ],
    outputs: [{ node: 'a', write: (bytes) => void chunks.push(bytes) }],
  })
  for (const record of records) capture.record(record)
  capture.end()
  const file = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'tls.pcapng')
  writeFileSync(file, Buffer.concat(chunks))
  return file
}

const fields = (file: string, ...names: readonly string[]): string[] =>
  tshark(file, '-T', 'fields', ...names.flatMap((name) => ['-e', name]))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

describe('Wireshark', () => {
  const check = testWithTshark()

  check.each([
    ['1.3', ['1', '2', '1', '2']],
    ['1.2', ['1', '2', '11', '12', '14', '16', '4', '1', '2']],
  ] as const)('reads TLS %s', (version, messages) => {
    const file = captured(version, true)
    expect(fields(file, '_ws.malformed')).toEqual([])
    expect(
      fields(file, 'tls.handshake.type')
        .flatMap((line) => line.split(','))
        .filter((type) => type !== ''),
    ).toEqual(messages)
    expect(fields(file, 'tls.handshake.extensions_server_name')).toEqual(['b.example.com', 'b.example.com'])
    expect(fields(file, 'tls.handshake.extensions_alpn_str')[0]).toBe('sip')
    if (version === '1.2') expect(fields(file, 'x509sat.uTF8String').join()).toContain('b.example.com')
    const lengths = fields(file, 'tls.record.length').flatMap((line) => line.split(',').map(Number))
    expect(Math.max(...lengths)).toBe(16_384 + (version === '1.3' ? 17 : 24))
  })

  check('reads the alert that refuses a certificate', () => {
    expect(fields(captured('1.2', false), 'tls.alert_message.desc')).toContain('48')
    expect(fields(captured('1.3', false), '_ws.malformed')).toEqual([])
  })
})
