import { expect, test } from 'vitest'
import { ORACLES } from '../../experiments/oracles/table.ts'
import { EXPECTATIONS } from '../../experiments/sentences/expectations.ts'
import { readSentence } from '../../experiments/sentences/form.ts'
import { story } from '../experiments/story.ts'

function read(sentence: string): string {
  const read = readSentence(EXPECTATIONS, sentence, { nodes: [], ownerOf: () => undefined })
  return read.ok ? read.value.make()().verdict({}).because : read.issue.expected
}

test.each([
  ['oracle "2xx core" holds', 'it had nothing to judge'],
  ['oracle "2xx cor" holds', 'a rule that shows on the wire, not "2xx cor": did you mean "2xx core"?'],
  ['oracle "quiescence" holds', 'siptwin list properties has them'],
  ['oracle 2xx core holds', 'such as "oracle "2xx core" holds"'],
])('%s: %s', (sentence, says) => {
  expect(read(sentence)).toContain(says)
})

test('every oracle can be expected', () => {
  for (const { name } of ORACLES) expect(read(`oracle "${name}" holds`)).toBe('it had nothing to judge')
})

test('all oracles hold: open where there was nothing to judge', () => {
  const read = readSentence(EXPECTATIONS, 'all oracles hold', { nodes: [], ownerOf: () => undefined })
  if (!read.ok) throw new Error(read.issue.expected)
  const judge = read.value.make()()
  for (const record of story('0 alice#1 asked call')) judge.see(record, { again: () => undefined })
  expect(judge.verdict({})).toMatchObject({ state: 'open' })
})
