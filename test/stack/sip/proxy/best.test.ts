import { expect, test } from 'vitest'
import { bestResponse, otherChallenges } from '../../../../stack/sip/proxy/best.ts'
import { responseOf } from '../written.ts'

function best(...statuses: number[]): number {
  return bestResponse(statuses.map((status) => responseOf(`${status} INVITE`))).status
}

test.each([
  [[486], 486],
  [[486, 603], 603], // RFC 3261 §16.7 step 6: a 6xx wins
  [[500, 404, 302], 302], // the lowest class
  [[486, 401], 401], // in the 4xx class, what tells how to do better
  [[404, 407, 420], 407], // the first of them that came
  [[408, 486], 486], // a word before silence
  [[408, 487], 487],
  [[408, 404, 486], 404],
  [[503, 500], 500],
  [[503, 408], 408],
  [[503], 503],
])('of %j the best is %i', (statuses, expected) => expect(best(...statuses)).toBe(expected))

test('a 401 takes the challenges of the others with it', () => {
  const one = responseOf('401 INVITE', 'WWW-Authenticate: Digest realm="a"')
  const other = responseOf('407 INVITE', 'Proxy-Authenticate: Digest realm="b"', 'Proxy-Authenticate: Digest realm="c"')
  const busy = responseOf('486 INVITE', 'WWW-Authenticate: Digest realm="d"')
  expect(otherChallenges([one, other, busy], one)).toEqual([
    ['Proxy-Authenticate', 'Digest realm="b"'],
    ['Proxy-Authenticate', 'Digest realm="c"'],
  ])
  expect(otherChallenges([one, busy], busy)).toEqual([])
})
