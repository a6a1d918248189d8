// Stories of timers that are changed while they run, as when a node's clock goes wrong or its processor is busy.

import { describe, expect, test } from 'vitest'
import { DELIVERY } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'
import { complaint } from './complaint.ts'

/** Nodes a and b, a log of what fires when, and timers that write their name there. */
function world() {
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
    const { kernel, log, set, later } = world()
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
    const { kernel, log, set } = world()
    set(0, 10, 'first')
    for (const at of [5_000_000, 40]) set(0, at, `${at}`)
    kernel.run(10)
    kernel.changeTimers(0, (at, callback) => ({ at: at === 40 ? 10 : 11, callback }))
    kernel.run(11)
    expect(log).toEqual(['10 first', '10 40', '11 5000000'])
    expect(kernel.pending).toBe(0)
  })

  test('to another callback, which is given the one before', () => {
    const { kernel, log, set } = world()
    set(0, 10, 'itself')
    set(1, 10, 'other')
    kernel.changeTimers(0, (at, callback) => ({
      at,
      callback: () => {
        log.push('instead')
        callback()
      },
    }))
    kernel.run()
    expect(log).toEqual(['instead', '10 itself', '10 other'])
  })

  test('and keep their ids, by which they can be taken back', () => {
    const { kernel, log, set } = world()
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
    const { kernel, log, set } = world()
    set(0, 10, 'old')
    kernel.changeTimers(0, (at, callback) => {
      for (let i = 0; i < 200; i++) set(0, 50, 'new')
      return { at: at + 70, callback }
    })
    kernel.run()
    expect([log[0], log[199], log[200], kernel.executed]).toEqual(['50 new', '50 new', '80 old', 201])
  })

  test('but not to what is no time, or past', () => {
    const { kernel, set, later } = world()
    set(0, 20, 'a')
    kernel.run(10)
    expect(complaint(() => later(-11))).toBe('event at 0.000009 ms is before now, 0.00001 ms')
    expect(complaint(() => later(0.5))).toBe('event at 20.5 ticks: not an integer below 2^53; now is 0.00001 ms')
    expect(complaint(() => later(2 ** 53))).toContain('not an integer below 2^53')
  })

  test('nor to before the event that was handled last', () => {
    const { kernel, set } = world()
    set(0, 20, 'waits')
    kernel.after(0, 10, () => kernel.changeTimers(0, (_, callback) => ({ at: 10, callback })))
    expect(complaint(() => kernel.run())).toBe(
      'event at 0.00001 ms (timer, to a from a, number 0) comes before the one handled last (timer, to a from a, number 1)',
    )
  })
})
