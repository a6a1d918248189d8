import { fc, test as law } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { align } from '../../experiments/diff/align.ts'
import { drawDiff } from '../../experiments/diff/diff.ts'
import { findParting } from '../../experiments/diff/first.ts'
import { changesBetween } from '../../experiments/diff/settings.ts'
import type { Row } from '../../experiments/ladder/row.ts'
import type { TraceLevel } from '../../platform/trace.ts'
import { NODES, story } from './story.ts'

const trace = (text: string, level: TraceLevel = 'everything') => ({ level, records: () => story(text) })

/** The second story beside the first. */
function diff(left: string, right: string, width = 100): string {
  const [a, b] = [trace(left), trace(right)]
  const parting = findParting(a, b)
  if (parting === undefined) return 'the same'
  return `\n${drawDiff(a, b, parting, { nodes: NODES, width }).join('\n')}\n`
}

const CALL = `
  0    alice#1 sent INVITE+sdp to proxy
  5    proxy#1 delivered alice#1
  5    proxy#2 sent INVITE+sdp to bob as p <- proxy#1
  10   bob#1 delivered proxy#2
  20   bob#2 sent 200_INVITE+sdp to alice <- bob#1
  30   alice#2 delivered bob#2
  30   alice#3 sent ACK to bob <- alice#2`
const LOST = CALL.replace('10   bob#1 delivered proxy#2', '10   bob#1 lost proxy#2 queue full')
  .replace('20   bob#2', '520   bob#2')
  .replaceAll('30   alice', '530   alice')

test('two runs stand side by side from the packet on that fared differently', () => {
  expect(diff(CALL, LOST, 140)).toMatchInlineSnapshot(`
    "
    The runs are the same up to 10 ms (3 records). Then they part:

                  alice       proxy                bob                                   alice       proxy                bob
                10.0.0.1    10.0.0.2            10.0.0.3                               10.0.0.1    10.0.0.2            10.0.0.3
                    │           │                   │                                      │           │                   │
         0.005      │           │── INVITE (SDP) ──▶│                    ~      0.005      │           │── INVITE (SDP) ──✗│ queue full
         0.020      │◀─────── 200 OK (SDP) ─────────│                    ~      0.520      │◀─────── 200 OK (SDP) ─────────│
         0.030      │───────────── ACK ────────────▶│                    ~      0.530      │───────────── ACK ────────────▶│
    "
  `)
})

test('or one under the other, where there is no room', () => {
  expect(diff(CALL, LOST, 80)).toMatchInlineSnapshot(`
    "
    The runs are the same up to 10 ms (3 records). Then they part:

    first run
                    alice       proxy                bob
                  10.0.0.1    10.0.0.2            10.0.0.3
                      │           │                   │
    ~      0.005      │           │── INVITE (SDP) ──▶│
    ~      0.020      │◀─────── 200 OK (SDP) ─────────│
    ~      0.030      │───────────── ACK ────────────▶│

    second run
                    alice       proxy                bob
                  10.0.0.1    10.0.0.2            10.0.0.3
                      │           │                   │
    ~      0.005      │           │── INVITE (SDP) ──✗│ queue full
    ~      0.520      │◀─────── 200 OK (SDP) ─────────│
    ~      0.530      │───────────── ACK ────────────▶│
    "
  `)
})

test('one that ends early, and runs that differ from the start', () => {
  expect(diff(CALL, CALL.split('\n').slice(0, -1).join('\n'), 60)).toContain('<      0.030')
  expect(diff(CALL, CALL.replace('+sdp', ''))).toContain('The runs differ from the start.')
  expect(diff(CALL, CALL)).toBe('the same')
})

test('what only the higher level has is no difference', () => {
  const media = `${CALL}\n  40 alice#4 sent RTP/1 to bob\n  45 bob#3 delivered alice#4`
  expect(findParting(trace(CALL, 'signalling'), trace(media))).toBeUndefined()
  expect(findParting(trace(CALL, 'signalling'), trace(LOST))).toMatchObject({ same: 3, at: 10e6, from: 5e6 })
})

const rows = fc
  .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  .map((texts) => texts.map((text, n): Row => ({ kind: 'note', at: n, node: 'x', text, tone: 'plain', more: 0 })))

law.prop([rows, rows])('aligned rows are all of both, in order, and pairs say the same', (left, right) => {
  const aligned = align(left, right)
  expect(aligned.flatMap((pair) => pair.left ?? [])).toEqual(left)
  expect(aligned.flatMap((pair) => pair.right ?? [])).toEqual(right)
  for (const pair of aligned) {
    if (pair.left?.kind === 'note' && pair.right?.kind === 'note') expect(pair.left.text).toBe(pair.right.text)
  }
  expect(align(left, left).every((pair) => pair.left === pair.right)).toBe(true)
})

test('settings differ by path', () => {
  expect(changesBetween({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 3 }, 4], d: null })).toEqual([
    { path: 'a', left: 1, right: undefined },
    { path: 'b.1.c', left: 2, right: 3 },
    { path: 'b.2', left: undefined, right: 4 },
    { path: 'd', left: undefined, right: null },
  ])
})

law.prop([fc.jsonValue()])('no value differs from itself', (value) => {
  expect(changesBetween(value, structuredClone(value))).toEqual([])
})
