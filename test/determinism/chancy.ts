// The call that all determinism tests make: on links that lose, delay and fill up, so that whatever could differ has its chance to.

import { openFile } from '../../experiments/cli/library.ts'
import { watched } from '../../experiments/cli/tripwires.ts'
import { type Experiment, readExperiment } from '../../experiments/experiment.ts'
import { Run } from '../../experiments/run/run.ts'
import type { WorldOptions } from '../../experiments/run/world.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'

export const CHANCY = 'test/determinism/chancy-call.yaml'

/** The experiment in a file, with this seed. */
export function experiment(file: string, seed: number): Experiment {
  const reading = readExperiment(openFile(file), () => {
    throw new Error(`${file} names a topology; it should have its own`)
  })
  if (!reading.ok) throw new Error(reading.mistakes.map(({ expected }) => expected).join('\n'))
  return { ...reading.value, seed: String(seed) }
}

/** A whole run at level `everything`, in slices of `slice` events, that touches nothing real: its digests, and its records as lines of JSON. */
export function run(
  question: Experiment,
  options: Partial<WorldOptions> = {},
  slice = Number.MAX_SAFE_INTEGER,
): { readonly digests: RunDigests; readonly records: readonly TraceRecord[] } {
  const records: TraceRecord[] = []
  const sinks = [(record: TraceRecord) => records.push(record)]
  const whole = watched(() => new Run(question, { level: 'everything', ...options, sinks }))
  while (!watched(() => whole.step(slice)));
  return { digests: whole.result().digests, records }
}

/** The digests of a whole run of the chancy call. */
export function digests(seed: number, options: Partial<WorldOptions> = {}, slice?: number): RunDigests {
  return run(experiment(CHANCY, seed), options, slice).digests
}
