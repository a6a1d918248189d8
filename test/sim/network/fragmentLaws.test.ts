// Laws of fragments: whatever the sizes, the MTUs, the order and the copies, a datagram arrives with its bytes, or is lost with one why.

import { fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { printRecordId } from '../../../platform/trace.ts'
import { pattern, way } from './way.ts'

const mtus = (ipv6: boolean) =>
  fc.array(fc.oneof(fc.constant(0), fc.integer({ min: ipv6 ? 1280 : 68, max: 1600 })), { minLength: 1, maxLength: 4 })

const walk = fc.boolean().chain((ipv6) =>
  fc.record({
    ipv6: fc.constant(ipv6),
    mtus: mtus(ipv6),
    sizes: fc.array(fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 12_000 })), {
      minLength: 1,
      maxLength: 3,
    }),
    loss: fc.constantFrom(0, 0.02, 0.3),
    reorders: fc.boolean(),
    copies: fc.constantFrom(0, 0.2),
    discovery: fc.constantFrom('off' as const, 'on' as const),
    seed: fc.integer().map(String),
  }),
)

test('a datagram arrives with its bytes, or is lost as a whole with one why', () => {
  fc.assert(
    fc.property(walk, ({ ipv6, mtus: some, sizes, loss, reorders, copies, discovery, seed }) => {
      const { network, send, records, received } = way({
        ...{ mtus: some, ipv6, network: { seed }, a: { sending: { discovery } } },
        link: {
          ...(loss > 0 && { loss: { model: 'random', ratio: loss } }),
          ...(reorders && { jitter: { mostNs: 3e6, reorders } }),
          ...(copies > 0 && { duplication: { ratio: copies, afterNs: 5e5 } }),
        },
      })
      for (const [i, size] of sizes.entries()) send(size, i * 40_000)
      network.run()
      for (const bytes of received) {
        const sent = pattern(bytes.length)
        expect(sizes.includes(bytes.length) && bytes.every((byte, i) => byte === sent[i])).toBe(true)
      }
      const whole = records.filter((record) => 'packet' in record && record.packet.fragment === undefined)
      const sent = whole.filter((record) => record.kind === 'sent' && record.packet.protocol === 'udp')
      expect(sent).toHaveLength(sizes.length)
      for (const { id } of sent) {
        const ends = whole.filter(
          (one) =>
            (one.kind === 'delivered' || one.kind === 'lost') && printRecordId(one.packet.id) === printRecordId(id),
        )
        expect(ends.length).toBeGreaterThanOrEqual(1)
        if (copies === 0) expect(ends).toHaveLength(1)
      }
      expect(network.inFlight).toBe(0)
    }),
    { numRuns: 50 },
  )
})

test('a run of fragments is the same at every level of the record, and again', () => {
  fc.assert(
    fc.property(walk, ({ ipv6, mtus: some, sizes, loss, seed }) => {
      const digest = (level: 'counters' | 'signalling' | 'everything'): string => {
        const link = loss > 0 ? { loss: { model: 'random' as const, ratio: loss } } : {}
        const { network, send } = way({ mtus: some, ipv6, link, network: { seed, level } })
        for (const [i, size] of sizes.entries()) send(size, i * 10)
        network.run()
        return network.digests().packets
      }
      expect(digest('counters')).toBe(digest('everything'))
      expect(digest('signalling')).toBe(digest('everything'))
    }),
    { numRuns: 20 },
  )
})
