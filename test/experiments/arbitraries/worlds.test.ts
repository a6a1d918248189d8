// Drawn networks, scenarios and tapes fit together and run; and shrinking leads to calm.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  faultTapes,
  type IncidentOptions,
  incidents,
  LINK_BOUNDS,
  rtpArrivals,
  scenarios,
  type TopologyOptions,
  topologies,
  type WrittenTopology,
  worlds,
} from '../../../experiments/arbitraries/entrance.ts'
import { verbsOf } from '../../../experiments/arbitraries/verbs.ts'
import { simulate } from '../../../experiments/vitest/entrance.ts'
import { Rows } from '../../../platform/rows.ts'
import { beginReception, RECEPTION_WIDTH, receivePacket, reportReception } from '../../../stack/rtp/reception.ts'
import { VERBS } from '../../../topologies/programs.ts'
import { readTopology } from '../../../topologies/topology.ts'
import { printMistake } from '../../../topologies/yaml/mistake.ts'
import { plainDocument } from '../../../topologies/yaml/plain.ts'

const LINKS = [{ between: ['a', 'b'] }]

/** What a property that never holds shrinks to. */
function calmest<T>(some: fc.Arbitrary<T>, still: (value: T) => boolean = () => true): T {
  return fc.check(
    fc.property(some, (value) => !still(value)),
    { seed: 3, numRuns: 300 },
  ).counterexample![0]
}

describe('topologies', () => {
  test('are networks', () => {
    fc.assert(
      fc.property(topologies({ mostPhones: 8, media: true }), (topology) => {
        const reading = readTopology(plainDocument('drawn', topology))
        expect(reading.ok ? [] : reading.mistakes.map(printMistake)).toEqual([])
      }),
    )
  })

  test('shrink to two phones in the open', () => {
    const { nodes, links } = calmest(topologies({ mostPhones: 8 }))
    expect(Object.keys(nodes)).toEqual(['internet', 'proxy', 'alice', 'bob'])
    expect(links).toEqual([
      { between: ['proxy', 'internet'], delay: '1 ms' },
      { between: ['alice', 'internet'], delay: '1 ms' },
      { between: ['bob', 'internet'], delay: '1 ms' },
    ])
  })

  test('keep the one box that is needed', () => {
    const { nodes } = calmest(topologies(), ({ nodes }) => Object.values(nodes).some(({ kind }) => kind === 'nat'))
    expect(Object.values(nodes).filter(({ kind }) => kind === 'nat')).toHaveLength(1)
  })

  test('limit ICMP errors at routers, boxes and hosts; where none matters, nowhere', () => {
    const limited = ({ nodes }: WrittenTopology): string[] =>
      Object.values(nodes).flatMap(({ kind, icmp }) => (icmp === undefined ? [] : [String(kind)]))
    const kinds = fc.sample(topologies({ mostPhones: 4 }), { numRuns: 50, seed: 1 }).flatMap(limited)
    expect(new Set(kinds)).toEqual(new Set(['router', 'host', 'nat', 'firewall']))
    expect(limited(calmest(topologies(), ({ nodes }) => 'alice' in nodes))).toEqual([])
    expect(limited(calmest(topologies(), (drawn) => limited(drawn).includes('router')))).toEqual(['router', 'host'])
  })

  test('have phones that speak what was asked for, and a proxy that understands them', () => {
    const spoken = (options: TopologyOptions): string[] =>
      fc.sample(topologies({ mostPhones: 4, ...options }), { numRuns: 30, seed: 1 }).flatMap(({ nodes }) =>
        Object.values(nodes).flatMap(({ runs }) => {
          const { program, transport = 'udp' } = (runs ?? {}) as { program?: string; transport?: string }
          return program === undefined ? [] : [`${program} ${transport}`]
        }),
      )
    const all = new Set(['proxy udp', 'proxy tcp', 'phone udp', 'phone tcp'])
    expect(new Set(spoken({}))).toEqual(all)
    expect(new Set(spoken({ transports: ['udp'] }))).toEqual(new Set(['proxy udp', 'phone udp']))
    expect(new Set(spoken({ transports: ['tcp'] }))).toEqual(new Set(['proxy tcp', 'phone tcp']))
  })

  test('have links within their bounds', () => {
    for (const { links } of fc.sample(topologies({ links: ['poor'] }), { numRuns: 50, seed: 1 })) {
      const delays = links.map(({ delay }) => Number.parseInt(String(delay), 10))
      expect(Math.max(...delays)).toBeLessThanOrEqual(LINK_BOUNDS.poor.delayMs[1])
    }
  })
})

describe('scenarios', () => {
  test('shrink to one call that is hung up', () => {
    expect(calmest(scenarios({ mostCalls: 3, mostOthers: 4 }))).toEqual([
      { at: '0 s', who: 'alice', do: 'call', to: 'sip:bob@example.com' },
      { when: 'bob is ringing', who: 'bob', do: 'answer' },
      { when: 'call is established', who: 'alice', do: 'hang up' },
    ])
  })

  test('have every verb that a phone knows', () => {
    expect(verbsOf('phone').map(({ verb }) => verb)).toEqual(Object.keys(VERBS.phone))
    const drawn = new Set(
      fc
        .sample(scenarios({ mostOthers: 5 }), { numRuns: 400, seed: 1 })
        .flatMap((steps) => steps.map((step) => step.do)),
    )
    expect([...drawn]).toEqual(expect.arrayContaining(Object.keys(VERBS.phone)))
  })
})

test('tapes shrink to nothing', () => {
  expect(calmest(faultTapes())).toEqual([])
  expect(calmest(faultTapes(), (tape) => tape.length > 0)).toEqual([
    { drop: { nth: 1, of: 'INVITE', on: 'alice -> router' } },
  ])
})

test.each<[object, string]>([
  [
    { labels: ['INVITE', 'INVTE'] },
    'labels[1]: a label such as INVITE, 200 INVITE or RTP, not "INVTE": did you mean INVITE?',
  ],
  [
    { labels: ['200 ok'] },
    'labels[0]: a label such as INVITE, 200 INVITE or RTP, not "200 ok": did you mean 200 INVITE?',
  ],
  [{ labels: [] }, 'labels: at least one, such as INVITE'],
  [{ labels: 'INVITE' }, "labels: a list such as ['INVITE'], not INVITE"],
  [{ topology: 'two-phones' }, 'topology: an object with links'],
  [{ topology: { links: [{}] } }, "topology.links[0]: a link such as { between: ['alice', 'router'] }"],
  [{ topology: { links: { a: 1 } } }, "topology.links: a list such as [{ between: ['alice', 'router'] }]"],
  [{ most: -1 }, 'most: a whole number, 0 or more, not -1'],
  [{ label: ['INVITE'] }, 'no option "label": did you mean labels?'],
])('tapes of %j are refused', (options, sentence) => {
  expect(() => faultTapes(options)).toThrow(sentence)
})

test.each<[string, () => unknown, string]>([
  ['scenarios', () => scenarios({ mostCalls: 0 }), 'scenarios: mostCalls: a whole number, 1 or more, not 0'],
  ['scenarios', () => scenarios({ topology: 'two-phones' } as object), 'scenarios: topology: an object with nodes'],
  ['topologies', () => topologies({ mostPhones: 9 }), 'topologies: mostPhones: a whole number, from 2 to 8, not 9'],
  ['topologies', () => topologies({ links: ['wifi'] } as object), 'links[0]: one of plain, local, broadband'],
  ['topologies', () => topologies({ transports: ['tls'] } as object), 'transports[0]: udp or tcp, not tls'],
  ['topologies', () => topologies({ boxes: 'nat' } as object), 'boxes: true or false, not nat'],
  ['worlds', () => worlds({ phones: 3 } as object), 'worlds: no option "phones": '],
  ['worlds', () => worlds({ tape: { labels: ['INVTE'] } }), 'faultTapes: labels[0]: a label such as'],
  ['rtpArrivals', () => rtpArrivals({ clockHz: 0 }), 'rtpArrivals: clockHz: a number above 0, not 0'],
])('%s refuses what it cannot draw', (_, draw, sentence) => {
  expect(draw).toThrow(sentence)
})

test.each<[object, string]>([
  [{}, 'topology: an object with nodes and links, such as { nodes: { alice: { … } }, links: ['],
  [{ topology: { links: LINKS } }, 'topology: an object with nodes and links, such as'],
  [{ topology: { nodes: { a: {} } } }, 'topology: an object with nodes and links, such as'],
  [{ topology: { nodes: {}, links: LINKS } }, 'topology: an object with nodes and links, such as'],
  [
    { topology: { nodes: [{}], links: LINKS } },
    "topology.nodes: nodes by their names, such as { alice: { kind: 'host' } }",
  ],
  [{ topology: { nodes: { a: null }, links: LINKS } }, "topology.nodes.a: a node such as { kind: 'host' }, not null"],
])('incidents of %j are refused', (options, sentence) => {
  expect(() => incidents(options as IncidentOptions)).toThrow(`incidents: ${sentence}`)
})

test.each(['host', 'router'])(
  'where all nodes are of the kind %s, incidents are of those that can strike it',
  (kind) => {
    const nodes = { a: { kind }, b: { kind } }
    const drawn = fc.sample(incidents({ topology: { nodes, links: LINKS } }), { numRuns: 300, seed: 1 }).flat()
    const kinds = new Set(drawn.flatMap((one) => Object.keys(one)).filter((key) => key !== 'at'))
    const ofNodes = kind === 'host' ? ['crash', 'kill', 'freeze', 'slow', 'clock'] : ['reboot']
    expect([...kinds].sort()).toEqual(['cut', 'degrade', 'flap', 'partition', ...ofNodes].sort())
  },
)

test('a partition has nodes on both sides', () => {
  const topology = { nodes: { a: { kind: 'host' }, b: { kind: 'host' } }, links: LINKS }
  const drawn = fc.sample(incidents({ topology }), { numRuns: 300, seed: 1 }).flat()
  const sides = drawn.flatMap((one) => ('partition' in one && one.partition ? [one.partition.nodes.length] : []))
  expect(new Set(sides)).toEqual(new Set([1]))
})

test('worlds run: what is drawn can be done, physical law holds, and our phones keep every rule', () => {
  fc.assert(
    fc.property(worlds({ mostPhones: 3, scenario: { mostCalls: 2 } }), ({ topology, scenario, faults }) => {
      const run = simulate(topology, scenario, { faults, until: '150 s' })
      expect(run.result.audit.violations).toEqual([])
      expect(run).toHoldTo()
    }),
    { numRuns: 15 },
  )
})

test('and so they do where all of it goes over TCP', () => {
  const options = { transports: ['tcp'], mostPhones: 3 } as const
  fc.assert(
    fc.property(worlds({ ...options, scenario: { mostCalls: 2 } }), ({ topology, scenario, faults }) => {
      const run = simulate(topology, scenario, { faults, until: '150 s' })
      expect(run.result.audit.violations).toEqual([])
      expect(run).toHoldTo()
    }),
    { numRuns: 10 },
  )
})

describe('arrivals', () => {
  test('are in the order of their times, and reception counts them', () => {
    fc.assert(
      fc.property(rtpArrivals(), (arrivals) => {
        expect(arrivals.every(({ atMs }, i) => i === 0 || atMs >= arrivals[i - 1]!.atMs)).toBe(true)
        let nowMs = 0
        const { doubles, integers, start } = new Rows(RECEPTION_WIDTH).take()
        beginReception({ doubles, integers, start }, 7)
        for (const { sequence, timestamp, atMs } of arrivals) {
          nowMs = atMs
          receivePacket(doubles, integers, start, { arrivedMs: nowMs }, sequence, timestamp, { msPerTick: 1 / 8 })
        }
        const { received, strays, lost, expected, duplicates } = reportReception({ doubles, integers, start })
        if (arrivals.length > 0) expect(received + strays).toBe(arrivals.length)
        if (strays === 0) expect(lost).toBe(Math.max(0, expected - received + duplicates))
      }),
    )
  })

  test('shrink to one packet on time', () => {
    expect(calmest(rtpArrivals(), ({ length }) => length > 0)).toEqual([
      { atMs: 0, sequence: 0, timestamp: 0, marker: true },
    ])
  })
})
