// A matrix's file: what it means, and each mistake where it stands; and the table that people see.

import { describe, expect, test } from 'vitest'
import { topologiesBeside } from '../../../experiments/cli/library.ts'
import { type Matrix, readMatrix } from '../../../experiments/matrix/cells.ts'
import { CellRun, isRight, tableOf } from '../../../experiments/matrix/run.ts'
import { readYaml } from '../../../topologies/yaml/document.ts'

const TEXT = `question: Who gets through?
topology: two-phones
set: { nodes.bob.runs.answerAfter: 1 s }
scenario:
  - { at: 0 s, who: alice, do: call, to: 'sip:bob@198.51.100.20' }
expect: [INVITE is sent by alice]
until: 40 s
matrix:
  rows: { title: bob, values: { on: {}, off: { nodes.bob.power: 'off' }, busy: { nodes.bob.runs.reject: 486 } } }
  columns: { title: the delay, values: { short: { links.0.delay: 1 ms }, long: { links.0.delay: 200 ms } } }
  marks:
    - { mark: yes-, when: [call is established] }
    - { mark: refused, when: [call of alice fails with 486] }
    - { mark: silence }
  answer:
    on: yes- yes-
    off: silence refused
`

function reading(change: readonly [string, string] = ['', '']) {
  const document = readYaml('m.yaml', TEXT.replace(...change))
  return readMatrix(document, topologiesBeside('m.yaml'))!
}

function ran(matrix: Matrix) {
  return matrix.rows.names.flatMap((row) =>
    matrix.columns.names.map((column) => {
      const cell = new CellRun(matrix, row, column)
      while (!cell.run.step(Number.MAX_SAFE_INTEGER));
      return cell.result()
    }),
  )
}

test('each cell is a run with what its row and its column set; the table marks what is not as expected', () => {
  const read = reading()
  const matrix = read.ok ? read.value : undefined!
  const cells = ran(matrix)
  expect(tableOf(matrix, cells)).toEqual([
    ['', 'short', 'long'],
    ['on', 'yes-', 'yes-'],
    ['off', 'silence', '✗ silence'],
    ['busy', 'refused', 'refused'],
  ])
  expect(cells.map(isRight)).toEqual([true, true, true, false, true, true])
  expect(new Set(cells.map(({ digests }) => digests.packets)).size).toBe(6)
})

describe('mistakes', () => {
  test.each<[string, string, string]>([
    ['links.0.delay: 1 ms', 'links.0.delay: 1 mz', '10:66'],
    ["nodes.bob.power: 'off'", "nodes.bob.pover: 'off'", '9:65'],
    ['nodes.bob.runs.reject: 486', 'nodes.bobb.runs.reject: 486', '9:106'],
    ['[call is established]', '[call is estblished]', '12:28'],
    ['mark: silence', 'mark: si lence', '14:15'],
    ['off: silence refused', 'of: silence refused', '17:5'],
    ['off: silence refused', 'off: silence', '17:10'],
    ['off: silence refused', 'off: silence refuse', '17:10'],
    ['{ on: {}, ', '{ "on at": {}, ', '9:33'],
    ['scenario:', 'scenaro:', '4:1'],
  ])('%s → %s: at %s', (before, after, at) => {
    const read = reading([before, after])
    expect(read.ok ? [] : read.mistakes.map((one) => one.at)).toContain(`m.yaml:${at}`)
  })

  test('an experiment without a matrix has none', () => {
    expect(readMatrix(readYaml('m.yaml', 'question: x'), topologiesBeside('m.yaml'))).toBeUndefined()
  })
})
