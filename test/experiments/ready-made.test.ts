import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { namesOn, open, packageRoot, topologiesBeside } from '../../experiments/cli/library.ts'
import { watched } from '../../experiments/cli/tripwires.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { runWhole } from '../../experiments/run/run.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'
import { readTopology } from '../../topologies/topology.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

// What each ready-made experiment's run is, to the bit, on every machine. After a change that is meant to change runs:
//   npm run pin
const FILE = join(packageRoot(), 'test/digests.json')
const pinned = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, RunDigests>>
const pinning = process.env.PIN_DIGESTS === '1'
const digests: Record<string, RunDigests> = {}

/** The ready-made experiment of that name; its mistakes are the test's failure. */
function experimentOf(name: string): Experiment {
  const document = open('experiments', name)
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}

describe('every ready-made experiment is answered as it expects, and is the same run as ever', () => {
  test.each(namesOn('experiments'))('%s', (name) => {
    const result = watched(() => runWhole(experimentOf(name), 'everything'))
    const failed = result.expectations.filter(({ state }) => state !== 'held')
    expect(failed.map(({ text, because }) => `${text}: ${because}`)).toEqual([])
    expect(result.unfinished).toEqual([])
    expect(result.unmatchedFaults).toEqual([])
    expect(result.audit.violations).toEqual([])
    expect(result.expectations.length).toBeGreaterThan(0)
    digests[name] = result.digests
    if (!pinning) expect(result.digests).toEqual(pinned[name])
  })

  test.skipIf(pinning)('no digest is pinned for what is not there', () => {
    expect(Object.keys(pinned)).toEqual(namesOn('experiments'))
  })

  afterAll(() => {
    if (pinning) writeFileSync(FILE, `${JSON.stringify(digests, null, 2)}\n`)
  })
})

test.each(namesOn('topologies'))('the ready-made topology %s is sound', (name) => {
  const reading = readTopology(open('topologies', name))
  expect(reading.ok ? [] : reading.mistakes.map(printMistake)).toEqual([])
})
