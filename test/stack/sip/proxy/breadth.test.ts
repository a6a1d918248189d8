// How far a request spreads: Max-Breadth (RFC 5393 §5).

import { fc, test as law } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { breadthOf, shareOf } from '../../../../stack/sip/proxy/breadth.ts'
import { linesOf, requestOf } from '../written.ts'
import { BOB, CAROL, type Story, tell } from './story.ts'

const BUSY = { INVITE: [[100, 486]] } as const

/** When bob and carol are invited, and what they are told of breadth; then what the caller heard last. */
function told(story: Story): string[] {
  const { ladder, alice, bob, carol } = tell({ start: 'INVITE sip:all@example.com', bob: BUSY, carol: BUSY, ...story })
  const invited = ladder
    .filter((line) => /proxy → (bob|carol): INVITE/.test(line))
    .map((line) => line.trim().replace(/ proxy → /, ' '))
  const said = [bob, carol].map(({ requests }) =>
    requests
      .filter(({ method }) => method === 'INVITE')
      .flatMap((request) => linesOf(request).filter((line) => line.startsWith('Max-Breadth'))),
  )
  return [...invited, ...said.map((lines) => lines.join(', ')), alice.heard.at(-1)!]
}

const BOTH = { users: { all: [BOB, CAROL] } }

describe('a request is forked', () => {
  test('into as many branches as there are, which share what 60 is', () => {
    expect(told(BOTH)).toEqual([
      ...['5 bob: INVITE', '5 carol: INVITE', 'Max-Breadth: 30', 'Max-Breadth: 30', '120 486 INVITE'],
    ])
  })
  test('into no more at once than it may be, the others are tried after them', () => {
    expect(told({ ...BOTH, lines: ['Max-Breadth: 1'] })).toEqual([
      ...['5 bob: INVITE', '115 carol: INVITE', 'Max-Breadth: 1', 'Max-Breadth: 1', '230 486 INVITE'],
    ])
  })
  test('unevenly where it must be', () => {
    expect(told({ ...BOTH, lines: ['Max-Breadth: 7'] })).toEqual([
      ...['5 bob: INVITE', '5 carol: INVITE', 'Max-Breadth: 4', 'Max-Breadth: 3', '120 486 INVITE'],
    ])
  })
  test('into none: 440', () => {
    expect(told({ ...BOTH, lines: ['Max-Breadth: 0'] })).toEqual(['', '', '10 440 INVITE'])
  })
})

describe('a request that goes on alone', () => {
  test.each([
    [[], []],
    [['Max-Breadth: 60'], ['Max-Breadth: 60']],
    [['Max-Breadth: 7'], ['Max-Breadth: 7']],
    [['Max-Breadth: 1000'], ['Max-Breadth: 60']],
  ])('with %j says %j', (lines, expected) => {
    const { bob } = tell({ lines })
    expect(linesOf(bob.requests[0]!).filter((line) => line.startsWith('Max-Breadth'))).toEqual(expected)
  })
})

law.prop([fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }), fc.integer({ min: 1, max: 60 }), fc.nat()])(
  'branches share what a request has: none is left out, and none has two more than another',
  (written, wanted) => {
    const request = requestOf(
      'INVITE sip:all@example.com',
      ...(written === undefined ? [] : [`Max-Breadth: ${written}`]),
    )
    const breadth = breadthOf(request)
    const branches = Math.min(wanted, breadth)
    const shares = Array.from({ length: branches }, (_, nth) => {
      const [edit] = shareOf(request, nth, branches)
      return edit !== undefined && 'set' in edit ? Number(edit.value) : (written ?? 60)
    })
    expect(breadth).toBe(Math.min(written ?? 60, 60))
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(breadth)
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(1)
  },
)
