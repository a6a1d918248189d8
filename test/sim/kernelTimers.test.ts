// Stories of timers: when they fire, that they can be taken back and leave nothing behind, and that they can be changed while they run, as
// when a node's clock goes wrong or its processor is busy.

import { describe, expect, test } from 'vitest'
import { ring } from '../../platform/bell.ts'
import { DELIVERY } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'
import { complaint } from './complaint.ts'
import { plan, world } from './planned.ts'
import { runs } from './runs.ts'

describe('timers', () => {
  test('fire once, after what was delivered at the same instant', () => {
    const kernel = world()
    const log: string[] = []
    kernel.after(1, 10, () => log.push('timer'))
    plan(kernel, '10 delivery b from c', () => log.push('delivery'))
    kernel.run()
    expect(log).toEqual(['delivery', 'timer'])
  })

  test('a timer of no delay comes within its instant', () => {
    const kernel = world()
    const log: number[] = []
    kernel.after(2, 4, () => kernel.after(2, 0, () => log.push(kernel.now)))
    kernel.run()
    expect(log).toEqual([4])
  })

  test('cancelling works once, before it fires, and for no id that never was', () => {
    const kernel = world()
    const log: string[] = []
    const early = kernel.after(0, 1, () => log.push('early'))
    const self: number = kernel.after(0, 2, () => log.push(`self ${kernel.cancel(self)}`))
    const later = kernel.after(0, 3, () => log.push('later'))
    kernel.after(0, 2, () => log.push(`later ${kernel.cancel(later)}`))
    kernel.run()
    expect(log).toEqual(['early', 'self false', 'later true'])
    expect([early, self, later, -1, 1e15, 0.5, Number.NaN, Infinity].filter((id) => kernel.cancel(id))).toEqual([])
  })

  test('all timers of one node, and of no other, can be taken back', () => {
    const kernel = world()
    const log: string[] = []
    kernel.after(0, 1, () => log.push('a'))
    kernel.after(1, 2, () => log.push('b'))
    kernel.after(0, 3, () => log.push('a'))
    plan(kernel, '4 delivery a', () => log.push('to a'))
    const [fired, alive] = [kernel.after(1, 1, () => log.push('b')), kernel.after(1, 5, () => log.push('b'))]
    kernel.run(1)
    kernel.cancelAll(0)
    expect(kernel.pending).toBe(3)
    kernel.cancelAll(1)
    expect([kernel.pending, kernel.cancel(fired), kernel.cancel(alive)]).toEqual([1, false, false])
    kernel.run()
    expect(log).toEqual(['a', 'b', 'to a'])
  })

  test('an event may be planned for the tick that is said to be due', () => {
    const kernel = world()
    const log: number[] = []
    const kind = kernel.on((a, b) => log.push(kernel.now, a, b))
    kernel.run(5)
    kernel.due[0] = 12
    kernel.scheduleDue(DELIVERY, 1, 0, 3, kind, 1, 2)
    kernel.due[0] = 4
    expect(complaint(() => kernel.scheduleDue(DELIVERY, 1, 0, 3, kind, 1, 2))).toContain('is before now')
    kernel.run()
    expect(log).toEqual([12, 1, 2])
  })

  test('an id is dead when its slot lives again', () => {
    const kernel = world()
    const first = kernel.after(0, 1, () => {})
    kernel.cancel(first)
    const log: string[] = []
    const second = kernel.after(0, 1, () => log.push('second'))
    expect(second).not.toBe(first)
    expect(kernel.cancel(first)).toBe(false)
    kernel.run()
    expect(log).toEqual(['second'])
  })

  test('the record of a handled event is used again', () => {
    const kernel = world()
    const { capacity } = kernel.records
    for (let i = 0; i < 10 * capacity; i++) {
      plan(kernel, `${i} delivery a`, () => {})
      kernel.run()
    }
    expect(kernel.records.capacity).toBe(capacity)
    expect(kernel.after(0, 1, () => {})).toBeLessThan(2 * capacity)
  })

  test('the records of events that were handled together are used again', () => {
    const kernel = world()
    const { capacity } = kernel.records
    for (let i = 0; i < 10 * capacity; i++) {
      for (const at of [2 * i, 2 * i + 1]) plan(kernel, `${at} delivery a`, () => {})
      kernel.run()
    }
    expect(kernel.records.capacity).toBe(capacity)
  })

  test('an event that plans the next one leaves its record to it', () => {
    const kernel = world()
    const next = (at: number): void => {
      if (at < 100) plan(kernel, `${at} delivery a`, () => next(at + 1))
    }
    next(1)
    kernel.run()
    expect([kernel.executed, kernel.records.take()]).toEqual([99, 2])
  })

  test('an id is good while others grow in number, and none is given out twice', () => {
    const kernel = world()
    const ids = [1, 2, 3].map(() => kernel.after(0, 5, () => {}))
    for (const id of ids) kernel.cancel(id)
    ids.push(...Array.from({ length: 500 }, () => kernel.after(0, 5, () => {})))
    expect(new Set(ids).size).toBe(503)
    expect(new Set(kernel.timersOf(0))).toEqual(new Set(ids.slice(3)))
    expect(ids.map((id) => kernel.cancel(id))).toEqual(ids.map((_, i) => i >= 3))
  })

  test.each([
    [-1, 'event at 0.000009 ms is before now, 0.00001 ms'],
    [0.5, 'event at 10.5 ticks: not an integer below 2^53; now is 0.00001 ms'],
    [Number.NaN, 'event at NaN ticks: not an integer below 2^53; now is 0.00001 ms'],
    [2 ** 53, 'event at 9007199254741002 ticks: not an integer below 2^53; now is 0.00001 ms'],
  ])('a delay of %s is a bug', (delay, sentence) => {
    const kernel = world()
    kernel.run(10)
    expect(complaint(() => kernel.after(0, delay, () => {}))).toBe(sentence)
    expect(kernel.pending).toBe(0)
  })

  test('a delay of nothing is one for those that come later at this tick alone', () => {
    const kernel = world()
    const said: (string | undefined)[] = []
    kernel.after(1, 5, () => {
      said.push(complaint(() => kernel.after(0, 0, () => {})))
      kernel.after(1, 0, () => said.push('then'))
    })
    kernel.run()
    expect(said).toEqual([expect.stringContaining('comes before'), 'then'])
  })

  test('no small number is the id of what is no timer', () => {
    const kernel = world()
    const log: string[] = []
    for (const number of [1, 2, 3]) plan(kernel, `4 delivery a number ${number}`, () => log.push('delivery'))
    const id = kernel.after(0, 9, () => log.push('timer'))
    const others = Array.from({ length: 20 }, (_, other) => other).filter((other) => other !== id)
    expect(others.filter((other) => kernel.cancel(other))).toEqual([])
    kernel.run()
    expect(log).toEqual(['delivery', 'delivery', 'delivery', 'timer'])
  })

  test('a million timers of 32 s, each cancelled after half a second, need only the room of those alive', () => {
    const kernel = world()
    const ids: number[] = []
    let numbers = 0
    for (let i = 0; i < runs(1_000_000); i++) {
      kernel.run(kernel.now + 1_000_000)
      if (i >= 500) kernel.cancel(ids[i % 500]!)
      ids[i % 500] = kernel.after(0, 32e9, () => {})
      numbers = Math.max(numbers, (ids[i % 500]! % 0x8000) / 2)
    }
    expect([kernel.pending, numbers, kernel.records.capacity]).toEqual([500, 500, 512])
  })
})

/** Nodes a and b, a log of what fires when, and timers that write their name there. */
function changing() {
  const kernel = new Kernel()
  kernel.rank(['a', 'b'])
  const log: string[] = []
  const set = (rank: number, delay: number, name: string) =>
    kernel.after(rank, delay, () => log.push(`${kernel.now} ${name}`))
  const later = (ticks: number) =>
    kernel.changeTimers(0, (at, callback) => ({ at: at === 30 ? at : at + ticks, callback }))
  return { kernel, log, set, later }
}

describe('the timers of a node may be changed', () => {
  test('to another tick, those of no other node with them, nor what is delivered', () => {
    const { kernel, log, set, later } = changing()
    const kind = kernel.on(() => log.push(`${kernel.now} delivery`))
    kernel.schedule(12, DELIVERY, 0, 0, 0, kind, 0, 0)
    for (const at of [20, 30, 10]) set(0, at, `a ${at}`)
    set(1, 10, 'b 10')
    later(15)
    expect(kernel.pending).toBe(5)
    kernel.run()
    expect(log).toEqual(['10 b 10', '12 delivery', '25 a 10', '30 a 30', '35 a 20'])
  })

  test('to an earlier tick, and to now', () => {
    const { kernel, log, set } = changing()
    set(0, 10, 'first')
    for (const at of [5_000_000, 40]) set(0, at, `${at}`)
    kernel.run(10)
    kernel.changeTimers(0, (at, callback) => ({ at: at === 40 ? 10 : 11, callback }))
    kernel.run(11)
    expect(log).toEqual(['10 first', '10 40', '11 5000000'])
    expect(kernel.pending).toBe(0)
  })

  test('to another callback, which is given the one before', () => {
    const { kernel, log, set } = changing()
    set(0, 10, 'itself')
    set(1, 10, 'other')
    kernel.changeTimers(0, (at, callback) => ({
      at,
      callback: () => {
        log.push('instead')
        ring(callback)
      },
    }))
    kernel.run()
    expect(log).toEqual(['instead', '10 itself', '10 other'])
  })

  test('of an earlier node, from within the timer of a later one', () => {
    const { kernel, log, set } = changing()
    set(0, 20, 'early')
    kernel.after(1, 5, () => kernel.changeTimers(0, (at, callback) => ({ at: at + 1, callback })))
    kernel.run()
    expect(log).toEqual(['21 early'])
  })

  test('and keep their ids, by which they can be taken back', () => {
    const { kernel, log, set } = changing()
    const ids = [set(0, 10, 'fired'), set(0, 20, 'x'), set(0, 30, 'y'), set(1, 30, 'b')]
    kernel.run(10)
    const seen: number[] = []
    kernel.changeTimers(0, (at, callback, id) => {
      seen.push(id)
      return { at: at + 5, callback }
    })
    expect(seen).toEqual([ids[1], ids[2]])
    expect(kernel.timersOf(0)).toEqual([ids[1], ids[2]])
    expect(ids.map((id) => kernel.cancel(id))).toEqual([false, true, true, true])
    expect([kernel.run(), kernel.pending]).toEqual(['idle', 0])
    expect(log).toEqual(['10 fired'])
  })

  test('while their change plans others, of which none is changed', () => {
    const { kernel, log, set } = changing()
    set(0, 10, 'old')
    kernel.changeTimers(0, (at, callback) => {
      for (let i = 0; i < 200; i++) set(0, 50, 'new')
      return { at: at + 70, callback }
    })
    kernel.run()
    expect([log[0], log[199], log[200], kernel.executed]).toEqual(['50 new', '50 new', '80 old', 201])
  })

  test('while their change cancels others of the node, and the one that is changed', () => {
    const kernel = world()
    const log: string[] = []
    const ids = [1, 2, 3].map((n) => kernel.after(0, 10 * n, () => log.push(`${kernel.now} ${n}`)))
    const asked: number[] = []
    kernel.changeTimers(0, (at, callback, id) => {
      asked.push(id)
      if (id === ids[0]) kernel.cancel(ids[1]!)
      if (id === ids[2]) kernel.cancel(id)
      return { at: at + 1, callback }
    })
    expect(asked).toEqual([ids[0], ids[2]])
    expect(kernel.timersOf(0)).toEqual([ids[0]])
    expect(kernel.pending).toBe(1)
    expect([kernel.run(100), log]).toEqual(['idle', ['11 1']])
    expect(ids.map((id) => kernel.cancel(id))).toEqual([false, false, false])
  })

  test('but not to what is no time, or past', () => {
    const { kernel, set, later } = changing()
    set(0, 20, 'a')
    kernel.run(10)
    expect(complaint(() => later(-11))).toBe('event at 0.000009 ms is before now, 0.00001 ms')
    expect(complaint(() => later(0.5))).toBe('event at 20.5 ticks: not an integer below 2^53; now is 0.00001 ms')
    expect(complaint(() => later(2 ** 53))).toContain('not an integer below 2^53')
  })

  test('nor to before the event that was handled last', () => {
    const { kernel, set } = changing()
    set(0, 20, 'waits')
    kernel.after(0, 10, () => kernel.changeTimers(0, (_, callback) => ({ at: 10, callback })))
    expect(complaint(() => kernel.run())).toBe(
      'event at 0.00001 ms (timer, to a from a, number 0) comes before the one handled last (timer, to a from a, number 1)',
    )
  })
})
