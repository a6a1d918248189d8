// As many pending events as there can be. Their records take 4 GB, which are reserved but never written.

import { expect, test } from 'vitest'
import { EventStore } from '../../sim/kernel/store.ts'
import { complaint } from '../sim/complaint.ts'

test('2^26 records are all that there are', () => {
  const most = 2 ** 26
  const store = new EventStore(most)
  let last = 0
  for (let taken = 1; taken < most; taken++) last = store.take()
  expect(last).toBe(most - 1)
  expect(complaint(() => store.take())).toBe('67108864 events are pending, and more than 2^26 cannot be')
  store.release(last)
  expect(store.take()).toBe(last)
})
