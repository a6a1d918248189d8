// Stories of the wheel's edges, as the kernel shows them: the first spans are 1,024 ticks wide and 256 of them make a wheel, so a coarser
// wheel's lists begin at each 262,144th tick, a still coarser one's at each 67,108,864th, and so on up to the end of time.

import { describe, expect, test } from 'vitest'
import { RandomStreams } from '../../platform/random.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'

const SPAN = 1024
const WHEEL = 256 * SPAN

/** A node, and the ticks of the timers that fired. */
function world() {
  const kernel = new Kernel()
  kernel.rank(['a'])
  const log: number[] = []
  const fireAt = (at: number, then?: () => void) =>
    kernel.after(0, at - kernel.now, () => {
      log.push(kernel.now)
      then?.()
    })
  return { kernel, log, fireAt }
}

const ticks = Array.from({ length: 53 }, (_, exponent) => 2 ** exponent)

describe('a run stops at a tick', () => {
  test.each([0, 1, 1023])('where an event is due, however far that is, %d ticks into a span', (into) => {
    for (const at of ticks) {
      const { kernel, log, fireAt } = world()
      fireAt(at + into)
      expect([kernel.run(at + into - 1), log]).toEqual(['until', []])
      expect([kernel.run(at + into), log]).toEqual(['idle', [at + into]])
      const direct = world()
      direct.fireAt(at + into)
      expect(direct.kernel.run(at + into)).toBe('idle')
    }
  })

  test.each([5, 5000, WHEEL - 1, WHEEL, 300_000, 100_000_000, 2 ** 40])(
    'with an event at %d, and one as far as you like',
    (near) => {
      for (const far of ticks.filter((at) => at > near)) {
        const { kernel, log, fireAt } = world()
        fireAt(far)
        fireAt(near)
        expect(kernel.run(far)).toBe('idle')
        expect(log).toEqual([near, far])
      }
    },
  )

  test('between two events of one span, of which the first was taken back', () => {
    const { kernel, log, fireAt } = world()
    const ids = [10, 20, 30, 40].map((at) => fireAt(at))
    kernel.run(10)
    kernel.cancel(ids[1]!)
    const seen = [25, 35, 45].map((until) => [kernel.run(until), ...log])
    expect(seen).toEqual([
      ['until', 10],
      ['until', 10, 30],
      ['idle', 10, 30, 40],
    ])
  })
})

describe('in order come', () => {
  // Each span's edge, a wheel's length and more ahead, in an order that is none.
  const around = Array.from({ length: 300 }, (_, i) => ((i * 7) % 300) * SPAN)

  test.each([0, 1, 1023, 1024, WHEEL - SPAN, WHEEL - 1, WHEEL, 255 * WHEEL, 256 * WHEEL, 2 ** 40])(
    'events at the edges of spans, after %d ticks in which nothing came',
    (idle) => {
      for (const into of [0, 10, 1023]) {
        const { kernel, log, fireAt } = world()
        fireAt(2 ** 50)
        fireAt(idle + into)
        kernel.run(idle + into)
        const start = Math.ceil((kernel.now + 1) / SPAN) * SPAN
        const times = around.flatMap((distance) => [start + distance, start + distance + 1023])
        fireAt(times[0]!)
        kernel.run(kernel.now + 1)
        for (const at of times) fireAt(at)
        kernel.run(start + 400 * SPAN)
        expect(log).toEqual([idle + into, ...[times[0]!, ...times].sort((x, y) => x - y)])
      }
    },
  )

  test('an event of a coarser wheel, and one of the same span that was planned when it had come near', () => {
    const { kernel, log, fireAt } = world()
    fireAt(WHEEL + 5)
    fireAt(5000, () => fireAt(WHEEL + 900))
    kernel.run()
    expect(log).toEqual([5000, WHEEL + 5, WHEEL + 900])
  })

  test('the same, where the wheel has just come round', () => {
    const { kernel, log, fireAt } = world()
    fireAt(WHEEL + 5)
    fireAt(WHEEL - 10, () => fireAt(WHEEL + 900))
    kernel.run()
    expect(log).toEqual([WHEEL - 10, WHEEL + 5, WHEEL + 900])
  })

  test('events that plan the next ones, in slices and at once', () => {
    const random = new RandomStreams('stories').take('chains')
    const delays = [3, SPAN, 3 * SPAN, 90 * SPAN, WHEEL, 2 * WHEEL, 300 * WHEEL]
    for (const slice of [5000, 3 * WHEEL, Number.POSITIVE_INFINITY]) {
      const { kernel, log, fireAt } = world()
      const planned: number[] = []
      const plan = (): void => {
        const at = kernel.now + random.below(delays[random.below(delays.length)]!)
        planned.push(at)
        fireAt(at, () => planned.length < 1000 && plan())
      }
      for (let i = 0; i < 20; i++) plan()
      for (let left = 2000; left > 0 && slice < Number.POSITIVE_INFINITY; left--) kernel.run(kernel.now + slice)
      kernel.run()
      expect(log).toEqual(planned.sort((x, y) => x - y))
    }
  })

  test('what is left when an event at the very start of the next span is taken back', () => {
    const { kernel, log, fireAt } = world()
    fireAt(10)
    const ids = [SPAN, SPAN + 1, SPAN, SPAN].map((at) => fireAt(at))
    kernel.run(10)
    for (const id of ids.slice(2)) kernel.cancel(id)
    expect(kernel.pending).toBe(2)
    kernel.run()
    expect(log).toEqual([10, SPAN, SPAN + 1])
  })

  test('what waits in the last span of the wheel, and what is planned for the next after a short run', () => {
    const { kernel, log, fireAt } = world()
    fireAt(10, () => fireAt(WHEEL + 500))
    kernel.run(20)
    fireAt(2000)
    kernel.run()
    expect(log).toEqual([10, 2000, WHEEL + 500])
  })
})
