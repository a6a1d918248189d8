// A host's `tls` in a topology: what it becomes, and what is wrong with a wrong one.

import { expect, test } from 'vitest'
import { tlsSettingsOf } from '../../topologies/tls.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

function read(tls: string) {
  const text = `nodes:\n  a:\n    kind: host\n    address: 10.0.0.1/24\n    tls: { ${tls} }\n`
  const reading = readTopology(readYaml('t.yaml', text))
  if (!reading.ok) return reading.mistakes.map((one) => `${one.line}:${one.column} ${one.expected}`)
  const { a } = reading.value.nodes
  return a?.kind === 'host' && a.tls !== undefined ? tlsSettingsOf(a.tls) : undefined
}

test('certificates, authorities and versions', () => {
  expect(read('')).toEqual({
    ...{ trusts: ['public'], versions: ['1.2', '1.3'], resumption: true, sessionMs: 7_200_000, plain: false },
  })
  expect(read('versions: [1.3]')).toMatchObject({ versions: ['1.3'] })
  expect(read('certificates: { sip: { names: [a.example], until: 90 d, chain: 5 kB } }, trusts: [Acme]')).toMatchObject(
    {
      trusts: ['Acme'],
      certificates: { sip: { names: ['a.example'], authority: 'public', untilMs: 90 * 86_400_000, chainBytes: 5000 } },
    },
  )
})

test.each([
  ['versions: [1.1]', ['5:23 one of 1.2, 1.3, not 1.1']],
  ['certificates: { sip: { names: [] } }', ['5:42 at least one name']],
  ['certificates: { sip: { names: [a], from: 2 d, until: 1 d } }', ['5:65 a time after `from`']],
  ['certificates: { sip: { names: [a], chain: 100 B } }', ['5:54 a size from 600 B to 60 kB']],
])('%s is refused in place', (tls, expected) => {
  expect(read(tls)).toEqual(expected)
})
