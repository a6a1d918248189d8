// In which order the keys of a file stand is of no account: a manifest has them sorted, and its replay is the same run.

import { expect, test } from 'vitest'
import { type Experiment, type OwnPrograms, readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import type { Host, Program } from '../../platform/host.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

/** Has a TLS server without saying which certificate it shows; alice asks bob's, and says what she thinks of it. */
const secure: Program<undefined> = {
  name: 'secure',
  start: (host: Host) => {
    const heard = { received: () => undefined, ended: () => undefined, closed: () => undefined }
    host.tls.listen({ port: 443 }, { accepted: () => heard })
    if (host.name === 'alice') {
      const secured = ({ verdict }: { readonly verdict: string }): void => host.trace.remark(verdict)
      const options = { serverName: 'bob', verify: false }
      host.tls.connect(host.endpoint('192.0.2.2', 443), options, { ...heard, secured })
    }
    return { do: () => undefined, stop: () => undefined }
  },
}

const CALL = `  - { at: 0 s, who: alice, do: call, to: sip:bob@192.0.2.2 }`
const ASKED = `
  - { at: 0 s, who: bob, do: change, records: ['www.example.com. A 192.0.2.9'] }
  - { at: 1 s, who: alice, do: ping, to: www.example.com }
  - { at: 5 s, who: alice, do: ping, to: www.example.com }
  - { at: 9 s, who: alice, do: ping, to: a.sub.example.com }`
const phone = (headers: string): string =>
  `{ runs: { program: phone, aor: sip:alice@example.com, inviteHeaders: { ${headers} } } }`
const server = (zones: string): string => `{ runs: { program: dns, zones: { ${zones} } } }`
const trusting = (certificates: string): string => `{ tls: { certificates: { ${certificates} } } }`
const [COM, SUB, ORG] = [
  'example.com: { ttl: 2 s, records: [a.sub A 192.0.2.7] }',
  'sub.example.com: { ttl: 1 s, records: [a A 192.0.2.8] }',
  'example.org: { ttl: 60 s }',
]
const [GOOD, BAD] = ['shop: { names: [bob] }', 'admin: { names: [other] }']

test.each<[string, string, string, string, string, OwnPrograms]>([
  [
    'headers of INVITEs',
    phone('User-Agent: one, Subject: two'),
    phone('Subject: two, User-Agent: one'),
    '{}',
    CALL,
    {},
  ],
  ['zones', server(`${COM}, ${SUB}, ${ORG}`), server(`${ORG}, ${SUB}, ${COM}`), '{ resolver: 192.0.2.2 }', ASKED, {}],
  ['certificates', trusting(`${GOOD}, ${BAD}`), trusting(`${BAD}, ${GOOD}`), '{}', '', { alice: secure, bob: secure }],
])('%s', (what, one, other, alice, scenario, own) => {
  const [first, second] = [one, other].map((words) => {
    const [a, b] = what === 'headers of INVITEs' ? [words, alice] : [alice, words]
    return recordsOf(read(a, b, scenario, own))
  })
  expect(first!.length).toBeGreaterThan(3)
  expect(second).toEqual(first)
})

test('links that change at one time', () => {
  const links = ['b', 'c'].map((other) => `{ between: [a, ${other}], changes: [{ at: 1 s, delay: 5 ms }] }`)
  const [first, second] = [links, [...links].reverse()].map((some) => {
    const hosts = ['a', 'b', 'c'].map((name, n) => `${name}: { kind: host, address: 192.0.2.${1 + n}/24 }`)
    return recordsOf(experimentOf(`{ nodes: { ${hosts.join(', ')} }, links: [${some.join(', ')}] }`, '[]', {}))
  })
  expect(first).toHaveLength(4)
  expect(second).toEqual(first)
})

/** Two hosts on one link, each with these words besides its address. */
function read(alice: string, bob: string, scenario: string, own: OwnPrograms): Experiment {
  const host = (address: string, words: string): string => `{ kind: host, address: ${address}/24, ${words.slice(1)}`
  const nodes = `{ alice: ${host('192.0.2.1', alice)}, bob: ${host('192.0.2.2', bob)} }`
  return experimentOf(
    `{ nodes: ${nodes}, links: [{ between: [alice, bob] }] }`,
    scenario === '' ? '[]' : `\n${scenario}`,
    own,
  )
}

function experimentOf(topology: string, scenario: string, own: OwnPrograms): Experiment {
  const text = `question: Is it the same?\ntopology: ${topology}\nscenario: ${scenario}\nuntil: 20 s\n`
  const reading = readExperiment(readYaml('keys.yaml', text), () => ({ hint: 'none' }), own)
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}

function recordsOf(experiment: Experiment): readonly string[] {
  const records: string[] = []
  const sinks = [(record: TraceRecord) => void records.push(JSON.stringify(record))]
  const run = new Run(experiment, { level: 'everything', sinks })
  while (!run.step(1e9));
  expect(run.result().unfinished).toEqual([])
  return records
}
