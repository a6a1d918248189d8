// What is known of the other side's blocks, against a set of numbers one by one; and which blocks it reports.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Reassembly } from '../../../sim/transport/tcp/reassembly.ts'
import { Scoreboard } from '../../../sim/transport/tcp/scoreboard.ts'

const MSS = 3
/** Numbers wrap round in the middle of it. */
const BASE = 0x7fffffff - 40
const at = (n: number): number => (BASE + n) | 0

const blocks = fc.array(fc.tuple(fc.integer({ min: -2, max: 85 }), fc.integer({ min: -1, max: 12 })), { maxLength: 25 })

describe('the scoreboard', () => {
  test('is what a set of numbers says: what is missing, lost, on its way and next', () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 80 }), (some, una, again) => {
        const board = new Scoreboard()
        const known = new Set<number>()
        const max = 80
        for (const [start, length] of some) {
          const end = start + length
          const isSound = start > 0 && length > 0 && end <= max
          const isNews = isSound && Array.from({ length }, (_, n) => start + n).some((n) => !known.has(n))
          expect(board.take(at(start), at(end), at(0), at(max))).toBe(isNews)
          if (isSound) for (let n = start; n < end; n++) known.add(n)
        }
        board.acknowledge(at(una))
        // What it says it has not, it has not: nothing else is believed either.
        if (una > 0 && known.has(una)) known.clear()
        for (const n of known) if (n < una) known.delete(n)
        const starts = [...known].filter((n) => !known.has(n - 1))
        const isLost = (n: number): boolean => {
          return starts.filter((start) => start > n).length >= 3 || [...known].filter((one) => one > n).length > 2 * MSS
        }
        const missing = Array.from({ length: max - una }, (_, n) => una + n).filter((n) => !known.has(n))
        const refilled = Math.max(una, again)
        board.begin(at(refilled))
        const pipe = missing.reduce((sum, n) => sum + (isLost(n) ? 0 : 1) + (n < refilled ? 1 : 0), 0)
        expect(board.pipe(at(una), at(max), MSS)).toBe(pipe)
        const highest = Math.max(-1, ...known)
        const next = (lost: boolean): number | undefined =>
          missing.find((n) => n >= refilled && n < highest && (!lost || isLost(n)))
        const startOf = (hopeful: boolean): number | undefined => {
          const hole = board.next(at(una), MSS, hopeful)
          return hole && (hole.start - BASE) | 0
        }
        expect([startOf(false), startOf(true)]).toEqual([next(true), next(false)])
        expect(board.isLost(MSS)).toBe(known.size > 0 && isLost(una))
        expect(board.bytesBefore(at(50))).toBe([...known].filter((n) => n < 50).length)
        board.begin(at(una - 1))
        const rescue = board.rescue(at(una), at(max), MSS)
        const tail = [max - 3, max - 2, max - 1].filter((n) => n > highest && n >= una)
        expect(rescue && [(rescue.start - BASE) | 0, (rescue.end - BASE) | 0]).toEqual(
          tail.length === 0 ? undefined : [tail[0], max],
        )
      }),
      { numRuns: 300 },
    )
  })

  test('the last hole is filled once more when all else is done, and only once in a window', () => {
    const board = new Scoreboard()
    board.take(20, 30, 0, 100)
    board.begin(20)
    expect(board.rescue(10, 100, 8)).toBeUndefined()
    expect(board.rescue(30, 100, 8)).toEqual({ start: 92, end: 100 })
    expect(board.rescue(40, 100, 8)).toBeUndefined()
  })
})

describe('the blocks that are reported', () => {
  const body = new Uint8Array(100)
  /** Pieces such as `10-20`; `!` is a FIN behind it. */
  const reported = (most: number, ...pieces: readonly string[]): string => {
    const reassembly = new Reassembly()
    let numbers: readonly number[] = []
    for (const piece of pieces) {
      const [start = 0, end = 0] = piece.split('-').map((one) => Number.parseInt(one, 10))
      reassembly.add({ sequence: start, body, at: 0, length: end - start, fin: piece.endsWith('!') })
      numbers = reassembly.blocks(most)
    }
    return numbers.reduce((text, n, index) => text + (index % 2 === 0 ? ` ${n}` : `-${n}`), '').trim()
  }

  test.each([
    ['the latest first', reported(3, '10-20', '30-40', '50-60'), '50-60 30-40 10-20'],
    ['one that has grown comes first again', reported(3, '10-20', '30-40', '50-60', '20-25'), '10-25 50-60 30-40'],
    ['three, or four', reported(3, '10-12', '20-22', '30-32', '40-42'), '40-42 30-32 20-22'],
    ['three, or four', reported(4, '10-12', '20-22', '30-32', '40-42'), '40-42 30-32 20-22 10-12'],
    ['two that have become one', reported(3, '10-20', '30-40', '50-60', '20-30'), '10-40 50-60'],
    ['what came again', reported(3, '10-20', '30-40', '12-15'), '10-20 30-40'],
    ['a FIN counts', reported(3, '10-20!'), '10-21'],
    ['a FIN alone', reported(3, '10-10!'), '10-11'],
  ])('%s', (_, found, wanted) => expect(found).toBe(wanted))
})
