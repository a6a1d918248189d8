// The kernel's stories: who comes first, what is refused, what is left behind. For the notation of events see `planned.ts`.

import { describe, expect, test } from 'vitest'
import { DELIVERY, TIMER } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'
import { complaint } from './complaint.ts'
import { plan, world } from './planned.ts'
import { runs } from './runs.ts'

/** The order in which the events come. */
function play(...events: string[]): string[] {
  const kernel = world()
  const log: string[] = []
  for (const event of events) plan(kernel, event, () => log.push(event))
  kernel.run()
  return log
}

describe('the total order', () => {
  const orders: [string, string][] = [
    ['9 timer c', '10 fault a'],
    ['10 fault c', '10 scenario a'],
    ['10 scenario c', '10 delivery a'],
    ['10 delivery c', '10 timer a'],
    ['10 delivery a from c', '10 delivery b from a'],
    ['10 delivery c from a', '10 delivery c from b'],
    ['10 delivery c from a number 1', '10 delivery c from a number 2'],
    ['10 delivery c from a number 2', '10 delivery c from a number 10'],
    ['10 timer a number 4294967296', '10 timer a number 4294967297'],
    ['0 fault a', '0 timer a'],
    ['0 timer a', '1 fault a'],
    ['2000000000000 timer a', '2000000000001 fault a'],
    ['9007199254740990 timer a', '9007199254740991 fault a'],
  ]
  test.each(orders)('%s before %s', (first, second) => {
    expect(play(first, second)).toEqual([first, second])
    expect(play(second, first)).toEqual([first, second])
  })

  test('a handler is given its numbers, and its time', () => {
    const kernel = world()
    const log: number[] = []
    const kind = kernel.on((a, b) => log.push(kernel.now, a, b))
    kernel.schedule(7, DELIVERY, 0, 0, 0, kind, -0x80000000, 0x7fffffff)
    kernel.run()
    expect(log).toEqual([7, -0x80000000, 0x7fffffff])
  })

  test('a hundred thousand events of one instant come in order, as quickly as others', () => {
    const kernel = world()
    const log: number[] = []
    const count = runs(100_000)
    const kind = kernel.on((a) => log.push(a))
    for (let i = 0; i < count; i++) {
      const sequence = (i * 7919) % count
      kernel.schedule(5, DELIVERY, 0, 0, sequence, kind, sequence, 0)
    }
    kernel.run()
    expect(log).toEqual(Array.from({ length: count }, (_, i) => i))
  })
})

describe('bugs panic, with numbers', () => {
  const at10ms = (event: string): string => {
    const kernel = world()
    plan(kernel, '10000000 delivery b from b number 5', () => plan(kernel, event, () => {}))
    return complaint(() => kernel.run())
  }
  test.each([
    ['9000000 timer a', 'event at 9 ms is before now, 10 ms'],
    ['-1 timer a', 'event at -0.000001 ms is before now, 10 ms'],
    ['10000000.5 timer a', 'event at 10000000.5 ticks: not an integer below 2^53; now is 10 ms'],
    ['9007199254740992 timer a', 'event at 9007199254740992 ticks: not an integer below 2^53; now is 10 ms'],
    ['NaN timer a', 'event at NaN ticks: not an integer below 2^53; now is 10 ms'],
    ['Infinity timer a', 'event at Infinity ticks: not an integer below 2^53; now is 10 ms'],
    [
      '10000000 scenario c',
      'event at 10 ms (scenario, to c from c, number 0) comes before the one handled last (delivery, to b from b, number 5)',
    ],
    [
      '10000000 delivery a from c',
      'event at 10 ms (delivery, to a from c, number 0) comes before the one handled last (delivery, to b from b, number 5)',
    ],
    [
      '10000000 delivery b from a',
      'event at 10 ms (delivery, to b from a, number 0) comes before the one handled last (delivery, to b from b, number 5)',
    ],
    [
      '10000000 delivery b from b number 4',
      'event at 10 ms (delivery, to b from b, number 4) comes before the one handled last (delivery, to b from b, number 5)',
    ],
    [
      '10000000 scenario b number 5',
      'event at 10 ms (scenario, to b from b, number 5) comes before the one handled last (delivery, to b from b, number 5)',
    ],
    [
      '10000000 delivery b from a number 5',
      'event at 10 ms (delivery, to b from a, number 5) comes before the one handled last (delivery, to b from b, number 5)',
    ],
    ['10000000 delivery b from b number 5', 'event at 10 ms (delivery, to b from b, number 5) equals another'],
    ['10000000 delivery b from b number 6', 'nothing'],
    ['10000000 delivery b from c', 'nothing'],
    ['10000000 delivery c from a', 'nothing'],
    ['10000000 timer a', 'nothing'],
    ['10000001 fault a', 'nothing'],
  ])('at 10 ms: %s', (event, sentence) => expect(at10ms(event)).toBe(sentence))

  test('a timer before the one that fired', () => {
    const kernel = world()
    kernel.after(1, 5, () => kernel.after(0, 0, () => {}))
    expect(complaint(() => kernel.run())).toBe(
      'event at 0.000005 ms (timer, to a from a, number 0) comes before the one handled last (timer, to b from b, number 0)',
    )
  })

  test('an event before there are nodes', () => {
    expect(complaint(() => new Kernel().schedule(1, TIMER, 0, 0, 0, 0, 0, 0))).toBe(
      'no such event: to node 0 from 0 of 0, number 0, kind 0 of 1, a 0, b 0',
    )
  })

  test('two equal events', () => {
    expect(complaint(() => play('3000 fault a number 1', '3000 fault a number 1'))).toBe(
      'event at 0.003 ms (fault, to a from a, number 1) equals another',
    )
  })

  test.each([
    [[3, 0, 0, 0, 0, 0], 'to node 3 from 0 of 3, number 0, kind 0 of 1, a 0, b 0'],
    [[-1, 0, 0, 0, 0, 0], 'to node -1 from 0 of 3, number 0, kind 0 of 1, a 0, b 0'],
    [[0, 3, 0, 0, 0, 0], 'to node 0 from 3 of 3, number 0, kind 0 of 1, a 0, b 0'],
    [[0, -1, 0, 0, 0, 0], 'to node 0 from -1 of 3, number 0, kind 0 of 1, a 0, b 0'],
    [[0, 0, -1, 0, 0, 0], 'to node 0 from 0 of 3, number -1, kind 0 of 1, a 0, b 0'],
    [[0, 0, 0, 1, 0, 0], 'to node 0 from 0 of 3, number 0, kind 1 of 1, a 0, b 0'],
    [[0, 0, 0, -1, 0, 0], 'to node 0 from 0 of 3, number 0, kind -1 of 1, a 0, b 0'],
    [[0, 0, 0, 0, 0x80000000, 0], 'to node 0 from 0 of 3, number 0, kind 0 of 1, a 2147483648, b 0'],
    [[0, 0, 0, 0, 0, 0.5], 'to node 0 from 0 of 3, number 0, kind 0 of 1, a 0, b 0.5'],
  ])('no such event, case %#', ([destination, source, sequence, kind, a, b], sentence) => {
    expect(complaint(() => world().schedule(1, TIMER, destination!, source!, sequence!, kind!, a!, b!))).toBe(
      `no such event: ${sentence}`,
    )
  })

  const misuses: [string, (kernel: Kernel) => void, string][] = [
    ['a second ranking', (kernel) => kernel.rank(['d']), 'the nodes were ranked twice'],
    ['an unknown name', (kernel) => kernel.rankOf('d'), 'no node is named "d"'],
    ['an unknown rank', (kernel) => kernel.nextSequence(3), 'no node has the rank 3; there are 3'],
    ['a timer into the past', (kernel) => kernel.after(0, -1, () => {}), 'event at -0.000001 ms is before now, 0 ms'],
    ['a timer of nobody', (kernel) => kernel.after(9, 1, () => {}), 'no node has the rank 9; there are 3'],
    [
      'a run into the past',
      (kernel) => [2000, 1000].map((until) => kernel.run(until)),
      'run until 0.001 ms is before now, 0.002 ms',
    ],
    ['a run until nobody knows when', (kernel) => kernel.run(Number.NaN), 'run until NaN ms is before now, 0 ms'],
    ['a slice of less than nothing', (kernel) => kernel.run(1, -1), 'a slice of -1 events'],
    ['a slice of no number', (kernel) => kernel.run(1, Number.NaN), 'a slice of NaN events'],
    [
      'a run within a run',
      (kernel) => void (kernel.after(0, 1, () => kernel.run()) >= 0 && kernel.run()),
      'run was called by an event of this run',
    ],
  ]
  test.each(misuses)('%s', (_, work, sentence) => expect(complaint(() => work(world()))).toBe(sentence))

  test('names must differ', () => {
    expect(complaint(() => new Kernel().rank(['a', 'b', 'a']))).toBe('two nodes are named "a"')
  })

  test.each([0, 0.5, -1, 1e9 + 1, Number.NaN])('a tick of %d ns', (tickNs) => {
    expect(complaint(() => new Kernel({ tickNs }))).toBe(`a tick of ${tickNs} ns is not an integer from 1 to 1e9`)
  })

  test('a panic in a handler leaves the kernel fit to go on', () => {
    const kernel = world()
    const log: number[] = []
    kernel.after(0, 1, () => kernel.rankOf('nobody'))
    kernel.after(0, 2, () => log.push(kernel.now))
    expect(complaint(() => kernel.run())).toBe('no node is named "nobody"')
    expect(kernel.run()).toBe('idle')
    expect(log).toEqual([2])
  })
})

describe('names and numbers', () => {
  test('ranks follow the code units', () => {
    const kernel = new Kernel()
    kernel.rank(['b', 'a', 'É', 'Z', '\u{1f600}', '\uffee', 'a1', 'a10', 'a2'])
    const names = ['Z', 'a', 'a1', 'a10', 'a2', 'b', 'É', '\u{1f600}', '\uffee']
    expect(names.map((name) => kernel.rankOf(name))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('or the order in which they are given, where that is asked for', () => {
    const kernel = new Kernel()
    kernel.rank(['b', 'a', 'c'], true)
    expect(['b', 'a', 'c'].map((name) => kernel.rankOf(name))).toEqual([0, 1, 2])
    expect(complaint(() => new Kernel().rank(['b', 'a', 'b'], true))).toBe('two nodes are named "b"')
  })

  test('each source counts by itself', () => {
    const kernel = world()
    expect([0, 0, 1, 0, 1].map((source) => kernel.nextSequence(source))).toEqual([0, 1, 0, 2, 1])
  })

  test.each([
    [undefined, 'event at 1 ms is before now, 2 ms', 1e6],
    [1, 'event at 1 ms is before now, 2 ms', 1e6],
    [1_000_000, 'event at 1 ms is before now, 2 ms', 1],
    [1e9, 'event at 1000 ms is before now, 2000 ms', 1],
  ])('ticks of %d ns', (tickNs, sentence, unit) => {
    const kernel = new Kernel(tickNs === undefined ? {} : { tickNs })
    expect(kernel.tickNs).toBe(tickNs ?? 1)
    kernel.rank(['a'])
    kernel.run(2 * unit)
    expect(complaint(() => plan(kernel, `${unit} fault a`, () => {}))).toBe(sentence)
  })

  test('ten years of days, in ticks of a millisecond', () => {
    const kernel = new Kernel({ tickNs: 1_000_000 })
    kernel.rank(['a'])
    const day = 86_400_000
    const tick = (): void => void (kernel.now < 3650 * day && kernel.after(0, day, tick))
    kernel.after(0, day, tick)
    expect(kernel.run()).toBe('idle')
    expect([kernel.now, kernel.executed]).toEqual([3650 * day, 3650])
  })
})

describe('slices', () => {
  const steps: [string, [number?, number?], string, number, number][] = [
    ['up to and with `until`', [20], 'until', 20, 2],
    ['between events', [25], 'until', 25, 2],
    ['between ticks', [25.5], 'until', 25, 2],
    ['not at all', [Infinity, 0], 'slice', 0, 0],
    ['one event', [Infinity, 1], 'slice', 10, 1],
    ['as many as are due', [20, 2], 'until', 20, 2],
    ['one fewer', [20, 1], 'slice', 10, 1],
    ['all, and no more is due', [30, 3], 'idle', 30, 3],
    ['all, and the clock goes on', [40, 3], 'idle', 40, 3],
    ['all, and the clock stays', [], 'idle', 30, 3],
    ['nothing yet', [9], 'until', 9, 0],
    ['to the end of time', [9007199254740991], 'idle', 9007199254740991, 3],
  ]
  test.each(steps)('a run %s', (_, [until, maxEvents], end, now, executed) => {
    const kernel = world()
    for (const delay of [10, 20, 30]) kernel.after(0, delay, () => {})
    expect(kernel.run(until, maxEvents)).toBe(end)
    expect([kernel.now, kernel.executed, kernel.pending]).toEqual([now, executed, 3 - executed])
  })

  test('what comes at the instant of `until` may still follow what was handled there', () => {
    const kernel = world()
    const log: string[] = []
    plan(kernel, '10 delivery b', () => log.push('b'))
    kernel.run(10)
    kernel.run(10.5)
    expect(complaint(() => plan(kernel, '10 delivery a', () => {}))).toContain('comes before the one handled last')
    plan(kernel, '10 delivery c', () => log.push('c'))
    kernel.run(10)
    expect(log).toEqual(['b', 'c'])
  })

  test('where the clock went on alone, anything may come', () => {
    const kernel = world()
    const log: string[] = []
    plan(kernel, '9 timer c', () => log.push('timer'))
    kernel.run(10)
    plan(kernel, '10 fault a', () => log.push('fault'))
    kernel.run(10)
    expect(log).toEqual(['timer', 'fault'])
  })
})
