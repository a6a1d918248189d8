// How rarely a phone may speak: what the runs say is what subtraction says.

import { expect, test } from 'vitest'
import { open, topologiesBeside } from '../../../experiments/cli/library.ts'
import { readMatrix } from '../../../experiments/matrix/cells.ts'
import { CellRun } from '../../../experiments/matrix/run.ts'

const document = open('experiments', 'nat-idle')
const reading = readMatrix(document, topologiesBeside(document.file))
const matrix = reading?.ok ? reading.value : undefined!

const CALLED_AT = 599.9
/** From the proxy's INVITE to the NAT, less from bob's phone to it. */
const TRANSIT = 0.02

/** How old bob's mapping is when the call comes, s: at most, for a phone that speaks at times of its own. */
function ageOf(row: string): number {
  const every = /every-(\d+)-s/.exec(row)
  if (every !== null) return (CALLED_AT % Number(every[1])) + TRANSIT
  return row === 'stun' ? 29.1 : CALLED_AT
}

test.each(matrix.rows.names)('%s', (row) => {
  const found = matrix.columns.names.map((column) => {
    const cell = new CellRun(matrix, row, column)
    while (!cell.run.step(Number.MAX_SAFE_INTEGER));
    const { mark, failed } = cell.result()
    return [mark, ...failed].join('; ')
  })
  const wanted = matrix.columns.names.map((column) => (ageOf(row) < Number.parseInt(column, 10) ? 'rings' : 'lost'))
  expect(found).toEqual(wanted)
  expect(matrix.columns.names.map((column) => matrix.expected(row, column))).toEqual(wanted)
})
