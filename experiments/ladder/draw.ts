// Draws a ladder for a terminal: between columns, or as a list where there are too many of them.

import { arrange } from './columns.ts'
import type { Ladder, LadderNode } from './ladder.ts'
import { paintFor } from './line.ts'
import { List } from './list.ts'
import { Pen } from './pen.ts'
import type { Row } from './row.ts'
import { textOf } from './words.ts'

export interface DrawOptions {
  readonly nodes: readonly LadderNode[]
  /** Characters per line, 40 or more; default 100. */
  readonly width?: number
  /** Whether to colour; default false. NO_COLOR, FORCE_COLOR and terminals are the caller's affair. */
  readonly color?: boolean
}

/** The lines of a ladder, without line ends. Empty for a run in which nobody said anything. */
export function drawLadder(ladder: Ladder, options: DrawOptions): readonly string[] {
  return drawRows(ladder.rows, ladder.leftOut, ladder.tail, ladder.columns, options)
}

function drawRows(
  rows: readonly Row[],
  leftOut: number,
  tail: readonly Row[],
  columns: readonly string[],
  options: DrawOptions,
): readonly string[] {
  if (rows.length === 0) return []
  const pen = penFor([...rows, ...tail], columns, options)
  const gap = leftOut > 0 ? [pen.gap(leftOut)] : []
  return [
    ...pen.heading(options.nodes),
    ...rows.flatMap((row) => pen.row(row)),
    ...gap,
    ...tail.flatMap((row) => pen.row(row)),
  ]
}

/** Rows by themselves, each with its lines, in columns (in the order of `columns`) that have room for `all` of a ladder's rows. */
export function drawEach(
  rows: readonly Row[],
  all: readonly Row[],
  columns: readonly string[],
  options: DrawOptions,
): { readonly heading: readonly string[]; readonly lines: readonly (readonly string[])[] } {
  const pen = penFor(all, columns, options)
  return { heading: pen.heading(options.nodes), lines: rows.map((row) => pen.row(row)) }
}

function penFor(
  rows: readonly Row[],
  columns: readonly string[],
  { nodes, width = 100, color = false }: DrawOptions,
): Pen | List {
  const arranged = arrange(rows, columns, nodes, Math.max(40, width), textOf)
  const fits = (arranged.at.at(-1) ?? 0) < arranged.width
  return fits ? new Pen(arranged, paintFor(color)) : new List(arranged, paintFor(color))
}
