// `siptwin run` of an experiment with a matrix: all its cells, one after the other, and the table that answers its question.

import type { TraceLevel } from '../../platform/trace.ts'
import type { Experiment } from '../experiment.ts'
import { type Matrix, readMatrix } from '../matrix/cells.ts'
import { type CellResult, CellRun, isRight, tableOf } from '../matrix/run.ts'
import { drive } from './drive.ts'
import { Ending, EXIT } from './exit.ts'
import { RunFolder } from './folder.ts'
import { documentGiven, type Given, seededAs } from './given.ts'
import type { JunitCase } from './junit.ts'
import { topologiesBeside } from './library.ts'
import { warningsOf } from './print.ts'
import type { Terminal } from './terminal.ts'
import { watched } from './tripwires.ts'
import { differences } from './twice.ts'
import { mistakesIn } from './validate.ts'

interface MatrixOptions {
  readonly out?: string
  readonly trace?: TraceLevel
  readonly json?: boolean
  readonly quiet?: boolean
  readonly twice?: boolean
}

/** The matrix of the experiment of that name or file; undefined where it has none. Ends with exit 2 where anything in it is wrong. */
export function matrixGiven(name: string, given: Given): Matrix | undefined {
  const document = documentGiven(name, given)
  const reading = readMatrix(document, topologiesBeside(document.file))
  if (reading === undefined) return undefined
  if (reading.ok) {
    const matrix = reading.value
    return { ...matrix, cell: (row, column) => seededAs(matrix.cell(row, column), given) }
  }
  throw new Ending(EXIT.input, mistakesIn(reading.mistakes))
}

/** One cell, as `row,column`; ends with exit 2 where there is none such. */
export function cellGiven(matrix: Matrix | undefined, text: string): Experiment {
  if (matrix === undefined) throw new Ending(EXIT.input, `--cell ${text}: this experiment has no matrix`)
  const [row = '', column = ''] = text.split(',').map((part) => part.trim())
  const { rows, columns } = matrix
  if (rows.names.includes(row) && columns.names.includes(column)) return matrix.cell(row, column)
  const both = `a row (${rows.names.join(', ')}), a comma, and a column (${columns.names.join(', ')})`
  throw new Ending(EXIT.input, `--cell ${text}: expected ${both}`)
}

/** Runs all cells and shows the table; gives each cell as a test's case, and the faults that changed nothing. */
export async function runMatrix(
  terminal: Terminal,
  name: string,
  matrix: Matrix,
  options: MatrixOptions,
): Promise<{ readonly cases: readonly JunitCase[]; readonly warnings: readonly string[] }> {
  const folder = options.out === undefined ? undefined : new RunFolder(options.out)
  const quiet = options.quiet === true || options.json === true
  const cells: CellResult[] = []
  const whole = matrix.rows.names.length * matrix.columns.names.length
  for (const row of matrix.rows.names) {
    for (const column of matrix.columns.names) {
      const cell = watched(() => new CellRun(matrix, row, column, options.trace))
      if ((await drive(cell.run, terminal, true)) === 'interrupted') throw new Ending(EXIT.interrupted, 'interrupted')
      cells.push(cell.result())
      if (!quiet && terminal.live) terminal.err(`\r${cells.length} of ${whole} runs`)
    }
  }
  if (!quiet && terminal.live) terminal.err('\r\x1b[K')
  const ok = cells.every(isRight)
  const document = { name, question: matrix.question, ok, rows: matrix.rows, columns: matrix.columns, cells }
  const json = `${JSON.stringify(document, null, 2)}\n`
  folder?.write('report.md', markdown(name, matrix, cells))
  folder?.write('report.json', json)
  folder?.close()
  if (options.json) terminal.out(json)
  else if (!options.quiet || !ok) terminal.out(text(matrix, cells))
  const warnings = cells.flatMap((cell) => warningsOf(cell).map((one) => `${one} (${cell.row}, ${cell.column})`))
  if (!options.json) terminal.err(warnings.map((one) => `${one}\n`).join(''))
  if (folder !== undefined && !options.quiet) terminal.err(`written to ${folder.path}\n`)
  terminal.code = ok ? EXIT.ok : EXIT.failed
  if (options.twice && (await differs(terminal, matrix, cells, options.trace))) terminal.code = EXIT.nondeterminism
  const cases = cells.map((cell): JunitCase => {
    const name = `${cell.row}, ${cell.column}`
    return isRight(cell) ? { name } : { name, failure: verdict([cell]).join('; ') }
  })
  return { cases, warnings }
}

/** Runs all cells again, and says which differ. */
async function differs(
  terminal: Terminal,
  matrix: Matrix,
  cells: readonly CellResult[],
  level: TraceLevel | undefined,
): Promise<boolean> {
  const found: string[] = []
  for (const { row, column, digests } of cells) {
    const again = watched(() => new CellRun(matrix, row, column, level))
    if ((await drive(again.run, terminal, true)) === 'interrupted')
      throw new Ending(EXIT.interrupted, 'interrupted in the second runs')
    found.push(...differences(digests, again.result().digests).map((one) => `${row}, ${column}: ${one}`))
  }
  terminal.err(
    found.length === 0 ? 'twice the same\n' : `nondeterminism: the second runs differ in ${found.join('; ')}\n`,
  )
  return found.length > 0
}

/** Columns aligned, the axes named, and what is wrong below. */
function text(matrix: Matrix, cells: readonly CellResult[]): string {
  const rows = tableOf(matrix, cells)
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => [...row[i]!].length)))
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  )
  const axes = `rows: ${matrix.rows.title}; columns: ${matrix.columns.title}`
  return `${[matrix.question, '', axes, '', ...lines, '', ...verdict(cells)].join('\n')}\n`
}

function markdown(name: string, matrix: Matrix, cells: readonly CellResult[]): string {
  const [heads = [], ...rows] = tableOf(matrix, cells)
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  const axes = `Rows: ${matrix.rows.title}. Columns: ${matrix.columns.title}.`
  const table = [line(heads), line(heads.map(() => '---')), ...rows.map(line)]
  return `${[`# ${name}`, '', matrix.question, '', axes, '', ...table, '', ...verdict(cells)].join('\n')}\n`
}

function verdict(cells: readonly CellResult[]): readonly string[] {
  const wrong = cells.filter((cell) => !isRight(cell))
  if (wrong.length === 0) return [`${cells.length} runs, each as expected`]
  return wrong.flatMap(({ row, column, mark = 'no mark', expected, failed }) => [
    ...(expected === undefined || mark === expected ? [] : [`✗ ${row}, ${column}: ${mark}, not ${expected}`]),
    ...(expected === undefined && mark === 'no mark' ? [`✗ ${row}, ${column}: no mark's sentences hold`] : []),
    ...failed.map((sentence) => `✗ ${row}, ${column}: ${sentence}`),
  ])
}
