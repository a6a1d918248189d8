// ICMP echo in experiments: who answers, what the record has of the round trip, and what boxes let through.

import { describe, expect, test } from 'vitest'
import { readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

interface Story {
  readonly a?: string
  readonly b?: string
  readonly nodes?: string
  readonly links?: string
  readonly ask: string
  readonly faults?: string
}

function text({ a = '10.0.0.1/24', b = '10.0.1.2/24', nodes = '', links = '', ask, faults = '' }: Story): string {
  return `question: Who answers?
topology:
  nodes:
    a: { kind: host, address: '${a}', gateway: ${nodes === '' ? 'r' : 'box'} }
    b: { kind: host, address: '${b}', gateway: r }
    r: { kind: router${nodes === '' && !a.includes(':') ? ', addresses: [10.0.0.254/24, 10.0.1.254/24]' : ''} }
${nodes}
  links:
${links === '' ? '    - { between: [a, r], delay: 5 ms, mtu: 1280 }' : links}
    - { between: [b, r], delay: 5 ms, mtu: 1280 }
scenario: [{ at: 0 s, ${ask} }]
faults: [${faults}]
until: 20 s
`
}

function told(story: Story): {
  readonly remarks: string[]
  readonly records: TraceRecord[]
  readonly labels: string[]
} {
  const reading = readExperiment(readYaml('e', text(story)), () => ({ hint: 'none' }))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  const records: TraceRecord[] = []
  const run = new Run(reading.value, { level: 'everything', sinks: [(record) => records.push(record)] })
  while (!run.step(Number.MAX_SAFE_INTEGER));
  expect(run.result().audit.violations).toEqual([])
  const remarks = records.flatMap((one) =>
    one.kind === 'remark' && one.what.startsWith('ping')
      ? [
          `${one.what.slice(5)} ${one.details.ms ?? one.details.why ?? `${one.details.answered} of ${one.details.asked}`}${
            one.details.by === undefined ? '' : `, says ${one.details.by}`
          }`,
        ]
      : [],
  )
  const labels = records.flatMap((one) =>
    one.kind === 'delivered' ? [`${one.id.node}: ${one.packet.label.name}`] : [],
  )
  return { remarks, records, labels }
}

const ping = (more = ''): string => `who: a, do: ping, to: 10.0.1.2${more}`

describe('an echo', () => {
  test('is answered, and the round trip is on record', () => {
    const { remarks, labels } = told({ ask: ping() })
    expect(remarks).toEqual(['answered 20'])
    expect(labels).toEqual(['b: ICMP echo', 'a: ICMP echo reply'])
  })
  test('has the round trip that the host’s clock has run, whatever it was set to meanwhile', () => {
    const sets = (words: string): string => `{ at: 10 ms, clock: { node: a, ${words} } }`
    expect(told({ ask: ping(), faults: sets('step: -1 h') }).remarks).toEqual(['answered 20'])
    expect(told({ ask: ping(), faults: sets('step: 1 d, drift: 100 %') }).remarks).toEqual(['answered 30'])
  })
  test('is asked so many times, each with its number', () => {
    expect(told({ ask: ping(', count: 3, every: 100 ms') }).remarks).toEqual([
      ...['answered 20', 'answered 20', 'answered 20'],
      'ended 3 of 3',
    ])
  })
  test('over IPv6', () => {
    const story = { a: '2001:db8:1::1/64', b: '2001:db8:2::2/64' }
    expect(told({ ...story, ask: "who: a, do: ping, to: '2001:db8:2::2'" }).remarks).toEqual(['answered 20'])
    expect(told({ ...story, ask: ping() }).remarks).toEqual(['unanswered no address of that version here'])
  })
  test('of a name, of oneself, of a router', () => {
    expect(told({ ask: 'who: a, do: ping, to: b' }).remarks).toEqual(['answered 20'])
    expect(told({ ask: 'who: a, do: ping, to: nobody.example' }).remarks).toEqual(['unanswered no such name'])
    expect(told({ ask: 'who: a, do: ping, to: 127.0.0.1' }).remarks).toHaveLength(1)
    expect(told({ ask: 'who: a, do: ping, to: 10.0.0.254' }).remarks).toEqual(['answered 10'])
  })
  test('larger than the way goes in fragments, there and back', () => {
    const { remarks, labels } = told({ ask: ping(', bytes: 3000') })
    expect(remarks).toEqual(['answered 20'])
    expect(labels.filter((one) => one.startsWith('b: fragment'))).toHaveLength(3)
  })
  test('that is lost or corrupted is not answered, and the record says for how long it was waited', () => {
    const lost = '{ drop: { of: ICMP echo, on: a -> r } }'
    expect(told({ ask: ping(', timeout: 2 s'), faults: lost }).remarks).toEqual(['unanswered no answer for 2 s'])
    const spoilt = '{ corrupt: { of: ICMP echo, on: a -> r, bit: 99 } }'
    expect(told({ ask: ping(), faults: spoilt }).remarks).toEqual(['unanswered no answer for 1 s'])
    expect(told({ ask: ping(), faults: '{ at: 0 s, crash: { node: b } }' }).remarks).toHaveLength(1)
    expect(told({ ask: ping(), faults: '{ at: 5 ms, crash: { node: a, for: 1 s } }' }).remarks).toEqual([])
  })
})

describe('an echo that cannot be delivered', () => {
  const six = { a: '2001:db8:1::1/64', b: '2001:db8:2::2/64' }
  test('brings word of the router that gave it up: no way there, or no time left', () => {
    expect(told({ ask: 'who: a, do: ping, to: 10.9.9.9' }).remarks).toEqual([
      'unanswered network unreachable, says 10.0.0.254',
    ])
    const { remarks, labels } = told({ ask: ping(', ttl: 1, count: 2, every: 3 ms') })
    expect(remarks).toEqual([
      ...['unanswered time exceeded, says 10.0.0.254', 'unanswered time exceeded, says 10.0.0.254'],
      'ended 0 of 2',
    ])
    expect(labels).toEqual(['a: ICMP', 'a: ICMP'])
    expect(told({ ask: ping(', ttl: 2') }).remarks).toEqual(['answered 20'])
  })
  test('brings what a router says that refuses it', () => {
    const nodes = `    box: { kind: router, addresses: [10.0.0.254/24], unreachable: [{ to: 10.0.1.0/24, why: host unreachable }] }`
    const links = '    - { between: [a, box], delay: 2 ms }\n    - { between: [box, r], delay: 3 ms }'
    expect(told({ nodes, links, ask: ping() }).remarks).toEqual(['unanswered host unreachable, says 10.0.0.254'])
  })
  test('in IPv6 as well, and one that is too large teaches the host what fits', () => {
    expect(told({ ...six, ask: "who: a, do: ping, to: '2001:db8:2::2', ttl: 1" }).remarks).toEqual([
      'unanswered time exceeded, says fe80::1',
    ])
    const links = '    - { between: [a, r], delay: 5 ms, mtu: 1500 }'
    const large = "who: a, do: ping, to: '2001:db8:2::2', bytes: 1400, count: 2"
    expect(told({ ...six, links, ask: large }).remarks).toEqual([
      ...['unanswered fragmentation needed, says fe80::1', 'answered 20', 'ended 1 of 2'],
    ])
  })
  test('whose host has no way there says so itself', () => {
    const nodes = '    box: { kind: router }\n    c: { kind: host, address: 10.0.0.2/24 }'
    const links = '    - { between: [a, box] }\n    - { between: [box, r] }\n    - { between: [c, a] }'
    expect(told({ nodes, links, ask: 'who: c, do: ping, to: 10.0.1.2' }).remarks).toEqual([
      'unanswered network unreachable, says 10.0.0.2',
    ])
  })
  test('brings no word about a word: where the answer cannot be delivered, its sender is told once', () => {
    const nodes = `    box: { kind: router, addresses: [10.0.0.254/24], unreachable: [{ to: 10.0.0.0/24, why: network unreachable }] }`
    const links = '    - { between: [a, box], delay: 2 ms }\n    - { between: [box, r], delay: 3 ms }'
    const { remarks, labels } = told({ nodes, links, ask: ping() })
    expect(remarks).toEqual(['unanswered no answer for 1 s'])
    expect(labels).toEqual(['b: ICMP echo', 'b: ICMP'])
  })
})

describe('a box on the way', () => {
  const links = '    - { between: [a, box], delay: 2 ms }\n    - { between: [box, r], delay: 3 ms }'
  const nat = '    box: { kind: nat, inside: 10.0.0.254/24, outside: 198.51.100.1/30, preset: cheap home router }'
  const wall = '    box: { kind: firewall, inside: 10.0.0.254/24, outside: 198.51.100.1/30 }'
  test('lets echoes out and their replies in, and nobody ask from outside', () => {
    for (const nodes of [nat, wall]) expect(told({ nodes, links, ask: ping() }).remarks).toEqual(['answered 20'])
    const inward = told({ nodes: wall, links, ask: 'who: b, do: ping, to: 10.0.0.1' })
    expect(inward.remarks).toEqual(['unanswered no answer for 1 s'])
    expect(inward.records.some((one) => one.kind === 'lost' && one.why === 'filtered by firewall')).toBe(true)
  })
  test('lets the word in of what became of them further on, and knows whose it is', () => {
    for (const nodes of [nat, wall]) {
      const { remarks } = told({ nodes, links, ask: ping(', ttl: 2, count: 2') })
      const word = 'unanswered time exceeded, says 192.0.0.8'
      expect(remarks).toEqual([word, word, 'ended 0 of 2'])
      expect(told({ nodes, links, ask: ping(', ttl: 1') }).remarks).toHaveLength(1)
      expect(told({ nodes, links, ask: ping(', ttl: 3') }).remarks).toEqual(['answered 20'])
    }
  })
  test('answers for its own addresses', () => {
    for (const to of ['198.51.100.1', '10.0.0.254']) {
      expect(told({ nodes: nat, links, ask: `who: a, do: ping, to: ${to}` }).remarks).toEqual(['answered 4'])
    }
    const { remarks, labels } = told({ nodes: nat, links, ask: 'who: b, do: ping, to: 198.51.100.1' })
    expect([remarks, labels]).toEqual([['answered 16'], ['box: ICMP echo', 'b: ICMP echo reply']])
  })
})

test.each([
  ['to: a..b', 'a domain name such as sip.example.com, not "a..b"'],
  ['to: b, count: 0', 'a whole number from 1 to 1000000'],
  ['to: b, every: 0 s', 'a duration from 1 ms to 1 d, not 0 s'],
  ['to: b, timeout: 1e999 s', 'a duration such as 20 ms, not "1e999 s"'],
  ['to: b, bytes: 65508', 'a whole number from 0 to 65507'],
  ['', '`to` is missing here'],
  ['to: b, size: 3', 'there is no key "size" here'],
])('a mistake in a ping is found where it stands: %s', (parameters, expected) => {
  const ask = `who: a, do: ping${parameters === '' ? '' : `, ${parameters}`}`
  const reading = readExperiment(readYaml('e', text({ ask })), () => ({ hint: 'none' }))
  const said = reading.ok ? 'sound' : reading.mistakes.map(printMistake).join()
  expect(said).toContain(expected)
})
