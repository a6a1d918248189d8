// Drawn messages and descriptions are what their names say: the strict parsers take the valid and the odd, and refuse each broken one.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  brokenSdps,
  brokenSipMessages,
  oddSdps,
  oddSipMessages,
  sdps,
  sipMessages,
} from '../../../experiments/arbitraries/entrance.ts'
import { utf8Encode } from '../../../platform/text.ts'
import { parseSdp } from '../../../stack/sdp/parse.ts'
import { parseMessage } from '../../../stack/sip/message/parse.ts'

const sip = (text: string): boolean => parseMessage(utf8Encode(text)).ok
const sdp = (text: string): boolean => parseSdp(utf8Encode(text)).ok

/** Which of many drawn texts are (not) taken, by what was done to them. */
function sorted(
  some: fc.Arbitrary<{ readonly text: string; readonly what: string }>,
  taken: (text: string) => boolean,
) {
  const found = { taken: new Set<string>(), refused: new Set<string>() }
  for (const { text, what } of fc.sample(some, { numRuns: 1500, seed: 1 }))
    found[taken(text) ? 'taken' : 'refused'].add(what)
  return found
}

test('valid messages and descriptions are taken', () => {
  const taken = (parse: (bytes: Uint8Array) => { readonly ok: boolean }) => (text: string) => {
    expect(parse(utf8Encode(text))).toMatchObject({ ok: true })
  }
  fc.assert(fc.property(sipMessages(), taken(parseMessage)))
  fc.assert(fc.property(sdps(), taken(parseSdp)))
})

test.each([
  ['messages', oddSipMessages(), sip, 26],
  ['descriptions', oddSdps(), sdp, 12],
])('odd %s are taken, whatever is odd about them', (_, some, taken, kinds) => {
  const found = sorted(some, taken)
  expect([...found.refused]).toEqual([])
  expect(found.taken.size).toBe(kinds)
})

test.each([
  ['messages', brokenSipMessages(), sip, 31],
  ['descriptions', brokenSdps(), sdp, 14],
])('broken %s are refused, whatever is broken', (_, some, taken, kinds) => {
  const found = sorted(some, taken)
  expect([...found.taken]).toEqual([])
  expect(found.refused.size).toBe(kinds)
})
