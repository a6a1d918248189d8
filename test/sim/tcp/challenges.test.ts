// What cannot be right is not believed, but challenged, and not for ever (RFC 5961).

import { describe, expect, test } from 'vitest'
import type { FaultRule } from '../../../sim/faults/rule.ts'
import { Segment } from '../../../sim/transport/tcp/header.ts'
import { type Played, play } from './stage.ts'

const OPEN = ['0 b listen', '0 a connect']
const tcp = { timestamps: false, windowScale: false, receiveBufferBytes: 14_600, delayedAckMs: 0 }

/** The labels of what a host sends from a time on, ms. */
function sentBy(name: string, { records }: Played, fromMs: number): readonly string[] {
  return records.flatMap((one) =>
    one.kind === 'sent' && one.id.node === name && one.at >= fromMs * 1e6 ? [one.packet.label.name] : [],
  )
}

/** These acknowledgments of b's arrive at 5 s. */
const held = (...nths: readonly number[]): readonly FaultRule[] =>
  nths.map((nth) => ({ where: 'a--b from b', match: { label: 'TCP ACK', nth }, action: { holdUntilNs: 5e9 } }))

describe('an acknowledgment from long ago', () => {
  const upload = [...OPEN, '50 a send 146000']

  test('of more than a window ago is challenged (§5.2)', () => {
    expect(sentBy('a', play(upload, { tcp, faults: held(2) }), 4000)).toEqual(['TCP ACK'])
  })

  test('of within the window is old and no more', () => {
    expect(sentBy('a', play(upload, { tcp, faults: held(96) }), 4000)).toEqual([])
  })

  test('is challenged ten times in five seconds, and no more (§7)', () => {
    expect(
      sentBy('a', play(upload, { tcp, faults: held(...Array.from({ length: 20 }, (_, n) => 2 + 3 * n)) }), 4000),
    ).toHaveLength(10)
  })
})

test('keep-alives are answered, however many there are', () => {
  const often = { ...tcp, keepAlive: true, keepAliveAfterMs: 50, keepAliveEveryMs: 50, keepAliveProbes: 3 }
  const { heard } = play(OPEN, { tcp: often, untilMs: 30_000 })
  expect(heard).toEqual(['20 a connected', '30 b accepted'])
})

test('a RST that is not exactly the next number is challenged, and one that is ends the connection (§3.2)', () => {
  // The second of three segments is lost, so that the RST comes after a hole.
  const played = play([...OPEN, '50 a send 4000', '55 a abort'], { tcp, faults: ['drop 2 TCP data a'] })
  const resets = played.records.flatMap((one) => {
    if (one.kind !== 'delivered' || one.packet.label.name !== 'TCP RST') return []
    const segment = new Segment()
    segment.read(one.packet.payload, 0)
    return [`${Math.round(one.at / 1e6)} ${one.id.node}`]
  })
  expect(resets).toEqual(['65 b', '80 b'])
  expect(played.heard.at(-1)).toBe('80 b reset')
})
