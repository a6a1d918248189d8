// Selective acknowledgments: several losses in one window cost one round trip, and nothing is sent that has arrived.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Capture } from '../../../experiments/captures/capture.ts'
import { testWithTshark, tshark } from '../../tshark.ts'
import { type Played, play } from './stage.ts'

const OPEN = ['0 b listen', '0 a connect']
/** 20 segments at once at 50 ms, and ten more at 150 ms. */
const UPLOAD = [...OPEN, '50 a send 28960', '150 a send 14480']
const TCP = { initialWindowSegments: 20, delayedAckMs: 0 }
const THREE = ['drop 3 TCP data a', 'drop 7 TCP data a', 'drop 12 TCP data a']

/** The times at which data was sent again, ms. */
function again({ records }: Played): readonly number[] {
  const seen = new Set<number>()
  return records.flatMap((one) => {
    if (one.kind !== 'sent' || one.id.node !== 'a' || !one.packet.label.name.endsWith('data')) return []
    const number = new DataView(one.packet.payload.buffer, one.packet.payload.byteOffset).getUint32(4)
    const isNew = !seen.has(number)
    seen.add(number)
    return isNew ? [] : [Math.round(one.at / 1e6)]
  })
}

/** When b had all, ms, and how often a's timer fired. */
function outcome(played: Played) {
  const heard = played.heard.filter((line) => line.includes(' b got'))
  return {
    again: again(played),
    endMs: Number.parseInt(heard.at(-1)!, 10),
    timeouts: played.steps.filter((one) => one.includes('RTO')).length,
  }
}

describe('three segments of one window are lost', () => {
  test('each is sent once more, and all within a round trip', () => {
    expect(outcome(play(UPLOAD.slice(0, 3), { tcp: TCP, faults: THREE }))).toEqual({
      again: [70, 70, 70],
      endMs: 80,
      timeouts: 0,
    })
  })

  test('without: one a round trip', () => {
    const tcp = { ...TCP, selectiveAcknowledgments: false }
    expect(outcome(play(UPLOAD.slice(0, 3), { tcp, faults: THREE }))).toEqual({
      again: [70, 90, 110],
      endMs: 120,
      timeouts: 0,
    })
  })
})

test('what was sent again is lost again: the timer fires, and what has arrived is not sent with it', () => {
  const faults = ['drop 3 TCP data a', 'drop 7 TCP data a', 'drop 21 TCP data a', 'drop 22 TCP data a']
  const { again, timeouts } = outcome(play(UPLOAD.slice(0, 3), { tcp: TCP, faults }))
  expect(again.slice(0, 2)).toEqual([70, 70])
  expect([again.length, timeouts]).toEqual([4, 1])
})

test('the last segments are lost: new ones tell of it', () => {
  expect(
    outcome(
      play([...UPLOAD.slice(0, 3), '60 a send 14480'], {
        tcp: TCP,
        faults: ['drop 19 TCP data a', 'drop 20 TCP data a'],
      }),
    ).timeouts,
  ).toBe(0)
})

test('packets that overtake each other by less than three segments are not taken for lost', () => {
  expect(
    outcome(play(UPLOAD.slice(0, 3), { tcp: TCP, faults: ['late 5 TCP data a'], link: { rateBps: 3e6 } })).again,
  ).toEqual([])
})

const check = testWithTshark()
check('Wireshark reads the options, and sees nothing that was sent in vain', () => {
  const { records } = play(UPLOAD, { tcp: TCP, faults: [...THREE, 'drop 25 TCP data a'] })
  const chunks: Uint8Array[] = []
  const directions = ['a', 'b'].map((from, n) => ({
    ...{ name: `a--b from ${from}`, from, to: 'ba'[n]!, mtuBytes: 1500, delayNs: 10e6 },
    ...{ queueKeepsOrder: true, mediumKeepsOrder: true, arriveInOrder: true },
  }))
  const nodes = ['a', 'b'].map((name, n) => ({ name, addresses: [`10.0.0.${n + 1}`] }))
  const outputs = [{ node: 'b', write: (bytes: Uint8Array) => void chunks.push(bytes) }]
  const capture = new Capture({ directions, nodes, application: 'siptwin', outputs })
  for (const record of records) capture.record(record)
  capture.end()
  const file = join(mkdtempSync(join(tmpdir(), 'siptwin-')), 'b.pcapng')
  writeFileSync(file, Buffer.concat(chunks))
  const count = (filter: string): number => tshark(file, '-Y', filter).split('\n').filter(Boolean).length
  expect(count('tcp.options.sack_perm')).toBe(2)
  expect(count('tcp.options.sack_le')).toBeGreaterThan(10)
  expect(count('tcp.analysis.spurious_retransmission or tcp.checksum.status == 0 or _ws.malformed')).toBe(0)
})
