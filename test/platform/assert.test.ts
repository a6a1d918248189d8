import { expect, test } from 'vitest'
import { assert, Bug, bug } from '../../platform/assert.ts'

test('a bug is told by its sentence, and is no other error', () => {
  expect(() => bug('event at 9 ms is before now, 10 ms')).toThrow(new Bug('event at 9 ms is before now, 10 ms'))
  expect(() => assert(false, 'two nodes are named a')).toThrow(Bug)
  expect(() => assert(true, 'nothing')).not.toThrow()
})
