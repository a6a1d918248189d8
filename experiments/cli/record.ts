// What `run --out` writes while the run goes on: its captures.

import type { TraceSink } from '../../platform/trace.ts'
import { Capture } from '../captures/capture.ts'
import type { Experiment } from '../experiment.ts'
import { linkFacts } from '../run/links.ts'
import type { RunFolder } from './folder.ts'
import { ladderNodes } from './print.ts'
import { versionsHere } from './versions.ts'

/** Writes into a folder as records come. */
export interface Recording {
  readonly sink: TraceSink
  /** Once, when the run has ended, however it did. */
  end(): void
}

/** Begins to write captures: of each of `nodes`, and one of all where `nodes` is all of them. */
export function recordInto(folder: RunFolder, experiment: Experiment, nodes: readonly string[]): Recording {
  const all = ladderNodes(experiment.topology)
  const file = (name: string, node?: string) => {
    const stream = folder.stream(name)
    return { ...(node !== undefined && { node }), write: (bytes: Uint8Array) => stream.add(bytes) }
  }
  const each = nodes.map((node) => file(`capture/${node}.pcapng`, node))
  const capture = new Capture({
    nodes: all,
    directions: linkFacts(experiment.topology, []),
    application: `siptwin ${versionsHere().siptwin}`,
    outputs: nodes.length === all.length ? [...each, file('capture.pcapng')] : each,
  })
  return { sink: (record) => capture.record(record), end: () => capture.end() }
}
