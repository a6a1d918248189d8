import { expect, test } from 'vitest'
import { EXPECTATIONS } from '../../experiments/sentences/expectations.ts'
import { readSentence } from '../../experiments/sentences/form.ts'
import { story } from '../experiments/story.ts'

test('all oracles hold: open where there was nothing to judge', () => {
  const read = readSentence(EXPECTATIONS, 'all oracles hold', { nodes: [], ownerOf: () => undefined })
  if (!read.ok) throw new Error(read.issue.expected)
  const judge = read.value.make()()
  for (const record of story('0 alice#1 asked call')) judge.see(record, { again: () => undefined })
  expect(judge.verdict({})).toMatchObject({ state: 'open' })
})
