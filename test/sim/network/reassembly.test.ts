// Fragments as a forger might send them: overlapping, twice, too many. What a node makes of them, fed piece by piece.

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { TraceRecord } from '../../../platform/trace.ts'
import { Kernel } from '../../../sim/kernel/kernel.ts'
import { Endpoints } from '../../../sim/network/endpoint.ts'
import { LOOPBACK, type Node, type World } from '../../../sim/network/node.ts'
import { EMPTY, PacketPool } from '../../../sim/network/packet.ts'
import { FRAGMENT, ICMP } from '../../../sim/network/protocol.ts'
import { Reassembly, type ReassemblyOptions } from '../../../sim/network/reassembly.ts'
import { Recorder } from '../../../sim/trace/recorder.ts'
import { pattern } from './way.ts'

/** A piece: where it begins and ends, and whether others follow it. */
type Cut = readonly [from: number, to: number, more: boolean]

/** Feeds a node the pieces of a datagram of ICMP, 1 ms apart; in lines: what was whole again, what was lost. */
function feed(
  cuts: readonly Cut[],
  ipv6 = false,
  options: ReassemblyOptions = {},
  bytes: (cut: Cut) => Uint8Array = plain,
) {
  const records: TraceRecord[] = []
  const kernel = new Kernel({ tickNs: 1 })
  const recorder = new Recorder({ level: 'everything', sinks: [(one) => records.push(one)], clock: kernel })
  const endpoints = new Endpoints()
  const pool = new PacketPool(endpoints, kernel.records, () => ({ name: 'data', media: false }), true)
  kernel.rank(['a'])
  recorder.begin(['a'], pool)
  const [from, to] = [ipv6 ? '2001:db8::2' : '10.0.0.2', ipv6 ? '2001:db8::1' : '10.0.0.1'].map(
    (text) => endpoints.at(endpoints.addressId(text, 0), 0).id,
  ) as [number, number]
  const parts = { kernel, recorder, endpoints, pool, ticksPerMs: 1e6, loopbackNumber: recorder.link('loopback') }
  const world = parts as unknown as World
  const whole: Uint8Array[] = []
  const reassembly = new Reassembly(world, { name: 'a', rank: 0 } as Node, options, (packet) => {
    whole.push(pool.payload(packet))
    pool.free(packet)
  })
  const label = { name: 'fragment of data', media: false }
  const traced = { of: { node: 'a', sequence: 1 }, identification: 7 }
  const datagram = { number: 7, protocol: ICMP, length: 100, traced: undefined }
  for (const [i, cut] of cuts.entries()) {
    kernel.after(0, i * 1e6 + 1, () => {
      const [offset, , more] = cut
      const packet = pool.take(FRAGMENT, from, ipv6, to, EMPTY, bytes(cut), 0)
      pool.setPiece(packet, { whole: datagram, offset, more, label, traced: { ...traced, offset, more } })
      reassembly.take(packet, LOOPBACK)
    })
  }
  kernel.run(1e9)
  const lost = records.flatMap((one) => (one.kind === 'lost' ? [one.why] : []))
  return { whole, lost, used: pool.used, totals: recorder.totals() }
}

const plain = ([from, to]: Cut): Uint8Array => pattern(to).subarray(from)

describe('pieces that come twice or overlap', () => {
  test('a piece that comes again is lost as a copy, and does no harm', () => {
    const { whole, lost, totals } = feed([
      [0, 16, true],
      [0, 16, true],
      [16, 30, false],
    ])
    expect([whole, lost]).toEqual([[pattern(30)], ['duplicate fragment']])
    expect(totals.losses['fragment missing']).toBe(undefined)
  })

  test('in IPv4 what comes later counts (RFC 791 §3.2)', () => {
    const forged = ([from, to]: Cut): Uint8Array => new Uint8Array(to - from).fill(from)
    const { whole } = feed(
      [
        [0, 24, true],
        [8, 16, true],
        [24, 30, false],
      ],
      false,
      {},
      forged,
    )
    expect(whole).toEqual([
      Uint8Array.from([...Array(8).fill(0), ...Array(8).fill(8), ...Array(8).fill(0), ...Array(6).fill(24)]),
    ])
  })

  test('in IPv6 an overlap discards the datagram, with all that still comes of it (RFC 5722)', () => {
    const { whole, lost, totals } = feed(
      [
        [0, 24, true],
        [16, 32, true],
        [24, 30, false],
        [32, 40, true],
      ],
      true,
    )
    expect(whole).toEqual([])
    expect(lost).toEqual(Array(3).fill('overlapping fragments'))
    expect(totals.losses['fragment missing']).toBe(1)
  })

  test('what finds no room is lost', () => {
    const { whole, lost } = feed(
      [
        [0, 800, true],
        [800, 1600, true],
      ],
      false,
      { limitBytes: 1000 },
    )
    expect([whole, lost]).toEqual([[], ['no room to reassemble']])
  })
})

describe('laws', () => {
  const ends = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 })
  /** A datagram cut at multiples of 8, its pieces in some order, some of them twice. */
  const cut = ends.chain((some) => {
    const sorted = [...some].sort((x, y) => x - y)
    const pieces = sorted.map((end, i): Cut => [(sorted[i - 1] ?? 0) * 8, end * 8, i < sorted.length - 1])
    const copies = fc.subarray(pieces)
    return copies
      .chain((again) => fc.shuffledSubarray([...pieces, ...again], { minLength: pieces.length + again.length }))
      .map((order) => ({ order, bytes: sorted.at(-1)! * 8 }))
  })

  test('in whatever order and however often they come, the pieces of a datagram make it once, as it was', () => {
    fc.assert(
      fc.property(cut, fc.boolean(), ({ order, bytes }, ipv6) => {
        const { whole, used } = feed(order, ipv6)
        expect(whole[0]).toEqual(pattern(bytes))
        expect(used).toBe(0)
      }),
    )
  })

  test('without one of its pieces it is never made', () => {
    fc.assert(
      fc.property(cut, fc.nat(), fc.boolean(), ({ order }, which, ipv6) => {
        const gone = order[which % order.length]!
        expect(
          feed(
            order.filter((one) => one !== gone),
            ipv6,
          ).whole,
        ).toEqual([])
      }),
    )
  })
})
