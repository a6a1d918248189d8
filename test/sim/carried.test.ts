// Records that are carried: events that are themselves what is under way, among the others in the total order.

import { describe, expect, test } from 'vitest'
import { D_SEQUENCE, DELIVERY, I_CARGO } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'
import { complaint } from './complaint.ts'

const SIGHTLESS = { isForesightNeeded: () => false, foresee: () => false }

function world(): Kernel {
  const kernel = new Kernel()
  kernel.rank(['c', 'a', 'b'])
  return kernel
}

describe('records that are carried', () => {
  /** A world whose carried kind notes what its handler is given, and a record of its that is number `sequence` of node a. */
  function carrying(sequence = 7) {
    const kernel = world()
    const log: string[] = []
    const kind = -2
    kernel.carriedBy({
      ...SIGHTLESS,
      carried: (record, destination, as) => log.push(`${kernel.now}: ${record} to ${destination}, kind ${as}`),
    })
    const record = kernel.records.take()
    kernel.records.doubles[record * 8 + D_SEQUENCE] = sequence
    const carry = (at: number, destination = 1, source = 0, as = kind): void => {
      kernel.records.address(record, at, kernel.keyOf(DELIVERY, destination, source), source)
      kernel.carry(record, as)
    }
    return { kernel, log, kind, record, carry }
  }

  test('are events themselves: their carrier is given the record, the destination and the kind, and they may be planned again', () => {
    const { kernel, log, record, carry } = carrying()
    const { integers } = kernel.records
    for (let at = 0; at < 4; at++) integers[record * 16 + I_CARGO + at] = 10 + at
    carry(5)
    kernel.run()
    carry(6, 2)
    expect(kernel.pending).toBe(1)
    kernel.run()
    expect(log).toEqual([`5: ${record} to 1, kind -2`, `6: ${record} to 2, kind -2`])
    expect([...integers.slice(record * 16 + I_CARGO, record * 16 + I_CARGO + 4)]).toEqual([10, 11, 12, 13])
    expect(kernel.records.take()).not.toBe(record)
  })

  test('come among other events in the total order', () => {
    const { kernel, log, record, carry } = carrying(3)
    const plan = (destination: number, sequence: number, what: string): void => {
      const kind = kernel.on(() => log.push(what))
      kernel.schedule(5, DELIVERY, destination, 0, sequence, kind, 0, 0)
    }
    plan(1, 2, 'before')
    carry(5)
    plan(1, 4, 'after')
    plan(0, 9, 'first')
    kernel.run()
    expect(log).toEqual(['first', 'before', `5: ${record} to 1, kind -2`, 'after'])
  })

  test('outlive the growth of the store', () => {
    const { kernel, log, record, carry } = carrying()
    carry(5)
    for (let more = 0; more < 1000; more++) kernel.records.take()
    kernel.run()
    expect(log).toEqual([`5: ${record} to 1, kind -2`])
  })

  test('are never planned where time ends before them, and can be planned after that', () => {
    const { kernel, log, record, carry } = carrying()
    carry(2 ** 53)
    expect([kernel.pending, kernel.run()]).toEqual([0, 'idle'])
    carry(5)
    kernel.run()
    expect(log).toEqual([`5: ${record} to 1, kind -2`])
  })

  test('cannot be planned twice, of no kind, to or from nobody, in the past or at no time', () => {
    const twice = carrying()
    twice.carry(5)
    expect(complaint(() => twice.carry(6))).toContain(`record ${twice.record} is planned twice`)
    const { kernel, carry, record } = carrying()
    const plain = kernel.on(() => {})
    for (const other of [plain, 0]) {
      const no = `no such event: record ${record} is carried, of kind ${other}`
      expect(complaint(() => carry(5, 1, 0, other))).toContain(no)
    }
    for (const nobody of [3, -1]) {
      expect(complaint(() => carry(5, nobody))).toContain(`no such events: to node ${nobody} from 0 of 3`)
      expect(complaint(() => carry(5, 1, nobody))).toContain(`no such events: to node 1 from ${nobody} of 3`)
    }
    expect(complaint(() => carry(1.5))).toContain('event at 1.5 ticks: not an integer below 2^53')
    expect(complaint(() => carry(Infinity))).toContain('event at Infinity ticks: not an integer below 2^53')
    kernel.run(9)
    expect(complaint(() => carry(5))).toContain('event at 0.000005 ms is before now, 0.000009 ms')
    expect(kernel.pending).toBe(0)
    carry(9)
    kernel.run()
    expect(complaint(() => carry(9))).toContain('equals another')
  })

  test('have one carrier, which is told of all kinds', () => {
    const { kernel, log, carry, record } = carrying()
    carry(5, 1, 0, -7)
    kernel.run()
    expect(log).toEqual([`5: ${record} to 1, kind -7`])
    expect(complaint(() => kernel.carriedBy({ ...SIGHTLESS, carried: () => {} }))).toContain(
      'there are two carriers of events',
    )
    const alone = world()
    const lonely = alone.records.take()
    alone.records.address(lonely, 5, alone.keyOf(DELIVERY, 1, 0), 0)
    alone.carry(lonely, -1)
    expect(complaint(() => alone.run())).toContain('an event is carried, and nobody carries any')
  })
})
