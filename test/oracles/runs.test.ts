// The oracles on runs of the ready-made experiments: our own stack keeps the rules that it claims to keep.

import { describe, expect, test } from 'vitest'
import { namesOn, open, topologiesBeside } from '../../experiments/cli/library.ts'
import { readExperiment } from '../../experiments/experiment.ts'
import { EXACT, Jury } from '../../experiments/oracles/jury.ts'
import { Run } from '../../experiments/run/run.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

/** What these experiments are about is a rule broken: by boxes that change ports, by hosts in trouble, by a sender that says what it is told. */
const BROKEN: Readonly<Record<string, readonly string[]>> = {
  // Boxes that rewrite ports or bodies take the media away from one side.
  'alg-breaks': ['no one-way audio'],
  // A phone whose clock is slow refreshes when its own clock says so.
  'clock-drifts': ['refresh before expiry'],
  // Both are about just that.
  'field/drops-at-32-s': ['no one-way audio'],
  'field/one-way-audio': ['no one-way audio'],
  // Bob talks to a caller who never hears of his answer.
  'proxy-restart': ['no one-way audio'],
  // A processor that is busy keeps no timer: the 180 stands in line before it.
  'slow-proxy': ['Timer A'],
  'wrong-content-length': ['ACK of a refusal', 'ACK fits its INVITE', 'Content-Length'],
}

/** Those in which nobody speaks SIP or sends media: the oracles have nothing to judge. */
const SILENT = ['nat-discovery']

describe('every ready-made experiment keeps the rules', () => {
  test.each(namesOn('experiments'))('%s', (name) => {
    const document = open('experiments', name)
    const reading = readExperiment(document, topologiesBeside(document.file))
    if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
    const jury = new Jury(EXACT)
    const run = new Run(reading.value, { level: 'everything', sinks: [(record) => jury.record(record)] })
    while (!run.step(Number.MAX_SAFE_INTEGER));
    const verdicts = jury.end(run.now)
    const broken = verdicts.filter(({ state }) => state === 'violated')
    const sentences = broken.flatMap(({ name, violations }) => violations.map(({ sentence }) => `${name}: ${sentence}`))
    expect(
      broken.map(({ name }) => name),
      sentences.join('\n'),
    ).toEqual(BROKEN[name] ?? [])
    expect(verdicts.some(({ state }) => state === 'holds')).toBe(!SILENT.includes(name))
  })
})
