import { expect, test } from 'vitest'
import {
  type PacketLabel,
  printRecordId,
  type TracedPacket,
  type TraceLevel,
  type TraceRecord,
} from '../../platform/trace.ts'
import { NO_CAUSE } from '../../sim/trace/cause.ts'
import type { PacketPool } from '../../sim/trace/pool.ts'
import { NO_LINK, Recorder } from '../../sim/trace/recorder.ts'

const INVITE: PacketLabel = { name: 'INVITE', media: false, call: 'c1' }
const RTP: PacketLabel = { name: 'RTP', media: true, stream: 7, sequence: 1 }

/** A pool of two packets: 0 is an INVITE, 1 is RTP. */
function pool(content = 'hello'): PacketPool {
  const causes = [NO_CAUSE, NO_CAUSE]
  const traced: (TracedPacket | undefined)[] = []
  const label = (packet: number): PacketLabel => (packet === 0 ? INVITE : RTP)
  return {
    label,
    piece: () => undefined,
    cause: (packet) => causes[packet] as number,
    setCause: (packet, cause) => {
      causes[packet] = cause
    },
    traced: (packet, id) => {
      traced[packet] ??= {
        ...{
          id,
          protocol: 'udp',
          source: '10.0.0.1',
          sourcePort: 5060,
          destination: '10.0.0.2',
          destinationPort: 5060,
        },
        ...{ dscp: 0, length: 33, label: label(packet), payload: new TextEncoder().encode(content) },
      } as TracedPacket
      return traced[packet]
    },
  }
}

/** A short run on three nodes, told as `time id kind what <- cause`. */
function play(level: TraceLevel, change: { content?: string; at?: number; why?: 'queue full' | 'no route' } = {}) {
  const lines: string[] = []
  const clock = { now: 0 }
  const tell = (record: TraceRecord): void => {
    const what =
      'packet' in record ? record.packet.label.name : 'machine' in record ? `${record.from}-${record.to}` : ''
    const cause = record.cause === null ? '' : ` <- ${printRecordId(record.cause)}`
    lines.push(`${record.at} ${printRecordId(record.id)} ${record.kind} ${what}${cause}`)
  }
  const recorder = new Recorder({ level, sinks: [tell], clock })
  const link = recorder.link('a--b from a')
  recorder.begin(['a', 'b', 'c'], pool(change.content))
  const a = recorder.host(0)
  const b = recorder.host(1)
  recorder.asked(0, 'call', { to: 'b' })
  a.transition('call', 'c1', 'idle', 'call', 'calling')
  recorder.sent(0, link, 0, 500, 64)
  recorder.sent(0, link, 1, 200, 64)
  recorder.cause = NO_CAUSE
  clock.now = change.at ?? 5_000_000_000
  recorder.queued(1, link, 0, 10)
  recorder.forwarded(1, link, 0, 500, 63)
  clock.now += 10
  recorder.delivered(2, link, 1, 200, 63)
  b.remark('heard')
  recorder.cause = NO_CAUSE
  recorder.lost(2, NO_LINK, 0, 500, change.why ?? 'queue full')
  return { lines, recorder }
}

test('each record is named by its node and sequence, and names its cause', () => {
  expect(play('everything').lines).toMatchInlineSnapshot(`
    [
      "0 a#1 asked ",
      "0 a#2 transition idle-calling <- a#1",
      "0 a#3 sent INVITE <- a#2",
      "0 a#4 sent RTP <- a#2",
      "5000000000 b#1 queued INVITE <- a#3",
      "5000000000 b#2 forwarded INVITE <- b#1",
      "5000000010 c#1 delivered RTP <- a#4",
      "5000000010 b#3 remark  <- c#1",
      "5000000010 c#2 lost INVITE <- b#2",
    ]
  `)
})

test('what signalling leaves out hands its cause on, and changes no name', () => {
  expect(play('signalling').lines).toMatchInlineSnapshot(`
    [
      "0 a#1 asked ",
      "0 a#2 transition idle-calling <- a#1",
      "0 a#3 sent INVITE <- a#2",
      "5000000000 b#2 forwarded INVITE <- a#3",
      "5000000010 b#3 remark  <- a#2",
      "5000000010 c#2 lost INVITE <- b#2",
    ]
  `)
})

test('counters make no record, and the same packets have the same digest at every level', () => {
  const runs = [play('counters'), play('signalling'), play('everything')]
  expect(runs[0]?.lines).toEqual([])
  const digests = runs.map(({ recorder }) => recorder.digests())
  expect(new Set(digests.map(({ packets }) => packets)).size).toBe(1)
  expect(digests.map((digest) => Object.keys(digest))).toEqual([
    ['packets'],
    ['packets', 'transitions'],
    ['packets', 'transitions', 'contents'],
  ])
  expect(digests[1]?.transitions).toBe(digests[2]?.transitions)
  expect(runs[0]?.recorder.totals()).toEqual({
    ...{ sent: 2, forwarded: 1, duplicated: 0, delivered: 1, lost: 1 },
    losses: { 'queue full': 1 },
    withheld: 0,
  })
})

test('a digest changes with what it is made of, and with nothing else', () => {
  const plain = play('everything').recorder.digests()
  const content = play('everything', { content: 'hellp' }).recorder.digests()
  expect(content.packets).toBe(plain.packets)
  expect(content.transitions).toBe(plain.transitions)
  expect(content.contents).not.toBe(plain.contents)
  for (const change of [{ at: 5_000_000_001 }, { at: 705_032_704 }, { why: 'no route' }] as const) {
    const other = play('everything', change).recorder.digests()
    expect(other.packets).not.toBe(plain.packets)
    expect(other.contents).toBe(plain.contents)
  }
})
