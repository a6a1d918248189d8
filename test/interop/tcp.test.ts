// Wireshark reads captures of TCP: nothing malformed, no checksum bad but where bits were changed, and no complaint but those that the
// story calls for.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { Capture } from '../../experiments/captures/capture.ts'
import { type Played, play, type StageOptions } from '../sim/tcp/stage.ts'
import { testWithTshark, tshark } from '../tshark.ts'

/** What Wireshark's analysis may say of a segment. */
const FLAGS = [
  ...['retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order', 'lost_segment'],
  ...[
    'ack_lost_segment',
    'duplicate_ack',
    'zero_window',
    'zero_window_probe',
    'zero_window_probe_ack',
    'window_update',
  ],
  ...['window_full', 'keep_alive', 'keep_alive_ack', 'reused_ports'],
] as const
type Flag = (typeof FLAGS)[number]

interface Seen {
  /** How often each flag was raised. */
  readonly flags: Partial<Record<Flag, number>>
  readonly packets: number
  readonly malformed: number
  readonly badChecksums: number
  readonly comments: readonly string[]
  /** Segments with the flag RST. */
  readonly resets: number
}

/** What Wireshark sees at one node. */
function seen({ records, network }: Played, node: 'a' | 'b'): Seen {
  const file = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'tcp.pcapng')
  const chunks: Uint8Array[] = []
  const direction = (from: string, to: string) => ({ name: `a--b from ${from}`, from, to })
  const capture = new Capture({
    directions: [direction('a', 'b'), direction('b', 'a')],
    nodes: [
      { name: 'a', addresses: ['10.0.0.1'] },
      { name: 'b', addresses: ['10.0.0.2'] },
    ],
    application: 'siptwin',
    outputs: [{ node, write: (bytes) => void chunks.push(bytes) }],
  })
  for (const record of records) capture.record(record)
  capture.end()
  expect(network.inFlight).toBe(0)
  writeFileSync(file, Buffer.concat(chunks))
  const fields = [
    '_ws.malformed',
    'tcp.checksum.status',
    'frame.comment',
    'tcp.flags.reset',
    ...FLAGS.map((flag) => `tcp.analysis.${flag}`),
  ]
  const text = tshark(file, '-T', 'fields', '-E', 'separator=|', ...fields.flatMap((field) => ['-e', field]))
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|'))
  const flags: Partial<Record<Flag, number>> = {}
  for (const row of rows) {
    for (const [n, flag] of FLAGS.entries()) if (row[4 + n] !== '') flags[flag] = (flags[flag] ?? 0) + 1
  }
  return {
    flags,
    packets: rows.length,
    malformed: rows.filter((row) => row[0] !== '').length,
    badChecksums: rows.filter((row) => row[1] !== '1').length,
    comments: rows.flatMap((row) => (row[2] === '' ? [] : [row[2]!])),
    resets: rows.filter((row) => row[3] === '1' || row[3] === 'True').length,
  }
}

const OPEN = ['0 b listen', '0 a connect']
const LINK = { rateBps: 10_000_000 }

describe('Wireshark', () => {
  const check = testWithTshark()

  const stories: Record<
    string,
    { lines: string[]; options?: StageOptions; at: 'a' | 'b'; allowed: Flag[]; wanted: Flag[]; resets?: number }
  > = {
    'a plain transfer': {
      lines: [...OPEN, '50 a send 100000', '900 a close', '999 b close'],
      at: 'a',
      allowed: [],
      wanted: [],
    },
    'a plain transfer, seen by its receiver': {
      ...{ lines: [...OPEN, '50 a send 100000', '900 a close', '999 b close'], at: 'b', allowed: [], wanted: [] },
    },
    'no options at all': {
      ...{ lines: [...OPEN, '50 a send 30000', '900 a close', '999 b close'], at: 'a', allowed: [], wanted: [] },
      options: { tcp: { timestamps: false, windowScale: false, delayedAckMs: 0 } },
    },
    'one segment lost': {
      ...{ lines: [...OPEN, '50 a send 100000', '2500 a close', '2999 b close'], at: 'a' },
      ...{ options: { faults: ['drop 20 TCP data a'] }, wanted: ['duplicate_ack', 'fast_retransmission'] },
      allowed: ['duplicate_ack', 'fast_retransmission', 'retransmission'],
    },
    'one segment lost, seen by its receiver': {
      ...{ lines: [...OPEN, '50 a send 100000', '2500 a close', '2999 b close'], at: 'b' },
      ...{ options: { faults: ['drop 20 TCP data a'] }, wanted: ['duplicate_ack', 'lost_segment'] },
      allowed: ['duplicate_ack', 'lost_segment', 'fast_retransmission', 'retransmission'],
    },
    'the last segment lost: a timeout': {
      ...{ lines: [...OPEN, '50 a send 100', '2500 a close', '2999 b close'], at: 'a' },
      ...{ options: { faults: ['drop 1 TCP data a'] }, wanted: ['retransmission'], allowed: ['retransmission'] },
    },
    'segments out of order': {
      ...{ lines: [...OPEN, '50 a send 20000', '2500 a close', '2999 b close'], at: 'b' },
      ...{ options: { faults: ['late 5 TCP data a'] }, wanted: ['out_of_order'] },
      allowed: ['out_of_order', 'duplicate_ack', 'lost_segment'],
    },
    'a segment that comes twice': {
      ...{ lines: [...OPEN, '50 a send 5000', '2500 a close', '2999 b close'], at: 'b' },
      ...{ options: { faults: ['duplicate 2 TCP data a'] }, wanted: ['spurious_retransmission'] },
      allowed: ['duplicate_ack', 'spurious_retransmission', 'retransmission'],
    },
    'a program that stops reading': {
      ...{
        lines: [...OPEN, '40 b pause', '50 a send 20000', '9000 b resume', '12000 a close', '12500 b close'],
        at: 'a',
      },
      ...{
        options: { tcp: { receiveBufferBytes: 8000 } },
        wanted: ['zero_window', 'zero_window_probe', 'window_update'],
      },
      allowed: [
        'zero_window',
        'zero_window_probe',
        'zero_window_probe_ack',
        'window_update',
        'window_full',
        'duplicate_ack',
      ],
    },
    'a connection that is aborted': {
      lines: [...OPEN, '50 a send 100', '90 b send 100', '150 a abort'],
      at: 'a',
      allowed: [],
      wanted: [],
      resets: 1,
    },
    'nobody listens': { lines: ['0 a connect'], at: 'a', allowed: [], wanted: [], resets: 1 },
    'both open at once': {
      ...{ lines: ['0 a simultaneous', '0 b simultaneous', '90 a send 100', '150 a close', '200 b close'], at: 'a' },
      ...{ allowed: ['retransmission'], wanted: ['retransmission'] },
    },
    'a long silence with keep-alives': {
      ...{ lines: [...OPEN, '50 a send 100', '20000 a close', '20500 b close'], at: 'a' },
      ...{ options: { tcp: { keepAlive: true, keepAliveAfterMs: 5000 } }, wanted: ['keep_alive', 'keep_alive_ack'] },
      allowed: ['keep_alive', 'keep_alive_ack'],
    },
  }

  check.each(Object.entries(stories))('%s', (_, { lines, options, at, allowed, wanted, resets = 0 }) => {
    const played = play(lines, { link: LINK, ...options, untilMs: 3e5, tcp: { mslMs: 1000, ...options?.tcp } })
    const { flags, malformed, badChecksums, packets, ...more } = seen(played, at)
    expect(more.resets).toBe(resets)
    expect({ malformed, badChecksums }).toEqual({ malformed: 0, badChecksums: 0 })
    expect(packets).toBeGreaterThan(1)
    expect(Object.keys(flags).filter((flag) => !allowed.includes(flag as Flag))).toEqual([])
    expect(wanted.filter((flag) => flags[flag] === undefined)).toEqual([])
  })

  check('bits that were changed on the way show in the checksum, and nowhere else', () => {
    const lines = [...OPEN, '50 a send 20000', '2500 a close', '2999 b close']
    const played = play(lines, {
      link: LINK,
      faults: ['corrupt 3 TCP data a', 'corrupt 1 TCP ACK a'],
      tcp: { mslMs: 1000 },
      untilMs: 1e4,
    })
    const { badChecksums, comments, malformed } = seen(played, 'b')
    expect([badChecksums, malformed]).toEqual([2, 0])
    expect(comments.filter((one) => one.includes('bits were changed'))).toHaveLength(2)
    expect(played.heard.at(-1)).toMatch(/done/)
  })
})
