// Damaged files: each is refused at a place in it, or is sound; and what is sound runs without a bug of ours.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { namesOn, packageRoot } from '../../experiments/cli/library.ts'
import { readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { type Mistake, printMistake } from '../../topologies/yaml/mistake.ts'
import { NETWORK } from './everyKey.ts'
import { damageText, pick, soakCount, soakStream } from './mutation.ts'

const WORDS = [
  ...['', ' ', ':', '- ', '{', '}', '[', ']', '"', "'", '#', '&a', '*a', '!!x', '|', '\n', '\t', '~', 'null', 'true'],
  ...['0', '-1', '1e999', '9'.repeat(40), 'NaN', '0 ms', '-5 ms', '1e-30 s', '20 mz', '200 %', '1 bps', '64 kB', '∞'],
  ...[
    'alice',
    'bob',
    'router',
    'nobody',
    '__proto__',
    'constructor',
    '255.255.255.255/0',
    '192.0.2.10',
    '::/0',
    '300.1.1.1/24',
  ],
  ...[
    '\u0000',
    '\ud83d',
    'é',
    'kind: nat',
    'when: bob is ringing',
    'at: 0 s',
    'do: call',
    'gateway: alice',
    'netem: slot',
    '1e9%',
    'gap',
    '%',
    'EF',
    'law: pareto',
  ],
]

const texts = (shelf: 'topologies' | 'experiments') =>
  namesOn(shelf).map((name) => readFileSync(join(packageRoot(), shelf, `${name}.yaml`), 'utf8'))
/** Whatever links may say, since the ready-made topologies say little of it. */
const LINKS = `nodes:
  a: { kind: host, address: 192.0.2.1/24 }
  b: { kind: host, address: 192.0.2.2/24, runs: { program: load, to: 192.0.2.1, rate: 1 Mbps, pattern: on-off, on: 1 s } }
  c: { kind: host, address: 192.0.2.3/24 }
links:
  - between: [a, b]
    jitter: { law: right-skewed, mean: 4 ms, deviation: 9 ms, correlation: 25 %, reorders: true }
    loss: { windows: [{ from: 1 s, until: 2 s, loss: { gemodel: { p: 1 %, r: 10 %, 1-h: 70 % } } }] }
    reordering: { ratio: 1 %, by: 10 ms, gap: 3 }
    queue: { discipline: fq-codel, target: 5 ms, interval: 100 ms, flows: 1024, quantum: 1514 B, limit: 10 packets }
    netem: "delay 100ms 20ms 25% distribution normal loss state 1% 90% reorder 25% 50% gap 5 rate 1mbit 4 48 5"
    changes: [{ at: 10 s, rate: 1 Mbps, loss: { gilbert-elliott: { mean: 1 %, burst: 3 } } }]
    up: { policer: { rate: 1 Mbps, burst: 3 kB }, queue: { discipline: priority, bands: [EF, [AF41, 26]] } }
    down: { shaper: { rate: 1 Mbps, burst: 3 kB }, queue: { discipline: red, min: 5 kB, max: 15 kB } }
  - between: [b, c]
    duplication: { ratio: 1 %, after: 3 ms }
    corruption: 1 ppm
    up: { trace: "t_rel_s,seq,rtp_ts\\n0,1,0\\n0.02,2,160" }
    down: { opportunities: "1 2 2 3", jitter: { law: measured, values: [1 ms, 2 ms] } }
`
const topologies = new Map(
  namesOn('topologies').map((name) => [name, readFileSync(join(packageRoot(), 'topologies', `${name}.yaml`), 'utf8')]),
)

function expectLocated(mistakes: readonly Mistake[]): void {
  expect(mistakes.length).toBeGreaterThan(0)
  for (const mistake of mistakes) expect(printMistake(mistake)).toMatch(/^damaged\.yaml:\d+:\d+: .+/)
}

/** Runs what was accepted for a second of its time and a few thousand events. */
function expectToRun(run: Run): void {
  for (let slices = 0; slices < 20 && !run.step(200); slices++);
  expect(run.result().audit.violations).toEqual([])
}

describe('damaged files', () => {
  test('topologies are refused at a place, or sound', () => {
    const stream = soakStream('soak/topologies')
    const originals = [...texts('topologies'), LINKS, LINKS, NETWORK]
    for (let n = soakCount(100_000); n > 0; n--) {
      const reading = readTopology(readYaml('damaged.yaml', damageText(stream, pick(stream, originals), WORDS)))
      if (!reading.ok) expectLocated(reading.mistakes)
    }
  })

  test('experiments are refused at a place, or run', () => {
    const stream = soakStream('soak/experiments')
    const originals = texts('experiments')
    for (let n = soakCount(100_000); n > 0; n--) {
      const text = damageText(stream, pick(stream, originals), WORDS)
      const reading = readExperiment(readYaml('damaged.yaml', text), (name) => {
        const found = topologies.get(name)
        return found === undefined
          ? { hint: 'none' }
          : readYaml('damaged.yaml', stream.chance(0.5) ? found : damageText(stream, found, WORDS))
      })
      if (reading.ok) expectToRun(new Run(reading.value, { level: 'signalling', until: 1e9 }))
      else expectLocated(reading.mistakes)
    }
  })
})
