import { expect, test } from 'vitest'
import { DELIVERY, FAULT, SCENARIO, TIMER } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'

test('events come in the total order, whatever the order of insertion', () => {
  const kernel = new Kernel()
  kernel.rank(['b', 'a'])
  const log: number[] = []
  const kind = kernel.on((a) => log.push(a))
  kernel.schedule(10, TIMER, 0, 0, 0, kind, 6, 0)
  kernel.schedule(10, DELIVERY, 1, 0, 1, kind, 5, 0)
  kernel.schedule(10, DELIVERY, 0, 1, 0, kind, 4, 0)
  kernel.schedule(10, DELIVERY, 0, 0, 3, kind, 3, 0)
  kernel.schedule(10, DELIVERY, 0, 0, 2, kind, 2, 0)
  kernel.schedule(10, SCENARIO, 1, 1, 9, kind, 1, 0)
  kernel.schedule(10, FAULT, 1, 1, 8, kind, 0, 0)
  kernel.after(1, 9, () => log.push(-1))
  const gone = kernel.after(1, 9, () => log.push(-2))
  expect(kernel.cancel(gone)).toBe(true)
  expect(kernel.cancel(gone)).toBe(false)
  expect(kernel.run(10, 3)).toBe('slice')
  expect(kernel.run(10)).toBe('idle')
  expect(log).toEqual([-1, 0, 1, 2, 3, 4, 5, 6])
})
