import { expect, test } from 'vitest'
import type { Target } from '../../../../stack/sip/location.ts'
import { parseUri, printUri } from '../../../../stack/sip/message/uri.ts'
import { TargetSet } from '../../../../stack/sip/proxy/targets.ts'

/** `sip:a@x 0.5 7`: its preference, and the port at which it was seen. */
const SEEN = new Map([1, 2].map((port) => [String(port), { address: '192.0.2.1', port }]))
function target(notation: string): Target {
  const [text = '', q = '1', seen] = notation.split(' ')
  const uri = parseUri(text)
  if (!uri.ok) throw new Error(uri.issue.expected)
  return { uri: uri.value, q: Number(q), path: [], source: SEEN.get(seen ?? '') }
}

/** The rounds in which all are tried, `later` added before the second. */
function rounds(first: string[], later: string[] = []): string {
  const set = new TargetSet(first.map(target))
  const tried: string[] = []
  const round = (): unknown =>
    tried.push(
      set
        .best(60)
        .map(({ uri }) => printUri(uri))
        .join(' '),
    )
  round()
  set.add(later.map(target))
  while (set.waits) round()
  return tried.join(' | ')
}

test.each([
  [['sip:a@x', 'sip:b@x', 'sip:c@x 0.5'], [], 'sip:a@x sip:b@x | sip:c@x'],
  [['sip:a@x', 'sip:%61@X'], [], 'sip:a@x'],
  [['sip:a@x', 'sip:a@x:5060'], [], 'sip:a@x sip:a@x:5060'],
  [['sip:a@x 1 1', 'sip:a@x 1 2', 'sip:a@x 1 1'], [], 'sip:a@x sip:a@x'], // two phones of one private address
  [['sip:a@x 1 1'], ['sip:a@x', 'sip:b@x 0.1', 'sip:c@x 0.2', 'sip:b@x'], 'sip:a@x | sip:c@x | sip:b@x'],
  [['sip:a@x', 'sip:d@x 0.1'], ['sip:b@x 0.2'], 'sip:a@x | sip:b@x | sip:d@x'],
])('%s, then %s: %s', (first, later, expected) => expect(rounds(first, later)).toBe(expected))
