// Wrong, absurd and contradictory words on links: each is refused where it stands, or what it says can be run.

import { fc, test as law } from '@fast-check/vitest'
import { expect } from 'vitest'
import { simulatedDirection } from '../../topologies/links/simulated.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'
import { runLink } from '../sim/network/queues/bench.ts'

/** What a link may say; `@` is where a value stands. */
const WORDS = [
  ...['rate: @', 'delay: @', 'jitter: @', 'jitter: { most: @, reorders: @ }', 'loss: @', 'corruption: @', 'framing: @'],
  ...['jitter: { law: @, deviation: @, correlation: @ }', 'jitter: { law: right-skewed, mean: @, deviation: @ }'],
  ...[
    'jitter: { law: uniform, spread: @ }',
    'jitter: { law: measured, values: [@, @] }',
    'jitter: { law: pareto, deviation: @ }',
  ],
  ...['loss: { random: @, correlation: @ }', 'loss: { gilbert-elliott: { mean: @, burst: @ } }'],
  ...['loss: { gemodel: { p: @, r: @, 1-h: @ } }', 'loss: { four-states: { p13: @, p31: @, p32: @, p23: @, p14: @ } }'],
  ...['loss: { windows: [{ from: @, until: @, loss: @ }] }', 'duplication: { ratio: @, after: @ }', 'duplication: @'],
  ...['reordering: { ratio: @, by: @, gap: @ }', 'queue: @', 'queue: { discipline: @ }', 'rate: 1 Mbps, queue: @'],
  ...['rate: 1 Mbps, queue: { discipline: priority, bands: [@, [@]], limit: @ }'],
  ...['rate: 1 Mbps, queue: { discipline: weighted, classes: [{ dscp: @, weight: @ }], rest: @ }'],
  ...['rate: 1 Mbps, queue: { discipline: codel, target: @, interval: @, limit: @ }'],
  ...['rate: 1 Mbps, queue: { discipline: fq-codel, flows: @, quantum: @, limit: @ }'],
  ...['rate: 1 Mbps, queue: { discipline: red, min: @, max: @, chance: @, weight: @ }'],
  ...['policer: { rate: @, burst: @ }', 'shaper: { rate: @, burst: @ }', 'opportunities: @', 'trace: @', 'mtu: @'],
  ...[
    'netem: @',
    'netem: "delay @ @ @ loss @"',
    'netem: "rate @ @ @ @ limit @"',
    'netem: "slot @ @ packets @ bytes @"',
  ],
  ...[
    'netem: "loss gemodel @ @ @ @ reorder @ gap @ delay @"',
    'changes: [{ at: @, rate: @, delay: @ }]',
    'up: @',
    'profile: @',
  ],
]
const VALUES = [
  ...['0', '-1', '1', '1e999', '.nan', '~', '""', '[]', '{}', 'true', '"1 2 3"', '*', 'EF', '63', '64', '1000000'],
  ...['0 ms', '5 ms', '1 d', '2 d', '100 d', '999999999999999 d', '-5 ms', '1 ns', '0.0000001 ns', '20 mz', 'normal'],
  ...[
    '0 %',
    '50 %',
    '100 %',
    '101 %',
    '-1 %',
    '1 ppm',
    '1 bps',
    '100 bps',
    '999999999999999 Gbps',
    '0 B',
    '64 kB',
    '9e9 GB',
  ],
  ...[
    '0 packets',
    '1 packets',
    'priority',
    'codel',
    'lte',
    'wi-fi',
    '10ms',
    '1%',
    '200%',
    '10mbit',
    '999999999999s',
    '٣ ms',
  ],
]

const link = fc.constantFrom(...WORDS).chain((word) => {
  const places = word.split('@')
  return fc
    .array(fc.constantFrom(...VALUES), { minLength: places.length - 1, maxLength: places.length - 1 })
    .map((values) => places.map((part, n) => part + (values[n] ?? '')).join(''))
})

law.prop([link], { numRuns: 500 })('any word with any value', (words) => {
  const text = `nodes:
  a: { kind: host, address: 192.0.2.1/24 }
  b: { kind: host, address: 192.0.2.2/24 }
links:
  - { between: [a, b], ${words} }
`
  const reading = readTopology(readYaml('t.yaml', text))
  if (!reading.ok) {
    for (const mistake of reading.mistakes) expect(printMistake(mistake)).toMatch(/^t\.yaml:[56]:\d+: .{10}/)
    return
  }
  const packets = Array.from({ length: 12 }, (_, n) => ({ atMs: n, bytes: 28 + 100 * n }))
  const { changes: _, ...up } = reading.value.links[0]!.up!
  const { network } = runLink(simulatedDirection(up), packets)
  const { sent, duplicated, delivered, lost } = network.recorder.totals()
  expect(sent + duplicated).toBe(delivered + lost)
  expect(network.inFlight).toBe(0)
})
