// A matrix's runs, one a cell, and the table that they make.

import type { TraceLevel } from '../../platform/trace.ts'
import type { RunDigests } from '../../sim/trace/digest.ts'
import { Run, type RunResult } from '../run/run.ts'
import type { Judge, Verdict } from '../sentences/judge.ts'
import type { Mark, Matrix } from './cells.ts'

/** What came of one cell. */
export interface CellResult {
  readonly row: string
  readonly column: string
  /** The first mark whose sentences hold; undefined: none does. */
  readonly mark: string | undefined
  readonly expected: string | undefined
  /** What the experiment itself expected of every cell and did not get, a sentence each. */
  readonly failed: readonly string[]
  /** Faults that matched no packet or never struck, a sentence each. */
  readonly unmatchedFaults: readonly string[]
  readonly digests: RunDigests
}

/** True if a cell is as its matrix has it. */
export function isRight({ mark, expected, failed }: CellResult): boolean {
  return failed.length === 0 && mark !== undefined && (expected === undefined || mark === expected)
}

/** One cell, in slices: `step` until it says that it is done, then the `result`. */
export class CellRun {
  readonly run: Run
  readonly #place: Pick<CellResult, 'row' | 'column' | 'expected'>
  readonly #marks: readonly { readonly mark: string; readonly judges: readonly Judge[] }[]

  /** `level`: by default, what the cell's measures need. */
  constructor(matrix: Matrix, row: string, column: string, level?: TraceLevel) {
    const experiment = matrix.cell(row, column)
    const needed = experiment.measure.includes('delay') ? 'everything' : 'signalling'
    this.#place = { row, column, expected: matrix.expected(row, column) }
    this.#marks = matrix.marks.map(({ mark, when }: Mark) => ({ mark, judges: when.map(({ make }) => make()) }))
    const judges = this.#marks.flatMap((one) => one.judges)
    this.run = new Run(experiment, {
      level: level ?? needed,
      sinks: [
        (record, hindsight) => {
          for (const judge of judges) judge.see(record, hindsight)
        },
      ],
    })
  }

  result(): CellResult {
    const result = this.run.result()
    const holds = (judge: Judge): boolean => judge.verdict(result.measured, this.run.seenUntil).state === 'held'
    const mark = this.#marks.find(({ judges }) => judges.every(holds))?.mark
    const { unmatchedFaults, digests } = result
    return { ...this.#place, mark, failed: failures(result), unmatchedFaults, digests }
  }
}

function failures({ expectations, unfinished, audit }: RunResult): readonly string[] {
  const isOpen = ({ state }: Verdict): boolean => state !== 'held'
  return [
    ...expectations.filter(isOpen).map(({ text, because }) => `${text}: ${because}`),
    ...unfinished,
    ...audit.violations.map(({ law, sentence }) => `${law}: ${sentence}`),
  ]
}

/** The table, row by row; cells of a run that is not over yet are empty. A cell that is not as expected has `✗` and what was. */
export function tableOf({ rows, columns }: Matrix, cells: readonly CellResult[]): readonly (readonly string[])[] {
  const at = new Map(cells.map((cell) => [`${cell.row} ${cell.column}`, cell]))
  const textOf = (row: string, column: string): string => {
    const cell = at.get(`${row} ${column}`)
    if (cell === undefined) return ''
    return isRight(cell) ? cell.mark! : `✗ ${cell.mark ?? 'no mark'}`
  }
  return [
    ['', ...columns.names],
    ...rows.names.map((row) => [row, ...columns.names.map((column) => textOf(row, column))]),
  ]
}
