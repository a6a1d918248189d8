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
  ...['\u0000', '\ud83d', 'é', 'kind: nat', 'when: bob is ringing', 'at: 0 s', 'do: call', 'gateway: alice'],
]

const texts = (shelf: 'topologies' | 'experiments') =>
  namesOn(shelf).map((name) => readFileSync(join(packageRoot(), shelf, `${name}.yaml`), 'utf8'))
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
    const originals = texts('topologies')
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
