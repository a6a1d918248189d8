// Every ready-made experiment: run once, and asked for all that holds of a run. It answers as expected and is the same run as ever, our own
// stack keeps the rules that it claims to keep, and every loss, repeat and refusal has an answer that ends where the scenario or a program began.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { namesOn, open, packageRoot, topologiesBeside } from '../../experiments/cli/library.ts'
import { ladderNodes } from '../../experiments/cli/print.ts'
import { watched } from '../../experiments/cli/tripwires.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { readLabel } from '../../experiments/labels.ts'
import { EXACT, Jury } from '../../experiments/oracles/jury.ts'
import { Run } from '../../experiments/run/run.ts'
import { History } from '../../experiments/why/history.ts'
import type { Sent, TraceRecord } from '../../platform/trace.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'
import { readTopology } from '../../topologies/topology.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'
import { answersOf, isPoor } from './answers.ts'

// What each ready-made experiment's run is, to the bit, on every machine. After a change that is meant to change runs:
//   npm run pin
const FILE = join(packageRoot(), 'test/digests.json')
const pinned = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, RunDigests>>
const pinning = process.env.PIN_DIGESTS === '1'
const digests: Record<string, RunDigests> = {}

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
  'wrong-content-length': ['ACK of a refusal', 'ACK fits its INVITE', 'Content-Length'],
}

/** Those in which nobody speaks SIP or sends media: the oracles have nothing to judge. */
const SILENT = ['nat-discovery', 'ping-through-nat']

/** The ready-made experiment of that name; its mistakes are the test's failure. */
function experimentOf(name: string): Experiment {
  const document = open('experiments', name)
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  expect(reading.remarks).toBeUndefined()
  return reading.value
}

/** Runs the experiment with all wires armed: its result, the rules' verdicts, and its whole record. */
function runOf(name: string) {
  const experiment = experimentOf(name)
  const jury = new Jury(EXACT)
  const history = new History(ladderNodes(experiment.topology))
  const sinks = [(record: TraceRecord) => jury.record(record), (record: TraceRecord) => history.record(record)]
  const run = watched(() => new Run(experiment, { level: 'everything', sinks }))
  watched(() => {
    while (!run.step(Number.MAX_SAFE_INTEGER));
  })
  return { result: run.result(), verdicts: jury.end(run.now), history, records: history.records }
}

describe.each(namesOn('experiments'))('%s', (name) => {
  let ran: ReturnType<typeof runOf> | undefined
  beforeAll(() => {
    ran = runOf(name)
  })
  afterAll(() => {
    ran = undefined
  })

  test('is answered as it expects, and is the same run as ever', () => {
    const { result } = ran!
    const failed = result.expectations.filter(({ state }) => state !== 'held')
    expect(failed.map(({ text, because }) => `${text}: ${because}`)).toEqual([])
    expect(result.unfinished).toEqual([])
    expect(result.unmatchedFaults).toEqual([])
    expect(result.audit.violations).toEqual([])
    expect(result.expectations.length).toBeGreaterThan(0)
    const labels = new Set(ran!.records.flatMap((record) => ('packet' in record ? [record.packet.label.name] : [])))
    expect([...labels].filter((label) => !readLabel(label).ok)).toEqual([])
    digests[name] = result.digests
    if (!pinning) expect(result.digests).toEqual(pinned[name])
  })

  test('keeps the rules', () => {
    const { verdicts } = ran!
    const broken = verdicts.filter(({ state }) => state === 'violated')
    const sentences = broken.flatMap(({ name, violations }) => violations.map(({ sentence }) => `${name}: ${sentence}`))
    expect(
      broken.map(({ name }) => name),
      sentences.join('\n'),
    ).toEqual(BROKEN[name] ?? [])
    expect(verdicts.some(({ state }) => state === 'holds')).toBe(!SILENT.includes(name))
  })

  test('every cause is on record, and leads back to what the scenario asked or a program began', () => {
    const { history, records } = ran!
    const roots = records.map((record) => history.causesOf(record).at(-1))
    const odd = roots.filter((root) => root?.cause !== null || !/asked|faulted|transition|remark|sent/.test(root.kind))
    expect(odd).toEqual([])
  })

  test('every loss, repeat and refusal is explained', () => {
    const { history, records } = ran!
    expect(answersOf(history, records, 100).filter(isPoor)).toEqual([])
  })

  test('what is called a repeat was said before, by the same node to the same place', () => {
    const { history, records } = ran!
    const repeats = records.filter(
      (record): record is Sent => record.kind === 'sent' && history.again(record.id) !== undefined,
    )
    expect(repeats.filter((record) => history.earlierSendings(record).length === 0)).toEqual([])
  })
})

test.skipIf(pinning)('no digest is pinned for what is not there', () => {
  expect(Object.keys(pinned)).toEqual(namesOn('experiments'))
})

afterAll(() => {
  if (pinning) writeFileSync(FILE, `${JSON.stringify(digests, null, 2)}\n`)
})

test.each(namesOn('topologies'))('the ready-made topology %s is sound', (name) => {
  const reading = readTopology(open('topologies', name))
  expect(reading.ok ? [] : reading.mistakes.map(printMistake)).toEqual([])
})
