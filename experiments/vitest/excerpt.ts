// What a failure shows: the ladder, or as much of it as stands around the fault.

import type { TraceRecord } from '../../platform/trace.ts'
import { ladderNodes } from '../cli/print.ts'
import type { Experiment } from '../experiment.ts'
import { drawEach, drawLadder } from '../ladder/draw.ts'
import { Ladder } from '../ladder/ladder.ts'
import type { Row } from '../ladder/row.ts'

const BEFORE = 14
const AFTER = 8
/** A failure shows no more rows of a run than these. */
const MOST = 100_000
const WIDTH = 100

/** The lines of the whole ladder. */
export function ladderOf(experiment: Experiment, trace: readonly TraceRecord[], width: number): readonly string[] {
  const nodes = ladderNodes(experiment.topology)
  const ladder = new Ladder({ nodes })
  for (const record of trace) ladder.record(record)
  return drawLadder(ladder, { nodes, width })
}

/** All rows of a ladder, and its columns. */
export function rowsOf(experiment: Experiment, trace: readonly TraceRecord[]): Ladder {
  const ladder = new Ladder({ nodes: ladderNodes(experiment.topology), first: MOST })
  for (const record of trace) ladder.record(record)
  return ladder
}

/** The ladder around `at` (ns), with a line that says what is wrong there. */
export function ladderAround(
  experiment: Experiment,
  trace: readonly TraceRecord[],
  at: number,
  sentence: string,
): readonly string[] {
  const ladder = rowsOf(experiment, trace)
  const { rows } = ladder
  const place = rows.findIndex((row) => row.at > at)
  const here = place < 0 ? rows.length : place
  const from = Math.max(0, here - BEFORE)
  const shown = rows.slice(from, here + AFTER)
  const { heading, lines } = drawEach(shown, shown, columnsOf(ladder, shown), {
    nodes: ladderNodes(experiment.topology),
    width: WIDTH,
  })
  const left = rows.length - from - shown.length
  return [
    ...heading,
    ...(from > 0 ? [`  … ${counted(from)} before`] : []),
    ...lines.slice(0, here - from).flat(),
    `▶${(at / 1e9).toFixed(3).padStart(9)}  ${sentence}`,
    ...lines.slice(here - from).flat(),
    ...(left > 0 ? [`  … ${counted(left)} after`] : []),
  ]
}

function counted(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`
}

/** The columns of the nodes that the rows speak of. */
function columnsOf({ columns }: Ladder, rows: readonly Row[]): readonly string[] {
  const spoken = new Set(
    rows.flatMap((row) => {
      if (row.kind === 'across') return []
      return row.kind === 'arrow' ? [row.from, row.to] : row.kind === 'note' ? [row.node] : [row.left, row.right]
    }),
  )
  return columns.filter((name) => spoken.has(name))
}
