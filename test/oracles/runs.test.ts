// The oracles on runs of the ready-made experiments: our own stack keeps the rules that it claims to keep.

import { describe, expect, test } from 'vitest'
import { namesOn, open, topologiesBeside } from '../../experiments/cli/library.ts'
import { readExperiment } from '../../experiments/experiment.ts'
import { EXACT, Jury } from '../../experiments/oracles/jury.ts'
import { Run } from '../../experiments/run/run.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

describe('every ready-made experiment keeps the rules', () => {
  test.each(namesOn('experiments'))('%s', (name) => {
    const document = open('experiments', name)
    const reading = readExperiment(document, topologiesBeside(document.file))
    if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
    const jury = new Jury(EXACT)
    const run = new Run(reading.value, { level: 'everything', sinks: [(record) => jury.record(record)] })
    while (!run.step(Number.MAX_SAFE_INTEGER));
    const verdicts = jury.end(run.now)
    const broken = verdicts.flatMap(({ name, violations }) =>
      violations.map(({ sentence, proofs }) => `${name}: ${sentence} (${proofs.join(', ')})`),
    )
    expect(broken).toEqual([])
    if (process.env.SHOW) console.log(name, verdicts.map(({ name, exercised }) => `${name} ${exercised}`).join('; '))
  })
})
