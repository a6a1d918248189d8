import { expect, test } from 'vitest'
import { program, VERBS } from '../../topologies/programs.ts'

test('each row has the name by which its options are written', () => {
  expect(program.options.map(({ shape }) => shape.program.value)).toEqual(Object.keys(VERBS))
})
