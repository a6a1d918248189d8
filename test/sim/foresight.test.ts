// Looking ahead: where several carried events come at once, and the world says that it is large, their carrier may look at what they will need.

import { fc, it } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { D_SEQUENCE, DELIVERY } from '../../sim/kernel/event.ts'
import { Kernel } from '../../sim/kernel/kernel.ts'
import { runs } from './runs.ts'

const KIND = -1

/** A world of one node whose carrier notes what it foresees (`?7`) and what has come (`7`), by the record's place among those planned. */
function watched(isLarge: boolean, act: (what: number) => void = () => {}) {
  const kernel = new Kernel()
  kernel.rank(['a'])
  const log: string[] = []
  const places = new Map<number, number>()
  kernel.carriedBy({
    isForesightNeeded: () => isLarge,
    foresee: (record) => log.push(`?${places.get(record)}`) > 0,
    carried: (record) => {
      log.push(`${places.get(record)}`)
      act(places.get(record)!)
      kernel.records.release(record)
    },
  })
  let planned = 0
  const carry = (at: number): void => {
    const record = kernel.records.take()
    places.set(record, planned++)
    kernel.records.doubles[record * 8 + D_SEQUENCE] = kernel.nextSequence(0)
    kernel.records.address(record, at, kernel.keyOf(DELIVERY, 0, 0), 0)
    kernel.carry(record, KIND)
  }
  return { kernel, log, carry }
}

/** What it logs for `count` events of tick 5. */
function logOf(count: number, isLarge = true): string {
  const { kernel, log, carry } = watched(isLarge)
  for (let n = 0; n < count; n++) carry(5)
  kernel.run()
  return log.join(' ')
}

/** The numbers from `first` up to before `end`, each after `mark`. */
function numbers(first: number, end: number, mark = ''): string {
  return Array.from({ length: end - first }, (_, n) => `${mark}${first + n}`).join(' ')
}

describe('events that come at once are looked at before the first of them comes', () => {
  test('from four on, in their order', () => {
    expect(logOf(3)).toBe('0 1 2')
    expect(logOf(4)).toBe('?0 ?1 ?2 ?3 0 1 2 3')
    expect(logOf(7)).toBe(`${numbers(0, 7, '?')} ${numbers(0, 7)}`)
  })

  test('thirty-two of them, and the next thirty-two when the last of those comes', () => {
    const until31 = `${numbers(0, 32, '?')} ${numbers(0, 31)}`
    expect(logOf(32)).toBe(`${until31} 31`)
    expect(logOf(33)).toBe(`${until31} ?32 31 32`)
    expect(logOf(70)).toBe(
      `${until31} ${numbers(32, 64, '?')} ${numbers(31, 63)} ${numbers(64, 70, '?')} ${numbers(63, 70)}`,
    )
  })

  test('not in a small world', () => {
    expect(logOf(40, false)).toBe(numbers(0, 40))
  })

  test('but for those that nobody carries', () => {
    const { kernel, log, carry } = watched(true)
    const kind = kernel.on(() => log.push('plain'))
    for (let n = 0; n < 3; n++) {
      carry(5)
      kernel.schedule(5, DELIVERY, 0, 0, kernel.nextSequence(0), kind, 0, 0)
      kernel.after(0, 5, () => log.push('timer'))
    }
    kernel.run()
    expect(log.join(' ')).toBe('?0 ?1 ?2 0 plain 1 plain 2 plain timer timer timer')
  })

  test('once: what the last burst left to look at is not looked at in the next', () => {
    const { kernel, log, carry } = watched(true)
    for (let n = 0; n < 5; n++) carry(5)
    kernel.run(5, 4)
    for (let n = 5; n < 8; n++) carry(2000 + n)
    kernel.run()
    expect(log.join(' ')).toBe(`${numbers(0, 5, '?')} ${numbers(0, 8)}`)
  })
})

describe('looking changes nothing', () => {
  const step = fc.record({ at: fc.nat(3), count: fc.integer({ min: 1, max: 40 }), more: fc.nat(2) })

  it.prop([fc.array(step, { minLength: 1, maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 50 }))], {
    numRuns: runs(200),
  })(
    'of what comes, when, and in which order, whatever is planned and taken back meanwhile, in slices of any size',
    (steps, slices) => {
      const logOf = (isLarge: boolean, cuts: readonly number[]): string[] => {
        const timers: number[] = []
        const { kernel, log, carry } = watched(isLarge, (what) => {
          const { at, more } = steps[what % steps.length]!
          if (what < 300) for (let n = 0; n < more; n++) carry(kernel.now + 1 + at)
          if (what % 3 === 0) timers.push(kernel.after(0, at, () => log.push(`timer ${what}`)))
          if (what % 4 === 0) kernel.cancel(timers.shift()!)
          log.push(`at ${kernel.now}`)
        })
        for (const { at, count } of steps) for (let n = 0; n < count; n++) carry(1 + at)
        for (const cut of cuts) kernel.run(Number.POSITIVE_INFINITY, cut)
        kernel.run()
        return log.filter((line) => !line.startsWith('?'))
      }
      expect(logOf(true, slices)).toEqual(logOf(false, []))
    },
  )
})
