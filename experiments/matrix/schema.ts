// A matrix as an experiment writes it: the same question asked of every row with every column, and a word for what came of each.

import { z } from 'zod'
import { shape } from '../../topologies/yaml/shape.ts'

const axis = shape({
  /** What differs along it. */
  title: z.string(),
  /** By the name of each row or column: what is set in the topology, by paths. */
  values: z.record(
    z.string().regex(/^\S+$/, { error: () => 'a name without spaces' }),
    z.record(z.string(), z.unknown()),
  ),
})

/** Rows and columns, and the words of the cells. */
export const matrix = shape({
  rows: axis,
  columns: axis,
  /** A cell's word is the first whose sentences all hold in its run; the last may have none. */
  marks: z
    .array(shape({ mark: z.string().regex(/^\S+$/, { error: () => 'a word' }), when: z.array(z.string()).default([]) }))
    .min(1, { error: () => 'at least one mark' })
    .check(({ value, issues }) => {
      const sure = value.findIndex(({ when }) => when.length === 0)
      if (sure < 0 || sure === value.length - 1) return
      const message = `no mark after one without \`when\`: every cell that comes so far is ${value[sure]!.mark}`
      issues.push({ code: 'custom', path: [sure + 1], message, input: value })
    }),
  /** What is expected: for each row the words of its cells, separated by spaces. */
  answer: z.record(z.string(), z.string()).exactOptional(),
})

export type WrittenMatrix = z.output<typeof matrix>
