// TCP goes by its host's clock, also where that changes its pace with timers under way.

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { type Played, play } from './stage.ts'

/** When a says SYN, to a host without power. */
function syns(lines: readonly string[], untilMs = 20_000): number[] {
  const { records } = play(['0 b crash', '0 a connect', ...lines], { untilMs })
  return records.flatMap((one) => (one.kind === 'sent' && one.packet.label.name === 'TCP SYN' ? [one.at / 1e6] : []))
}

const got = ({ heard }: Played): number =>
  heard.reduce((sum, line) => sum + Number(/b got (\d+)/.exec(line)?.[1] ?? 0), 0)

describe('a SYN is said again', () => {
  test.each<[string, readonly string[], readonly number[]]>([
    ['after 1 s, 2 s, 4 s, 8 s', [], [0, 1000, 3000, 7000, 15_000]],
    ['from 0.5 s on by a clock that is twice as fast', ['500 a drift 100'], [0, 750, 1750, 3750, 7750, 15_750]],
    ['by one that is half as fast', ['500 a drift -50'], [0, 1500, 5500, 13_500]],
    ['by one that is fast and right again', ['500 a drift 100', '1000 a drift 0'], [0, 750, 2500, 6500, 14_500]],
    [
      'by one that is fast while its host stands still',
      ['900 a freeze', '950 a drift 100', '2000 a thaw'],
      [0, 2000, 3000, 5000, 9000, 17_000],
    ],
  ])('%s', (_, lines, expected) => expect(syns(lines)).toEqual(expected))

  const change = fc.record({ at: fc.integer({ min: 1, max: 9000 }), percent: fc.integer({ min: -60, max: 300 }) })

  law.prop([fc.uniqueArray(change, { maxLength: 5, selector: ({ at }) => at })], { numRuns: 50 })(
    'at 1, 3, 7, 15 s by its own clock, however often that changes its pace',
    (changes) => {
      const sorted = changes.toSorted((one, other) => one.at - other.at)
      const said = syns(sorted.map(({ at, percent }) => `${at} a drift ${percent}`))
      const ownMs = (trueMs: number): number => {
        let [own, from, pace] = [0, 0, 1]
        for (const { at, percent } of sorted.filter((one) => one.at < trueMs)) {
          own += (at - from) * pace
          from = at
          pace = 1 + percent / 100
        }
        return own + (trueMs - from) * pace
      }
      for (const [nth, at] of said.entries()) expect(ownMs(at)).toBeCloseTo((2 ** nth - 1) * 1000, 3)
      expect(said.length).toBeGreaterThan(3)
    },
  )
})

test('TIME-WAIT lasts as long as the clock says', () => {
  const lines = ['0 b listen', '0 a connect', '100 a drift 100', '100 a close', '200 b close']
  const { steps } = play(lines, { tcp: { mslMs: 1000 }, untilMs: 10_000 })
  expect(steps.slice(-3)).toEqual(['210 a FIN: TIME-WAIT', '220 b ACK of FIN: CLOSED', '1210 a 2MSL: CLOSED'])
})

law.prop(
  [
    fc.array(
      fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 3000 }), fc.integer({ min: -60, max: 300 })),
      {
        maxLength: 6,
      },
    ),
    fc.nat(100),
  ],
  { numRuns: 30 },
)('all that is sent arrives, and both ends end, while the clocks of both change their pace', (changes, seed) => {
  const lines = ['0 b listen', '0 a connect', '50 a send 60000', '60 a close', '300000 b close']
  const drifts = changes.map(([who, at, percent]) => `${at} ${who} drift ${percent}`)
  const link = { loss: { model: 'random', ratio: 0.1 } } as const
  const played = play([...lines, ...drifts], { link, seed: `${seed}` })
  expect(got(played)).toBe(60_000)
  expect(played.states('a').endsWith('CLOSED') && played.states('b').endsWith('CLOSED')).toBe(true)
})
