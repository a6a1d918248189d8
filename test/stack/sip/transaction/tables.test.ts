import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { flaws } from '../../machine/wholeness.ts'
import { type PlayOptions, play, TABLES, times } from './play.ts'

const RELIABLE: PlayOptions = { reliable: true }
const NAMES = Object.keys(TABLES) as (keyof typeof TABLES)[]

test.each(NAMES)('%s is whole', (name) => {
  expect(TABLES[name].table.name).toBe(name)
  expect(flaws(TABLES[name].table)).toEqual([])
})

describe('inviteClient (RFC 3261 §17.1.1, RFC 6026)', () => {
  test('nobody answers: seven INVITEs by Timer A, which T2 does not cap, then Timer B', () => {
    expect(play('inviteClient', [])).toEqual([
      '0 request → calling: send request',
      '500 A → calling: send request',
      '1500 A → calling: send request',
      '3500 A → calling: send request',
      '7500 A → calling: send request',
      '15500 A → calling: send request',
      '31500 A → calling: send request',
      '32000 B → terminated: report timeout, ended',
    ])
  })

  test('nobody answers on a reliable transport: one INVITE, and Timer B all the same', () => {
    expect(play('inviteClient', [], RELIABLE)).toEqual([
      '0 request → calling: send request',
      '32000 B → terminated: report timeout, ended',
    ])
  })

  test('a provisional response stops both A and B, for as long as it takes', () => {
    expect(
      play('inviteClient', [
        [700, '1xx'],
        [60_000, '1xx'],
        [100_000, '2xx'],
      ]),
    ).toEqual([
      '0 request → calling: send request',
      '500 A → calling: send request',
      '700 1xx → proceeding: pass response',
      '60000 1xx → proceeding: pass response',
      '100000 2xx → accepted: pass response',
      '132000 M → terminated: ended',
    ])
  })

  test('every 2xx goes up until Timer M, other final responses no more', () => {
    expect(
      play('inviteClient', [
        [100, '2xx'],
        [600, '2xx'],
        [700, '(300-699)'],
        [32_099, '2xx'],
        [32_101, '(2xx)'],
      ]),
    ).toEqual([
      '0 request → calling: send request',
      '100 2xx → accepted: pass response',
      '600 2xx → accepted: pass response',
      '32099 2xx → accepted: pass response',
      '32100 M → terminated: ended',
    ])
  })

  test('a 3xx–6xx is acknowledged each time and reported once, until Timer D', () => {
    expect(
      play('inviteClient', [
        [100, '1xx'],
        [200, '300-699'],
        [700, '300-699'],
        [800, '(2xx)'],
        [900, '(1xx)'],
        [32_199, '300-699'],
      ]),
    ).toEqual([
      '0 request → calling: send request',
      '100 1xx → proceeding: pass response',
      '200 300-699 → completed: send ACK, pass response',
      '700 300-699 → completed: send ACK',
      '32199 300-699 → completed: send ACK',
      '32200 D → terminated: ended',
    ])
  })

  test('Timer D is 0 on a reliable transport, Timer M is not', () => {
    expect(play('inviteClient', [[200, '300-699']], RELIABLE).slice(1)).toEqual([
      '200 300-699 → completed: send ACK, pass response',
      '200 D → terminated: ended',
    ])
    expect(play('inviteClient', [[200, '2xx']], RELIABLE).at(-1)).toBe('32200 M → terminated: ended')
  })

  test('a transport error ends it while calling and completed, and is no news while proceeding', () => {
    expect(play('inviteClient', [[7, 'transport error']]).at(-1)).toBe(
      '7 transport error → terminated: report transport error, ended',
    )
    expect(
      play('inviteClient', [
        [5, '300-699'],
        [7, 'transport error'],
      ]).at(-1),
    ).toBe('7 transport error → terminated: report transport error, ended')
    expect(
      play('inviteClient', [
        [5, '1xx'],
        [6, '(transport error)'],
        [7, '2xx'],
        [8, '(transport error)'],
      ]).at(-1),
    ).toBe('32007 M → terminated: ended')
  })

  test('after a CANCEL that changed nothing it is given up', () => {
    expect(
      play('inviteClient', [
        [5, '1xx'],
        [40_000, 'CANCEL unanswered'],
      ]).at(-1),
    ).toBe('40000 CANCEL unanswered → terminated: report timeout, ended')
  })

  test('with T1 = 1 s everything doubles but D, which is never under 32 s', () => {
    const slow = { timers: { t1Ms: 1000, t2Ms: 4000, t4Ms: 5000 } }
    expect(times(play('inviteClient', [], slow), 'send request')).toEqual([0, 1000, 3000, 7000, 15_000, 31_000, 63_000])
    const quick = { timers: { t1Ms: 100, t2Ms: 4000, t4Ms: 5000 } }
    expect(play('inviteClient', [], quick).at(-1)).toBe('6400 B → terminated: report timeout, ended')
    expect(play('inviteClient', [[50, '300-699']], quick).at(-1)).toBe('32050 D → terminated: ended')
    expect(play('inviteClient', [[50, '300-699']], slow).at(-1)).toBe('64050 D → terminated: ended')
  })
})

describe('nonInviteClient (RFC 3261 §17.1.2)', () => {
  test('nobody answers: eleven requests by Timer E, which T2 caps, then Timer F', () => {
    const lines = play('nonInviteClient', [])
    expect(times(lines, 'send request')).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ])
    expect(lines.at(-1)).toBe('32000 F → terminated: report timeout, ended')
  })

  test('a 1xx slows Timer E down to T2 and does not stop Timer F', () => {
    const lines = play('nonInviteClient', [[600, '1xx']])
    expect(times(lines, 'send request')).toEqual([0, 500, 1500, 5500, 9500, 13_500, 17_500, 21_500, 25_500, 29_500])
    expect(lines.at(-1)).toBe('32000 F → terminated: report timeout, ended')
  })

  test('answered: repetitions of the response are absorbed until Timer K', () => {
    expect(
      play('nonInviteClient', [
        [100, '1xx'],
        [200, '1xx'],
        [300, '200-699'],
        [400, '(200-699)'],
        [500, '(1xx)'],
      ]),
    ).toEqual([
      '0 request → trying: send request',
      '100 1xx → proceeding: pass response',
      '200 1xx → proceeding: pass response',
      '300 200-699 → completed: pass response',
      '5300 K → terminated: ended',
    ])
    expect(play('nonInviteClient', [[300, '200-699']]).at(-1)).toBe('5300 K → terminated: ended')
  })

  test('on a reliable transport: no E, the same F, K at once', () => {
    expect(play('nonInviteClient', [], RELIABLE)).toEqual([
      '0 request → trying: send request',
      '32000 F → terminated: report timeout, ended',
    ])
    expect(play('nonInviteClient', [[300, '200-699']], RELIABLE).at(-1)).toBe('300 K → terminated: ended')
  })

  test('a transport error ends it until it is answered', () => {
    const end = '7 transport error → terminated: report transport error, ended'
    expect(play('nonInviteClient', [[7, 'transport error']]).at(-1)).toBe(end)
    expect(
      play('nonInviteClient', [
        [5, '1xx'],
        [7, 'transport error'],
      ]).at(-1),
    ).toBe(end)
    expect(
      play('nonInviteClient', [
        [5, '200-699'],
        [7, '(transport error)'],
      ]).at(-1),
    ).toBe('5005 K → terminated: ended')
  })
})

describe('inviteServer (RFC 3261 §17.2.1, RFC 6026)', () => {
  test('rejected, and no ACK: the response eleven times by Timer G, then Timer H', () => {
    const lines = play('inviteServer', [[0, '300-699']])
    expect(times(lines, 'send response')).toEqual([
      0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ])
    expect(lines.at(-1)).toBe('32000 H → terminated: report timeout, ended')
    expect(play('inviteServer', [[0, '300-699']], RELIABLE)).toEqual([
      '0 request → proceeding: pass request',
      '0 300-699 → completed: send response',
      '32000 H → terminated: report timeout, ended',
    ])
  })

  test('rejected: each copy of the INVITE gets the response again, the ACK ends it, Timer I absorbs the rest', () => {
    expect(
      play('inviteServer', [
        [10, '1xx'],
        [500, 'INVITE'],
        [600, '300-699'],
        [650, '(2xx)'],
        [700, 'INVITE'],
        [1200, 'ACK'],
        [1300, '(ACK)'],
        [1400, '(INVITE)'],
        [1500, '(300-699)'],
      ]),
    ).toEqual([
      '0 request → proceeding: pass request',
      '10 1xx → proceeding: send response',
      '500 INVITE → proceeding: send response again',
      '600 300-699 → completed: send response',
      '700 INVITE → completed: send response again',
      '1100 G → completed: send response again',
      '1200 ACK → confirmed',
      '6200 I → terminated: ended',
    ])
    const reliable = play(
      'inviteServer',
      [
        [5, '300-699'],
        [9, 'ACK'],
      ],
      RELIABLE,
    )
    expect(reliable.at(-1)).toBe('9 I → terminated: ended')
  })

  test('accepted: INVITEs are absorbed, ACKs and the core’s 2xx go through, until Timer L on every transport', () => {
    const script = [
      [10, '2xx'],
      [20, 'INVITE'],
      [510, '2xx'],
      [520, 'ACK'],
      [530, '(300-699)'],
      [540, '(1xx)'],
    ] as const
    const expected = [
      '0 request → proceeding: pass request',
      '10 2xx → accepted: send response',
      '20 INVITE → accepted',
      '510 2xx → accepted: send response',
      '520 ACK → accepted: pass ACK',
      '32010 L → terminated: ended',
    ]
    expect(play('inviteServer', script)).toEqual(expected)
    expect(play('inviteServer', script, RELIABLE)).toEqual(expected)
  })

  test('a transport error is reported and ends nothing (RFC 6026 §7.1)', () => {
    const error = 'report transport error'
    const script = [
      [1, 'transport error'],
      [2, '2xx'],
      [3, 'transport error'],
    ] as const
    expect(times(play('inviteServer', script), error)).toEqual([1, 3])
    expect(
      times(
        play('inviteServer', [
          [2, '300-699'],
          [3, 'transport error'],
        ]),
        error,
      ),
    ).toEqual([3])
  })
})

describe('nonInviteServer (RFC 3261 §17.2.2, RFC 4320)', () => {
  test('answered: copies get the response again until Timer J', () => {
    expect(
      play('nonInviteServer', [
        [10, '(copy)'],
        [20, '200-699'],
        [500, 'copy'],
        [600, '(200-699)'],
      ]),
    ).toEqual([
      '0 request → trying: pass request',
      '20 200-699 → completed: send response',
      '500 copy → completed: send response again',
      '32020 J → terminated: ended',
    ])
    expect(play('nonInviteServer', [[20, '200-699']], RELIABLE).at(-1)).toBe('20 J → terminated: ended')
  })

  test('a slow answer: a 100 when the client’s Timer E has come to T2, not before', () => {
    expect(
      play('nonInviteServer', [
        [1500, '(copy)'],
        [4000, 'copy'],
        [9000, '200-699'],
      ]),
    ).toEqual([
      '0 request → trying: pass request',
      '3500 100 → proceeding: send 100',
      '4000 copy → proceeding: send response again',
      '9000 200-699 → completed: send response',
      '41000 J → terminated: ended',
    ])
  })

  test('no answer at all, in place of a 408', () => {
    expect(play('nonInviteServer', [[32_000, 'no answer']])).toEqual([
      '0 request → trying: pass request',
      '3500 100 → proceeding: send 100',
      '32000 no answer → terminated: ended',
    ])
    expect(play('nonInviteServer', [[3000, 'no answer']]).at(-1)).toBe('3000 no answer → terminated: ended')
  })

  test('a transport error is reported, and copies get the response again all the same (RFC 6026 §8.8)', () => {
    const story = (said: string, end: string) =>
      [
        [5, said],
        [7, 'transport error'],
        [9, 'copy'],
        [11, end],
      ] as const
    expect(play('nonInviteServer', story('200-699', '(200-699)')).slice(2)).toEqual([
      '7 transport error → completed: report transport error',
      '9 copy → completed: send response again',
      '32005 J → terminated: ended',
    ])
    expect(play('nonInviteServer', story('1xx', 'no answer')).slice(2)).toEqual([
      '7 transport error → proceeding: report transport error',
      '9 copy → proceeding: send response again',
      '11 no answer → terminated: ended',
    ])
    expect(
      times(
        play('nonInviteServer', [
          [7, '(transport error)'],
          [8, 'no answer'],
        ]),
        'ended',
      ),
    ).toEqual([8])
  })
})

describe('laws', () => {
  const anyPlay = fc
    .constantFrom(...NAMES)
    .chain((name) =>
      fc.tuple(
        fc.constant(name),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(...eventsOf(name))), { maxLength: 12 }),
        fc.boolean(),
      ),
    )
  law.prop([anyPlay])(
    'whatever happens, timers end by themselves and each ending is told once',
    ([name, script, reliable]) => {
      const lines = playAnything(name, script, reliable)
      expect(lines.filter((line) => line.includes('ended')).length).toBeLessThanOrEqual(1)
      expect(lines.at(-1)).not.toContain('events left')
      const last = lines.at(-1) ?? ''
      const waitsForUser = /→ (?:proceeding|trying)/.test(last) && name !== 'nonInviteClient'
      expect(last.includes('ended') || waitsForUser).toBe(true)
    },
  )
})

function eventsOf(name: keyof typeof TABLES): string[] {
  const { table } = TABLES[name]
  const timers: readonly string[] = Object.values(table.timers).flat()
  return [...new Set<string>(table.rows.map(([, event]) => event))].filter((event) => !timers.includes(event))
}

/** As `play`, whether the machine takes the events or not. */
function playAnything(
  name: keyof typeof TABLES,
  script: readonly (readonly [number, string])[],
  reliable: boolean,
): string[] {
  return play(
    name,
    script.map(([ms, event]) => [ms, `?${event}`] as const),
    { reliable },
  )
}
