// A run of a ready-made experiment judged twice: by the oracles in it, and by an audit of its capture of all interfaces.

import { Capture, type CaptureOutput } from '../../experiments/captures/capture.ts'
import { type Inspected, Inspection } from '../../experiments/captures/inspection.ts'
import { open, topologiesBeside } from '../../experiments/cli/library.ts'
import { ladderNodes } from '../../experiments/cli/print.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { EXACT, Jury } from '../../experiments/oracles/jury.ts'
import type { Conditions, OracleVerdict } from '../../experiments/oracles/oracle.ts'
import { linkFacts } from '../../experiments/run/links.ts'
import { Run } from '../../experiments/run/run.ts'
import { printMistake } from '../../topologies/yaml/mistake.ts'

/** What the run's oracles say, and what the audit finds. */
export interface Audited {
  readonly judged: readonly OracleVerdict[]
  readonly found: Inspected
}

/** Runs a ready-made experiment and audits its capture, with the eyes of a capture or with those given. */
export function audited(name: string, conditions?: Conditions): Audited {
  const inspection = new Inspection(conditions)
  const judged = captured(name, (bytes) => inspection.push(bytes))
  return { judged, found: inspection.end() }
}

/** Runs a ready-made experiment, writes its capture of all interfaces, and gives what its oracles say. */
export function captured(name: string, write: (bytes: Uint8Array) => void): readonly OracleVerdict[] {
  const document = open('experiments', name)
  const reading = readExperiment(document, topologiesBeside(document.file))
  if (!reading.ok) throw new Error(reading.mistakes.map(printMistake).join('\n'))
  return capturedRun(reading.value, [{ write }])
}

/** Runs an experiment, writes its captures, and gives what its oracles say. */
function capturedRun(experiment: Experiment, outputs: readonly CaptureOutput[]): readonly OracleVerdict[] {
  const jury = new Jury(EXACT)
  const capture = new Capture({
    nodes: ladderNodes(experiment.topology),
    directions: linkFacts(experiment.topology, []),
    application: 'test',
    outputs,
  })
  const run = new Run(experiment, {
    level: 'everything',
    sinks: [(record) => jury.record(record), (record) => capture.record(record)],
  })
  while (!run.step(Number.MAX_SAFE_INTEGER));
  capture.end()
  return jury.end(run.now)
}

/** Runs an experiment and audits its capture of all interfaces, under the empty name, and each node's. */
export function auditedEverywhere(
  experiment: Experiment,
  conditions?: Conditions,
): {
  readonly judged: readonly OracleVerdict[]
  readonly found: ReadonlyMap<string, Inspected>
} {
  const places = ['', ...ladderNodes(experiment.topology).map(({ name }) => name)]
  const inspections = new Map(places.map((place) => [place, new Inspection(conditions)]))
  const outputs = [...inspections].map(([place, inspection]) => ({
    ...(place === '' ? {} : { node: place }),
    write: (bytes: Uint8Array) => inspection.push(bytes),
  }))
  const judged = capturedRun(experiment, outputs)
  return { judged, found: new Map([...inspections].map(([place, inspection]) => [place, inspection.end()])) }
}

/** The rules that are violated. */
export function violated(verdicts: readonly OracleVerdict[]): readonly string[] {
  return verdicts.filter(({ state }) => state === 'violated').map(({ name }) => name)
}

/** What is said of violations, with its proofs. */
export function sentences(verdicts: readonly OracleVerdict[]): string {
  return verdicts
    .flatMap(({ name, violations }) =>
      violations.slice(0, 5).map(({ sentence, proofs }) => `${name}: ${sentence} [${proofs.join(', ')}]`),
    )
    .join('\n')
}

/** What a run knows and its capture does not show. */
export const UNSEEN: Readonly<Record<string, readonly string[]>> = {
  // Late by less than an audit allows for.
  'clock-drifts': ['refresh before expiry'],
  // It was refused once: a capture may have missed the ACK.
  'wrong-content-length': ['ACK of a refusal'],
}
