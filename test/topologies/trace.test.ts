// Links driven by traces: what a real stream met on its way, from its arrivals; and that a link does the same again.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { simulatedDirection } from '../../topologies/links/simulated.ts'
import { readArrivals, readOpportunities } from '../../topologies/links/trace.ts'
import { readTopology } from '../../topologies/topology.ts'
import { readYaml } from '../../topologies/yaml/document.ts'
import { data, testWith } from '../data.ts'
import { runLink, told } from '../sim/network/queues/bench.ts'

/** Arrivals in lines: `0.02 1 160`. */
const csv = (...lines: readonly string[]): string =>
  ['t_rel_s,seq,rtp_ts,pt', ...lines.map((line) => `${line.replaceAll(' ', ',')},0`)].join('\n')

describe('arrivals', () => {
  test('are late by what they came after their timestamps, the quickest not at all', () => {
    expect(readArrivals(csv('0 1 0', '0.025 2 160', '0.041 3 320', '0.06 4 480'))).toEqual([0, 5e6, 1e6, 0])
  })
  test('tell of losses, reordering, copies and numbers that begin anew', () => {
    const read = readArrivals(
      csv('0 65534 4294967136', '0.02 65535 0', '0.062 1 320', '0.062 1 320', '0.07 0 160', '0.1 3 640'),
    )
    expect(read).toEqual(
      [0, 0, 30e6, 2e6, 'lost', 0].map((row) => (row === 'lost' ? row : expect.closeTo(row as number, -1))),
    )
  })
  test.each([
    ['seq', 'a first line that begins with t_rel_s,seq,rtp_ts, not "seq"'],
    [csv('0 1 0', '0 x 0'), 'a time in s, a sequence number and a timestamp in line 3, not "0,x,0,0"'],
    [csv('0 1 0'), 'at least two packets'],
  ])('wrong: %#', (text, expected) => expect(readArrivals(text)).toBe(expected))

  const withTraces = testWith('rtp-traces')
  withTraces('of all real streams are understood', () => {
    const index = JSON.parse(readFileSync(data('rtp-traces/INDEX.json'), 'utf8')) as { file: string; lost: number }[]
    for (const file of readdirSync(data('rtp-traces')).filter((name) => name.endsWith('.csv'))) {
      const way = readArrivals(readFileSync(data(`rtp-traces/${file}`), 'utf8'))
      if (typeof way === 'string') throw new Error(`${file}: ${way}`)
      expect(
        way.every((row) => row === 'lost' || (row >= 0 && row < 120e9)),
        file,
      ).toBe(true)
      const known = index.find((one) => one.file === file)!
      expect(way.filter((row) => row === 'lost').length, file).toBe(known.lost)
    }
  })
})

test('a link that is driven by a trace is late and loses as the stream’s way did, over and over', () => {
  const text = `nodes:
  a: { kind: host, address: 192.0.2.1/24 }
  b: { kind: host, address: 192.0.2.2/24 }
links:
  - between: [a, b]
    delay: 10 ms
    trace: |
      t_rel_s,seq,rtp_ts
      0,1,0
      0.025,2,160
      0.061,4,480
`
  const reading = readTopology(readYaml('t.yaml', text))
  if (!reading.ok) throw new Error(reading.mistakes[0]!.expected)
  const up = simulatedDirection(reading.value.links[0]!.up!)
  const packets = Array.from({ length: 6 }, (_, n) => ({ atMs: 100 * n, bytes: 100 }))
  expect(told(runLink(up, packets))).toEqual(['10', '115', 'lost on the medium', '311', '410', '515'])
})

test('opportunities are times, one a line', () => {
  expect(readOpportunities('0\n3\n3\n10\n')).toEqual([0, 3, 3, 10])
  expect(readOpportunities('5\nx')).toBe('times in ms, one a line, not "x" in line 2')
  expect(readOpportunities('0')).toBe('a last time above 0: it is when the trace begins anew')
})
