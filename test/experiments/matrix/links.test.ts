// The matrices about links: every cell is as its file has it.

import { describe, expect, test } from 'vitest'
import { open, topologiesBeside } from '../../../experiments/cli/library.ts'
import { readMatrix } from '../../../experiments/matrix/cells.ts'
import { CellRun, isRight } from '../../../experiments/matrix/run.ts'

describe.each(['call-from-places', 'queues-under-load'])('%s', (name) => {
  const document = open('experiments', name)
  const reading = readMatrix(document, topologiesBeside(document.file))
  const matrix = reading?.ok ? reading.value : undefined!

  test.each(matrix.rows.names)('%s', (row) => {
    for (const column of matrix.columns.names) {
      const cell = new CellRun(matrix, row, column)
      while (!cell.run.step(Number.MAX_SAFE_INTEGER));
      const result = cell.result()
      expect(isRight(result), `${row}, ${column}: ${[result.mark, ...result.failed].join('; ')}`).toBe(true)
    }
  })
})
