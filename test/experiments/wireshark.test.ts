// Wireshark reads the captures of ready-made experiments: sound to the last checksum, and with our numbers.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import { experimentGiven } from '../../experiments/cli/given.ts'
import { ladderNodes } from '../../experiments/cli/print.ts'
import { linkFacts } from '../../experiments/run/links.ts'
import { runWhole } from '../../experiments/run/run.ts'
import { Statistics } from '../../experiments/statistics/statistics.ts'
import type { TraceRecord } from '../../platform/trace.ts'
import { testWithTshark, tshark } from '../tshark.ts'

/** Runs an experiment; the paths of what was captured at all nodes, and at alice. */
function capture(name: string, set: readonly string[] = []) {
  const experiment = experimentGiven(name, { set })
  const folder = mkdtempSync(join(tmpdir(), 'siptwin-'))
  const files = { all: join(folder, 'capture.pcapng'), alice: join(folder, 'alice.pcapng') }
  const chunks: Record<'all' | 'alice', Uint8Array[]> = { all: [], alice: [] }
  const directions = linkFacts(experiment.topology, [])
  const made = new Capture({
    ...{ directions, nodes: ladderNodes(experiment.topology), application: 'siptwin' },
    outputs: [
      { write: (bytes) => void chunks.all.push(bytes) },
      { node: 'alice', write: (bytes) => void chunks.alice.push(bytes) },
    ],
  })
  const statistics = new Statistics(directions)
  const records: TraceRecord[] = []
  const sinks = [made, statistics, { record: (record: TraceRecord) => void records.push(record) }]
  runWhole(
    experiment,
    'everything',
    sinks.map((sink) => (record) => sink.record(record)),
  )
  made.end()
  for (const key of ['all', 'alice'] as const) writeFileSync(files[key], Buffer.concat(chunks[key]))
  return { ...files, records, ...statistics.statistics }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')
const CHECKS = ['_ws.malformed', 'ip.checksum.status', 'udp.checksum.status', 'icmp.checksum.status', 'frame.comment']

/** Calls that lose nothing and are never late; that lose; and over links that lose, jitter by some, and let packets overtake each other. */
const CALLS: readonly (readonly [name: string, leastJitterMs: number, set: readonly string[]])[] = [
  ['basic-call', 0, []],
  ['call-at-five-percent-loss', 0, []],
  ['lost-200', 0, []],
  ['over-a-link', 2, ['topology.links.0={between: [home, internet], delay: 30 ms, jitter: 12 ms, loss: 2 %}']],
  [
    'over-a-link',
    4,
    ['topology.links.0={between: [home, internet], delay: 30 ms, jitter: {most: 24 ms, reorders: true}, loss: 3 %}'],
  ],
]

describe.each(CALLS)('%s, jitter of %d ms and more', (name, leastJitterMs, set) => {
  const check = testWithTshark()
  const run = capture(name, set)

  check(
    'nothing is malformed, no checksum is bad, every packet is there at each interface, every loss has its comment',
    () => {
      const packets = lines(tshark(run.all, '-T', 'fields', ...CHECKS.flatMap((field) => ['-e', field])))
      expect(packets.filter((line) => !/^\t[1]?\t[1]?\t[1]?(\t|$)/.test(line))).toEqual([])
      const sent = run.records.filter(({ kind }) => kind === 'sent' || kind === 'forwarded')
      const arrived = run.records.filter((record) => {
        return (
          record.kind === 'delivered' || record.kind === 'forwarded' || (record.kind === 'lost' && record.link === '')
        )
      })
      expect(packets).toHaveLength(sent.length + arrived.length)
      const lost = run.records.filter(({ kind }) => kind === 'lost')
      expect(packets.filter((line) => line.includes('lost: '))).toHaveLength(lost.length)
    },
  )

  check('at one node, RTP has our packets, loss and jitter', () => {
    const table = lines(tshark(run.alice, '-q', '-z', 'rtp,streams'))
    const streams = run.streams.filter(({ node }) => node === 'alice')
    expect(streams.length).toBeGreaterThan(0)
    for (const stream of streams) {
      expect(stream.meanJitterMs).toBeGreaterThanOrEqual(leastJitterMs)
      const ssrc = `0x${stream.stream.toString(16).toUpperCase().padStart(8, '0')}`
      const row = table.find((line) => line.includes(ssrc)) ?? ''
      const [packets, lost, , , , , , mean, max] =
        row
          .trim()
          .split(/g711[UA]\s+/)[1]
          ?.split(/\s+/) ?? []
      expect([packets, lost]).toEqual([String(stream.packets), String(stream.lost)])
      expect(Math.abs(Number(mean) - stream.meanJitterMs)).toBeLessThan(0.002)
      expect(Math.abs(Number(max) - stream.maxJitterMs)).toBeLessThan(0.002)
      const remark = run.records.find(
        (one) => one.kind === 'remark' && one.what === 'media ended' && one.id.node === 'alice',
      )
      expect(remark).toMatchObject({ details: { received: stream.packets, lost: stream.lost } })
    }
  })
})

describe('ping-through-nat', () => {
  const check = testWithTshark()
  const run = capture('ping-through-nat')

  check(
    'tshark pairs each echo with its reply and finds the round trips of the record, and all checksums are right',
    () => {
      const read = (...fields: string[]): string[] =>
        lines(tshark(run.alice, '-Y', 'icmp', '-T', 'fields', ...fields.flatMap((field) => ['-e', field])))
      expect(read('_ws.malformed', 'icmp.checksum.status').every((line) => line === '\t1')).toBe(true)
      const asked = run.records.flatMap((one) =>
        one.kind === 'remark' && one.id.node === 'alice' && one.what === 'ping answered'
          ? [Number(one.details.ms)]
          : [],
      )
      expect(
        read('icmp.resptime')
          .filter((line) => line.trim() !== '')
          .map(Number),
      ).toEqual(asked)
      expect(asked).toHaveLength(3)
    },
  )
})
