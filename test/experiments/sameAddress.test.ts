// Two phones of one user have the same private address behind different NATs: whether the registrar takes them for one.

import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { readExperiment } from '../../experiments/experiment.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { readYaml } from '../../topologies/yaml/document.ts'

/** The nodes that rang when bob, who has a phone in each of two homes, was called. */
function rings(registrar: object): string[] {
  const phone = { program: 'phone', proxy: '203.0.113.5', talk: false }
  const home = {
    kind: 'host',
    address: '192.168.1.10/24',
    runs: { ...phone, aor: 'sip:bob@example.com', register: true },
  }
  const box = { kind: 'nat', inside: '192.168.1.1/24', preset: 'cheap home router' }
  const server = { program: 'proxy', domain: 'example.com', users: { bob: [] }, registrar, symmetric: true }
  const document = {
    question: 'Who rings?',
    topology: {
      nodes: {
        alice: {
          kind: 'host',
          address: '192.0.2.10/24',
          gateway: 'internet',
          runs: { ...phone, aor: 'sip:alice@example.com' },
        },
        here: { ...home, gateway: 'homeA' },
        there: { ...home, gateway: 'homeB' },
        homeA: { ...box, outside: '198.51.100.1/30' },
        homeB: { ...box, outside: '198.51.100.5/30' },
        internet: { kind: 'router' },
        proxy: { kind: 'host', address: '203.0.113.5/24', gateway: 'internet', runs: server },
      },
      links: [
        { between: ['alice', 'internet'], delay: '5 ms' },
        { between: ['here', 'homeA'], delay: '1 ms' },
        { between: ['there', 'homeB'], delay: '2 ms' },
        { between: ['homeA', 'internet'], delay: '5 ms' },
        { between: ['homeB', 'internet'], delay: '5 ms' },
        { between: ['proxy', 'internet'], delay: '1 ms' },
      ],
    },
    scenario: [{ at: '1 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' }],
    until: '3 s',
  }
  const reading = readExperiment(readYaml('homes', stringify(document)), () => ({ hint: 'it is in the file' }))
  if (!reading.ok) throw new Error(reading.mistakes.map(({ expected }) => expected).join('\n'))
  const rang: string[] = []
  const { audit } = runWhole(reading.value, 'signalling', [
    (record) => {
      if (record.kind === 'transition' && record.machine === 'call' && record.to === 'ringing')
        rang.push(record.id.node)
    },
  ])
  expect(audit.violations).toEqual([])
  return rang
}

test('by its Contact alone the later one takes the place of the other (RFC 3261 §10.3)', () => {
  expect(rings({})).toEqual(['there'])
  expect(rings({ match: 'contact' })).toEqual(['there'])
})

test('by Contact and Call-ID they are two', () =>
  expect(rings({ match: 'contact and call-id' })).toEqual(['here', 'there']))
