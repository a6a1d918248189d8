// An experiment with a matrix, cell by cell: each cell is an experiment of its own, with what its row and its column set.

import type { YamlDocument } from '../../topologies/yaml/document.ts'
import { complain, match, type Objection, type Reading } from '../../topologies/yaml/read.ts'
import { type Experiment, readExperiment, scopeOf, type TopologyFinder } from '../experiment.ts'
import { EXPECTATIONS } from '../sentences/expectations.ts'
import { readSentence } from '../sentences/form.ts'
import type { Judge } from '../sentences/judge.ts'
import { matrix, type WrittenMatrix } from './schema.ts'

/** A word that a cell can get, and what must hold for it. */
export interface Mark {
  readonly mark: string
  readonly when: readonly { readonly text: string; readonly make: () => Judge }[]
}

/** A matrix ready to run. */
export interface Matrix {
  readonly question: string
  readonly rows: { readonly title: string; readonly names: readonly string[] }
  readonly columns: { readonly title: string; readonly names: readonly string[] }
  readonly marks: readonly Mark[]
  /** The word that is expected in a cell; undefined where none is. */
  expected(row: string, column: string): string | undefined
  /** The experiment of one cell. */
  cell(row: string, column: string): Experiment
}

/** The matrix of an experiment's document: undefined where it has none. Every row and every column is read once, so that all mistakes are found. */
export function readMatrix(document: YamlDocument, find: TopologyFinder): Reading<Matrix> | undefined {
  const written = (document.value as { matrix?: unknown } | null | undefined)?.matrix
  if (written === undefined) return undefined
  const read = match(matrix, written)
  if (!('value' in read)) return complain(document, read.objections.map(inMatrix))
  const { rows, columns, answer } = read.value
  for (const [axis, { values }] of Object.entries({ rows, columns })) {
    const path = ['matrix', axis, 'values']
    if (Object.keys(values).length === 0) return complain(document, [{ path, expected: `at least one of the ${axis}` }])
  }
  const cell = (row: string, column: string): Reading<Experiment> =>
    readExperiment(withSettings(document, read.value, row, column), find)
  const [firstRow = '', firstColumn = ''] = [Object.keys(rows.values)[0], Object.keys(columns.values)[0]]
  const sample = cell(firstRow, firstColumn)
  if (!sample.ok) return sample
  for (const row of Object.keys(rows.values)) {
    const reading = cell(row, firstColumn)
    if (!reading.ok) return reading
  }
  for (const column of Object.keys(columns.values)) {
    const reading = cell(firstRow, column)
    if (!reading.ok) return reading
  }
  const readMarks = marksOf(read.value, sample.value)
  const objections = [...readMarks.objections, ...wrongAnswers(read.value)]
  if (objections.length > 0) return complain(document, objections.map(inMatrix))
  const words = new Map(Object.entries(answer ?? {}).map(([row, text]) => [row, text.trim().split(/\s+/)]))
  const names = Object.keys(columns.values)
  return {
    ok: true,
    value: {
      question: sample.value.question,
      rows: { title: rows.title, names: Object.keys(rows.values) },
      columns: { title: columns.title, names },
      marks: readMarks.marks,
      expected: (row, column) => words.get(row)?.[names.indexOf(column)],
      cell: (row, column) => {
        const reading = cell(row, column)
        if (reading.ok) return reading.value
        throw new Error(`the cell ${row} ${column} cannot be read: ${reading.mistakes[0]?.expected}`)
      },
    },
  }
}

function inMatrix(one: Objection): Objection {
  return { ...one, path: ['matrix', ...one.path] }
}

/** The document of one cell: no matrix, and the settings in `set`. A mistake in one stands where the matrix has it. */
function withSettings(
  document: YamlDocument,
  { rows, columns }: WrittenMatrix,
  row: string,
  column: string,
): YamlDocument {
  const { matrix: _, ...value } = document.value as { readonly matrix: unknown; readonly set?: object }
  const byRow = rows.values[row] ?? {}
  const byColumn = columns.values[column] ?? {}
  const placeOf = (path: string): readonly string[] | undefined => {
    if (path in byColumn) return ['matrix', 'columns', 'values', column, path]
    return path in byRow ? ['matrix', 'rows', 'values', row, path] : undefined
  }
  return {
    ...document,
    value: { ...value, set: { ...value.set, ...byRow, ...byColumn } },
    mistake: (path, expected, at, within) => {
      const place = path[0] === 'set' ? placeOf(String(path[1])) : undefined
      return document.mistake(place === undefined ? path : [...place, ...path.slice(2)], expected, at, within)
    },
  }
}

function marksOf(
  { marks }: WrittenMatrix,
  { topology }: Experiment,
): { readonly marks: readonly Mark[]; readonly objections: readonly Objection[] } {
  const scope = scopeOf(topology)
  const objections: Objection[] = []
  const made = marks.map(({ mark, when }, i) => ({
    mark,
    when: when.flatMap((text, j) => {
      const sentence = readSentence(EXPECTATIONS, text, scope)
      if (sentence.ok) return [{ text, make: sentence.value.make() }]
      objections.push({ path: ['marks', i, 'when', j], expected: sentence.issue.expected })
      return []
    }),
  }))
  return { marks: made, objections }
}

/** Rows that are not there, words too many or too few, and words that no mark has. */
function wrongAnswers({ rows, columns, marks, answer = {} }: WrittenMatrix): readonly Objection[] {
  const known = marks.map(({ mark }) => mark)
  const count = Object.keys(columns.values).length
  return Object.entries(answer).flatMap(([row, text]): readonly Objection[] => {
    const path = ['answer', row]
    const words = text.trim().split(/\s+/)
    if (!(row in rows.values)) {
      return [{ path, expected: `a row: one of ${Object.keys(rows.values).join(', ')}`, at: 'key' }]
    }
    if (words.length !== count) return [{ path, expected: `${count} words, one for each column, not ${words.length}` }]
    const stranger = words.find((word) => !known.includes(word))
    return stranger === undefined
      ? []
      : [{ path, expected: `words of the marks (${known.join(', ')}), not "${stranger}"` }]
  })
}
