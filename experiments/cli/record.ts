// What `run --out` writes: trace and captures while the run goes on, the manifest and the reports at its end.

import type { TraceRecord, TraceSink } from '../../platform/trace.ts'
import { Capture } from '../captures/capture.ts'
import type { Experiment } from '../experiment.ts'
import { drawLadder } from '../ladder/draw.ts'
import { Ladder } from '../ladder/ladder.ts'
import { plotsOf, printReport } from '../reports/report.ts'
import { Timelines } from '../reports/series.ts'
import { linkFacts } from '../run/links.ts'
import { type Manifest, printManifest } from '../run/manifest.ts'
import type { RunResult } from '../run/run.ts'
import { Statistics } from '../statistics/statistics.ts'
import { TraceWriter } from '../trace/write.ts'
import type { RunFolder } from './folder.ts'
import { ladderNodes } from './print.ts'
import { versionsHere } from './versions.ts'

const REPORT_COLUMNS = 120

/** Writes into a folder as records come. */
export interface Recording {
  readonly sink: TraceSink
  /** Once, when the run has ended, however it did. */
  end(): void
  /** Writes what is made of the whole run. */
  report(manifest: Manifest, result: RunResult, facts: object): void
}

/** Begins to write the trace, and captures of each of `nodes`, with one of all where `nodes` is all of them. */
export function recordInto(folder: RunFolder, experiment: Experiment, nodes: readonly string[]): Recording {
  const all = ladderNodes(experiment.topology)
  const directions = linkFacts(experiment.topology, [])
  const trace = folder.stream('trace.jsonl')
  const writer = new TraceWriter()
  let records = 0
  const capture = captureInto(folder, experiment, nodes)
  const folds = {
    statistics: new Statistics(directions),
    timelines: new Timelines(),
    ladder: new Ladder({ nodes: all }),
  }
  return {
    sink: (record: TraceRecord) => {
      records++
      trace.add(`${writer.line(record)}\n`)
      capture.record(record)
      for (const fold of Object.values(folds)) fold.record(record)
    },
    end: () => capture.end(),
    report: (manifest, result, facts) => {
      const ladder = drawLadder(folds.ladder, { nodes: all, width: REPORT_COLUMNS, color: false })
      const { statistics } = folds.statistics
      const plots = plotsOf(folds.timelines)
      for (const { name, svg } of plots) folder.write(name, svg)
      folder.write('report.md', printReport({ ...manifest, result, ladder, statistics }, plots))
      folder.write('report.json', `${JSON.stringify({ ...facts, ...statistics, ladder }, null, 2)}\n`)
      folder.write('manifest.json', printManifest({ ...manifest, records }))
    },
  }
}

function captureInto(folder: RunFolder, experiment: Experiment, nodes: readonly string[]): Capture {
  const all = ladderNodes(experiment.topology)
  const file = (name: string, node?: string) => {
    const stream = folder.stream(name)
    return { ...(node !== undefined && { node }), write: (bytes: Uint8Array) => stream.add(bytes) }
  }
  const each = nodes.map((node) => file(`capture/${node}.pcapng`, node))
  return new Capture({
    nodes: all,
    directions: linkFacts(experiment.topology, []),
    application: `siptwin ${versionsHere().siptwin}`,
    outputs: nodes.length === all.length ? [...each, file('capture.pcapng')] : each,
  })
}
