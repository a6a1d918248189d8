// Two runs side by side, from their first difference on, as ladders.

import { printDuration } from '../../platform/units.ts'
import { type DrawOptions, drawEach } from '../ladder/draw.ts'
import { Ladder } from '../ladder/ladder.ts'
import type { Row } from '../ladder/row.ts'
import { type Aligned, align, isSame } from './align.ts'
import type { Parting, RecordedTrace } from './first.ts'

/** Rows compared on each side, at most. */
const ROWS = 400
/** Narrower than this, the ladders stand one under the other. */
const SIDE_BY_SIDE = 120

/** The lines: what the first difference is, and the two ladders from it on. `=` the same, `~` at another time or with another fate. */
export function drawDiff(
  left: RecordedTrace,
  right: RecordedTrace,
  parting: Parting,
  options: DrawOptions,
): readonly string[] {
  const rows = [left, right].map((trace) => rowsFrom(trace, parting.from, options)) as [Rows, Rows]
  const agreed =
    parting.same === 0
      ? 'The runs differ from the start.'
      : `The runs are the same up to ${printDuration(parting.at)} (${parting.same} records). Then they part:`
  const aligned = align(rows[0].rows, rows[1].rows)
  const { columns } = rows[0]
  const more = rows[0].more + rows[1].more
  const drawn =
    (options.width ?? 100) >= SIDE_BY_SIDE ? beside(aligned, columns, options) : below(aligned, columns, options)
  return [agreed, '', ...drawn, ...(more === 0 ? [] : [`… and ${more} more rows`])]
}

interface Rows {
  readonly rows: readonly Row[]
  readonly more: number
  readonly columns: readonly string[]
}

function rowsFrom(trace: RecordedTrace, from: number, { nodes }: DrawOptions): Rows {
  const ladder = new Ladder({ nodes, from, first: ROWS, last: 1 })
  for (const record of trace.records()) ladder.record(record)
  return { rows: ladder.rows, more: ladder.leftOut + ladder.tail.length, columns: ladder.columns }
}

function beside(aligned: readonly Aligned[], columns: readonly string[], options: DrawOptions): readonly string[] {
  const half = Math.floor(((options.width ?? 100) - 3) / 2)
  const [left, right] = sides(aligned, columns, { ...options, width: half })
  const join = (a: readonly string[], b: readonly string[], sign: string): string[] => {
    const lines: string[] = []
    for (let n = 0; n < Math.max(a.length, b.length); n += 1) {
      lines.push(`${pad(a[n] ?? '', half)} ${n === 0 ? sign : ' '} ${b[n] ?? ''}`.trimEnd())
    }
    return lines
  }
  return [
    ...join(left.heading, right.heading, ' '),
    ...aligned.flatMap((pair, n) => join(left.lines[n] ?? [], right.lines[n] ?? [], signOf(pair))),
  ]
}

function below(aligned: readonly Aligned[], columns: readonly string[], options: DrawOptions): readonly string[] {
  const [left, right] = sides(aligned, columns, { ...options, width: (options.width ?? 100) - 2 })
  const lines = (side: typeof left): string[] => [
    ...side.heading.map((line) => `  ${line}`),
    ...aligned.flatMap((pair, n) =>
      (side.lines[n] ?? []).map((line, index) => `${index === 0 ? signOf(pair) : ' '} ${line}`),
    ),
  ]
  return ['first run', ...lines(left), '', 'second run', ...lines(right)]
}

function sides(aligned: readonly Aligned[], columns: readonly string[], options: DrawOptions) {
  const all = aligned.flatMap(({ left, right }) => [left, right].filter((row) => row !== undefined))
  const draw = (side: 'left' | 'right') => {
    const rows = aligned.flatMap((pair) => pair[side] ?? [])
    const { heading, lines } = drawEach(rows, all, columns, options)
    let n = 0
    return { heading, lines: aligned.map((pair) => (pair[side] === undefined ? [] : (lines[n++] ?? []))) }
  }
  return [draw('left'), draw('right')] as const
}

function signOf({ left, right }: Aligned): string {
  if (left === undefined) return '>'
  if (right === undefined) return '<'
  return isSame(left, right) ? '=' : '~'
}

/** Pads to a width of characters, colours not counted. */
function pad(line: string, width: number): string {
  const length = [...line.replace(/\x1b\[[0-9;]*m/g, '')].length
  return line + ' '.repeat(Math.max(0, width - length))
}
