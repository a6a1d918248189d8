import { describe, expect, test } from 'vitest'
import { namesOn, open, topologiesBeside } from '../../experiments/cli/library.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { readTopology } from '../../topologies/topology.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

/** The ready-made experiment of that name; its mistakes are the test's failure. */
function experimentOf(name: string): Experiment {
  const document = open('experiments', name)
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return reading.value
}

describe('every ready-made experiment is answered as it expects', () => {
  test.each(namesOn('experiments'))('%s', (name) => {
    const result = runWhole(experimentOf(name))
    const failed = result.expectations.filter(({ state }) => state !== 'held')
    expect(failed.map(({ text, because }) => `${text}: ${because}`)).toEqual([])
    expect(result.unfinished).toEqual([])
    expect(result.unmatchedFaults).toEqual([])
    expect(result.audit.violations).toEqual([])
    expect(result.expectations.length).toBeGreaterThan(0)
  })
})

test.each(namesOn('topologies'))('the ready-made topology %s is sound', (name) => {
  const reading = readTopology(open('topologies', name))
  expect(reading.ok ? [] : reading.mistakes.map(printMistake)).toEqual([])
})
